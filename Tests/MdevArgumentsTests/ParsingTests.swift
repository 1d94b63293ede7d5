// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import Testing

struct ParsingTests {
  @Test(arguments: [
    ("make -u 5", "tool make --unit=5"),
    ("make -u5", "tool make --unit=5"),
    ("make -u=5", "tool make --unit=5"),
    ("make --unit 5", "tool make --unit=5"),
    ("make --unit=5", "tool make --unit=5"),
    ("make -avu 5", "tool make --unit=5 --auto --verbose"),
    ("make -avu5", "tool make --unit=5 --auto --verbose"),
    ("make -avu=5", "tool make --unit=5 --auto --verbose"),
    ("make -av -u5", "tool make --unit=5 --auto --verbose"),
    ("make --debug -u5", "tool make --unit=5 --verbose"),
    ("make --unit=", "tool make --unit="),
    ("make -u=", "tool make --unit="),
    ("make -u -", "tool make --unit=-"),
    ("make -u-5", "tool make --unit=-5"),
    ("make -u=-5", "tool make --unit=-5"),
    ("make --unit=-5", "tool make --unit=-5"),
    ("make --unit=a=b", "tool make --unit=a=b"),
    ("make -ua=b", "tool make --unit=a=b"),
    ("make -uu", "tool make --unit=u"),
    ("make -u5 --", "tool make --unit=5"),
    (
      "make -u5 --add a --value 1 --add=b --value=",
      "tool make --unit=5 --add=a --add=b --value=1 --value="
    ),
  ])
  func `an option is understood in each of its forms`(line: String, expected: String) {
    #expect(outcome(words(line)) == expected)
  }

  @Test(arguments: [
    ("make -u5 --wait", "tool make --unit=5 --wait"),
    ("make --wait -u5", "tool make --unit=5 --wait"),
    ("make -u5 --wait 7", "tool make --unit=5 --wait=7"),
    ("make -u5 --wait=7", "tool make --unit=5 --wait=7"),
    ("make -u5 --wait=", "tool make --unit=5 --wait="),
  ])
  func `an option may do without its value`(line: String, expected: String) {
    #expect(outcome(words(line)) == expected)
  }

  @Test(arguments: [
    ("look", "tool look show"),
    ("look --json", "tool look show --json"),
    ("look a b", "tool look show a b"),
    ("look a --json b", "tool look show --json a b"),
    ("look show a", "tool look show a"),
    ("look around", "tool look around"),
    ("look -- around --json", "tool look show around --json"),
    ("look a around", "tool look show a around"),
    ("old", "tool old"),
  ])
  func `a subcommand is named, or is the one that is meant without a name`(
    line: String, expected: String
  ) {
    #expect(outcome(words(line)) == expected)
  }

  @Test(arguments: [
    ("set to a", "tool set to a"),
    ("set to a b", "tool set to a b"),
    ("set to -n a -b css b", "tool set to --dry-run --bus=css a b"),
    ("set -b css to a", "tool set to --bus=css a"),
    ("set -bcss to -- -a", "tool set to --bus=css -a"),
    ("set", "help of tool set"),
    ("set -b css", "help of tool set"),
  ])
  func `a shared option stands before its subcommand or behind it`(line: String, expected: String) {
    #expect(outcome(words(line)) == expected)
  }

  @Test(arguments: [
    ("pass", "tool pass"),
    ("pass -p x", "tool pass --profile=x"),
    ("pass -px -- ls -p -- --help", "tool pass --profile=x ls -p -- --help"),
    ("pass -px ls -p y --help", "tool pass --profile=x ls -p y --help"),
    ("pass -- --profile", "tool pass --profile"),
    ("pass --", "tool pass"),
  ])
  func `words for another program are handed on as they are`(line: String, expected: String) {
    #expect(outcome(words(line)) == expected)
  }

  @Test(arguments: [
    ("--help", "help of tool"), ("-h", "help of tool"), ("help", "help of tool"),
    ("help make", "help of tool make"), ("help set to", "help of tool set to"),
    ("help --help", "help of tool"), ("help old", "help of tool old"),
    ("--help --bogus", "help of tool"), ("-hx", "help of tool"), ("--help make", "help of tool"),
    ("make --help", "help of tool make"), ("make -ah", "help of tool make"),
    ("make -a --jsonfile b --help", "help of tool make"),
    ("make -u nonsense --help --bogus", "help of tool make"),
    ("look --help", "help of tool look"), ("look --json -h", "help of tool look show"),
    ("--version", "version"), ("-V", "version"), ("-V make", "version"),
    ("--version --bogus", "version"), ("-Vx", "version"),
  ])
  func `help and version are for who asks before a mistake`(line: String, expected: String) {
    #expect(outcome(words(line)) == expected)
  }

  @Test(arguments: [
    ("make -u5 --bogus --help", "tool make: unknown option '--bogus'"),
    ("make -ax --help", "tool make: unknown option '-x'"),
    ("make -u --help", "tool make: UNIT is missing after '-u'"),
    ("make x --help", "tool make: unexpected argument 'x'"),
    ("make -- --help", "tool make: unexpected argument '--help'"),
    ("make -V", "tool make: unknown option '-V'"),
    ("make --help=now", "tool make: '--help' takes no value"),
    ("frob --help", "tool: unknown command 'frob'"),
    ("help frob", "tool: unknown command 'frob'"),
    ("help make extra", "tool make: unknown command 'extra'"),
    ("help --bogus", "tool: unknown option '--bogus'"),
    ("set help", "tool set: unknown command 'help'"),
  ])
  func `a mistake counts more than the help behind it`(line: String, expected: String) {
    #expect(outcome(words(line)) == expected)
  }

  @Test(arguments: [
    ("", "tool: a command is missing"),
    ("-- make", "tool: unexpected argument 'make'"),
    ("- -u5", "tool: unknown command '-'"),
    ("make", "tool make: --unit is required"),
    ("make -u", "tool make: UNIT is missing after '-u'"),
    ("make -au", "tool make: UNIT is missing after '-u'"),
    ("make --unit", "tool make: UNIT is missing after '--unit'"),
    ("make --unit --", "tool make: UNIT is missing after '--unit'"),
    ("make --unit --auto", "tool make: UNIT is missing after '--unit'"),
    ("make -u -a", "tool make: UNIT is missing after '-u'"),
    ("make -u --wait=5", "tool make: UNIT is missing after '-u'"),
    (
      "make -u5 --value -5",
      "tool make: VALUE is missing after '--value' "
        + "(one that begins with '-' is given as '--value=-5')"
    ),
    ("make -u -5", "tool make: UNIT is missing after '-u'"),
    ("make -u5 --value -a", "tool make: VALUE is missing after '--value'"),
    ("make --auto=yes", "tool make: '--auto' takes no value"),
    ("make --auto=", "tool make: '--auto' takes no value"),
    ("make -a=yes", "tool make: '-a' takes no value"),
    ("make -u5 -u6", "tool make: '--unit' is given twice"),
    ("make -u5 --unit=5", "tool make: '--unit' is given twice"),
    ("make -u5 -av --auto", "tool make: '--auto' is given twice"),
    ("make -u5 --debug -v", "tool make: '--verbose' is given twice"),
    ("make -u5 --wait --wait", "tool make: '--wait' is given twice"),
    ("make -u5 extra", "tool make: unexpected argument 'extra'"),
    ("make -u5 -", "tool make: unexpected argument '-'"),
    ("set -b css -b ap to x", "tool set: '--bus' is given twice"),
    ("set -b css to x -b ap", "tool set to: '--bus' is given twice"),
    ("set to", "tool set to: DEVICE is missing"),
    ("set to a b c", "tool set to: unexpected argument 'c'"),
    ("set -n to a", "tool set: unknown option '-n'"),
    ("make -é", "tool make: unknown option '-é'"),
    ("make -é5", "tool make: unknown option '-é'"),
  ])
  func `a mistake is named, and the command that it is about`(line: String, expected: String) {
    #expect(outcome(words(line)) == expected)
  }

  @Test func `an empty word is a word`() {
    #expect(outcome([""]) == "tool: unknown command ''")
    #expect(outcome(["make", "-u", ""]) == "tool make --unit=")
    #expect(outcome(["make", "-u5", ""]) == "tool make: unexpected argument ''")
    #expect(outcome(["look", ""]) == "tool look show ")
  }

  @Test(arguments: [
    ("mkae", ["make"]), ("lo", ["look"]), ("pas", ["pass"]), ("sett", ["set"]), ("xyz", []),
    ("olt", []), ("LOOK", []),
  ])
  func `a command that is nearly right is suggested`(word: String, alike: [String]) {
    #expect(mistake([word]) == .unknownCommand(word, alike: alike))
  }

  @Test(arguments: [
    ("--unti", ["--unit"]), ("--jsonfiel", ["--jsonfile"]), ("--jso", ["--jsonfile"]),
    ("--ver", ["--verbose"]), ("--values", ["--value"]), ("--frobnicate", []), ("-x", []),
    ("--debgu=5", ["--debug"]),
  ])
  func `an option that is nearly right is suggested`(word: String, alike: [String]) {
    let name = String(word.prefix { $0 != "=" })
    #expect(mistake(["make", word]) == .unknownOption(name, alike: alike))
  }

  /// The words between blanks.
  private func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

  private func mistake(_ words: [String]) -> ArgumentError.Mistake? {
    let error = #expect(throws: ArgumentError.self) {
      _ = try ParsedCommand(words, of: Sample.root)
    }
    return error?.mistake
  }
}
