// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import Testing

@testable import MdevCommands

/// The command lines that clients of mdevctl 1.4 and driverctl use: every option in every form.
struct ContractTests {
  private static let noBeginning =
    "is neither a uuid nor the beginning of one (such as \(uuid), or 83b8)"

  private static let uuid = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"

  /// A command of the contract: its options with a value for each that takes one, and what else it
  /// needs so that it makes sense together with any single one of them.
  struct Row: CustomTestStringConvertible, Sendable {
    let command: [String]
    let flags: [[String]]
    let values: [([String], String)]
    var complement: [String: [String]] = [:]
    var always: [String] = []
    var testDescription: String { command.joined(separator: " ") }
  }

  static let rows = [
    Row(
      command: ["define"], flags: [["-a", "--auto"], ["-f", "--force"]],
      values: [
        (["-u", "--uuid"], uuid), (["-p", "--parent"], "mtty"), (["-t", "--type"], "mtty-2"),
        (["--jsonfile"], "/dev/stdin"),
      ], always: ["-p", "mtty"]),
    Row(
      command: ["undefine"], flags: [["-f", "--force"]],
      values: [(["-u", "--uuid"], uuid), (["-p", "--parent"], "mtty")], always: ["-u", uuid]),
    Row(
      command: ["modify"],
      flags: [
        ["-a", "--auto"], ["-m", "--manual"], ["--delattr"], ["-l", "--live"], ["-d", "--defined"],
        ["-f", "--force"],
      ],
      values: [
        (["-u", "--uuid"], uuid), (["-p", "--parent"], "matrix"), (["-t", "--type"], "t"),
        (["--addattr"], "assign_domain"), (["--value"], "0xab"), (["-i", "--index"], "3"),
        (["--jsonfile"], "/dev/stdin"),
      ],
      complement: [
        "--addattr": ["--value", "5"], "--value": ["--addattr", "a"], "-i": ["--delattr"],
        "--index": ["--delattr"], "-l": ["--jsonfile", "x"], "--live": ["--jsonfile", "x"],
        "-d": ["--auto"], "--defined": ["--auto"], "-f": ["--auto"], "--force": ["--auto"],
        "-p": ["--auto"], "--parent": ["--auto"], "-u": ["--auto"], "--uuid": ["--auto"],
      ],
      always: ["-u", uuid]),
    Row(
      command: ["start"], flags: [["-f", "--force"]],
      values: [
        (["-u", "--uuid"], uuid), (["-p", "--parent"], "mtty"), (["-t", "--type"], "mtty-2"),
        (["--jsonfile"], "/dev/stdin"),
      ], always: ["-p", "mtty"]),
    Row(
      command: ["stop"], flags: [["-f", "--force"]], values: [(["-u", "--uuid"], uuid)],
      always: ["-u", uuid]),
    Row(
      command: ["list"],
      flags: [["-d", "--defined"], ["--dumpjson", "--json"], ["-v", "--verbose"]],
      values: [(["-u", "--uuid"], uuid), (["-p", "--parent"], "mtty")]),
    Row(
      command: ["types"], flags: [["--dumpjson", "--json"]], values: [(["-p", "--parent"], "mtty")]),
    Row(
      command: ["driverctl"],
      flags: [["-v", "--verbose"], ["--noprobe"], ["--nosave", "--now-only"]],
      values: [(["-b", "--bus"], "css")], always: ["set-override", "0.0.0313", "vfio_ccw"]),
  ]

  @Test(arguments: rows)
  func `each option is understood in each form`(_ row: Row) throws {
    for names in row.flags {
      for name in names {
        try Self.expect([name], of: row, give: name, nil)
      }
    }
    for (names, value) in row.values {
      for name in names {
        for form in Self.forms(name, value) { try Self.expect(form, of: row, give: name, value) }
      }
    }
  }

  @Test(arguments: rows)
  func `a value may be joined to the end of a bundle of letters`(_ row: Row) throws {
    let letters = row.flags.flatMap { $0 }.filter { $0.utf8.count == 2 }
    for (names, value) in row.values {
      guard let name = names.first, name.utf8.count == 2 else { continue }
      for flag in letters {
        for form in Self.forms(flag + name.dropFirst(), value) {
          let words = form + Self.others(row, than: [name, flag])
          let arguments = try Self.arguments(row, words)
          #expect(arguments.text(Self.longName(name, row)) == value, "\(words)")
          #expect(arguments.has(Self.longName(flag, row)), "\(words)")
        }
      }
    }
  }

  @Test(arguments: rows)
  func `an option that is given twice is wrong usage, but for pairs of attributes`(
    _ row: Row
  ) throws {
    let flags = row.flags.flatMap { names in names.map { ([$0, $0], names) } }
    let values = row.values.flatMap { names, value in
      names.map { ([$0, value, $0, value], names) }
    }
    for (words, names) in flags + values where !["--addattr", "--value"].contains(names[0]) {
      let error = #expect(throws: ArgumentError.self) {
        try Self.arguments(row, words + Self.others(row, than: names))
      }
      #expect(error?.mistake == .repeated(option: names[names.count - 1]), "\(words)")
    }
  }

  @Test(arguments: [
    ("list -dvu\(uuid)", "mdevctl list --uuid=\(uuid) --defined --verbose"),
    ("list -du=\(uuid)", "mdevctl list --uuid=\(uuid) --defined"),
    (
      "define -afu\(uuid) -pmtty -tmtty-2",
      "mdevctl define --uuid=\(uuid) --parent=mtty --type=mtty-2 --auto --force"
    ),
    (
      "modify -u \(uuid) --addattr a --value 1 --addattr b --value= --value 3 --addattr c",
      "mdevctl modify --uuid=\(uuid) --addattr=a --addattr=b --addattr=c --value=1 --value= --value=3"
    ),
    (
      "modify --parent=P --jsonfile=/dev/stdin --uuid=\(uuid) --defined --live",
      "mdevctl modify --uuid=\(uuid) --parent=P --jsonfile=/dev/stdin --live --defined"
    ),
    (
      "modify -u \(uuid) --addattr x --value=-5",
      "mdevctl modify --uuid=\(uuid) --addattr=x --value=-5"
    ),
    ("start --parent=P --jsonfile=/dev/stdin", "mdevctl start --parent=P --jsonfile=/dev/stdin"),
    ("start-parent-mdevs mtty", "mdevctl start-parent-mdevs mtty"),
    ("modify --defined --live --jsonfile b --help", "help of mdevctl modify"),
    ("modify -u \(uuid) --value - -h", "help of mdevctl modify"),
    ("list -hV", "help of mdevctl list"), ("list -Vh", "version"),
    ("list -V", "version"), ("list -d -V", "version"), ("-V", "version"), ("--version", "version"),
    ("-V list", "version"), ("start --version", "version"), ("list --version", "version"),
    ("help modify", "help of mdevctl modify"), ("--help list", "help of mdevctl"),
    ("help start-parent-mdevs", "help of mdevctl start-parent-mdevs"),
  ])
  func `these are understood as in mdevctl 1.4`(line: String, expected: String) throws {
    #expect(try Self.outcome(line) == expected)
  }

  @Test(arguments: [
    ("", "mdevctl: a command is missing"),
    ("modify --bogus --help", "mdevctl modify: unknown option '--bogus'"),
    ("start -V", "mdevctl start: unknown option '-V'"),
    ("driver -V", "mdevctl driver: unknown option '-V'"),
    (
      "modify -u \(uuid) --addattr x --value -5",
      "mdevctl modify: VALUE is missing after '--value' "
        + "(one that begins with '-' is given as '--value=-5')"
    ),
    (
      "modify -u \(uuid) --addattr x --value --help",
      "mdevctl modify: VALUE is missing after '--value'"
    ),
    ("modify -u \(uuid) -- --help", "mdevctl modify: invalid UUID: '--help' \(noBeginning)"),
    ("modify -dx --help", "mdevctl modify: unknown option '-x'"),
    ("stop -u \(uuid) -u \(uuid)", "mdevctl stop: '--uuid' is given twice"),
    ("list --def", "mdevctl list: unknown option '--def' (did you mean '--defined'?)"),
    ("list --defined=yes", "mdevctl list: '--defined' takes no value"),
    ("list --defined=", "mdevctl list: '--defined' takes no value"),
    (
      "list --uuid=",
      "mdevctl list: invalid --uuid: '' is not a uuid "
        + "(expected one such as \(uuid))"
    ),
    ("list extra", "mdevctl list: invalid UUID: 'extra' \(noBeginning)"),
    ("list -", "mdevctl list: invalid UUID: '-' \(noBeginning)"),
    ("list -- -x", "mdevctl list: invalid UUID: '-x' \(noBeginning)"),
    ("lis", "mdevctl: unknown command 'lis' (did you mean 'list'?)"),
    ("--versio", "mdevctl: unknown option '--versio' (did you mean '--version'?)"),
    ("-- list", "mdevctl: unexpected argument 'list'"),
    ("help bogus", "mdevctl: unknown command 'bogus'"),
    ("help list extra", "mdevctl list: unknown command 'extra'"),
    ("define", "mdevctl define: a UUID or --parent is required"),
    ("start", "mdevctl start: a UUID or --parent is required"),
    ("show", "mdevctl show: DEVICE is missing"),
    ("define -u", "mdevctl define: UUID is missing after '-u'"),
    ("undefine", "mdevctl undefine: UUID is missing"),
    ("stop", "mdevctl stop: UUID is missing"),
    (
      "define -p P --jsonfile f --auto",
      "mdevctl define: --jsonfile and --auto cannot be used together"
    ),
    (
      "start -p P --jsonfile f -t T",
      "mdevctl start: --jsonfile and --type cannot be used together"
    ),
    (
      "modify -u \(uuid)",
      "mdevctl modify: nothing to modify: give --type, --auto, --manual, "
        + "--addattr, --delattr or --jsonfile"
    ),
    ("modify -u \(uuid) --live --auto", "mdevctl modify: --live needs --jsonfile"),
    ("modify -u \(uuid) --addattr a", "mdevctl modify: --addattr needs --value"),
    (
      "modify -u \(uuid) --index 99999999999 --delattr",
      "mdevctl modify: invalid --index: '99999999999' is above 4294967295"
    ),
    ("start-parent-mdevs", "mdevctl start-parent-mdevs: PARENT is missing"),
  ])
  func `these are wrong usage as in mdevctl 1.4`(line: String, expected: String) throws {
    #expect(try Self.outcome(line) == expected)
  }

  @Test(arguments: [
    ("-b css set-override 0.0.0313 vfio_ccw", "driverctl set-override --bus=css 0.0.0313 vfio_ccw"),
    ("set-override -b css 0.0.0313 vfio_ccw", "driverctl set-override --bus=css 0.0.0313 vfio_ccw"),
    (
      "--noprobe --nosave set-override pci/0 x",
      "driverctl set-override --noprobe --now-only pci/0 x"
    ),
    ("unset-override 0", "driverctl unset-override 0"),
    ("load-override 0", "driverctl load-override 0"),
    ("list-devices", "driverctl list-devices"),
    ("-v list-devices network", "driverctl list-devices --verbose network"),
    ("list-devices --debug", "driverctl list-devices --verbose"),
    ("list-overrides storage", "driverctl list-overrides storage"),
    ("-vbcss list-persisted", "driverctl list-persisted --bus=css --verbose"),
    ("--version", "version"), ("-h", "help of driverctl"),
    ("", "driverctl: a command is missing"), ("--nosave", "driverctl: a command is missing"),
    ("set-override 0", "driverctl set-override: DRIVER is missing"),
    (
      "list-devices x",
      "driverctl list-devices: invalid CLASS: 'x' is no device class (there are "
        + "all, storage, network, display, multimedia, memory, bridge, communication, system, input, "
        + "docking, processor, serial)"
    ),
    ("-x list-devices", "driverctl: unknown option '-x'"),
    ("list-device", "driverctl: unknown command 'list-device' (did you mean 'list-devices'?)"),
  ])
  func `driverctl has its commands and options`(line: String, expected: String) throws {
    #expect(try Self.outcome(line, of: DriverctlCommand.syntax) == expected)
  }

  @Test(arguments: [
    ["83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"], ["83b8f4f2509f382f3c1ee6bfe0fa1001"],
    ["{83b8f4f2-509f-382f-3c1e-e6bfe0fa1001}"], ["urn:uuid:83B8F4F2-509f-382f-3c1e-e6bfe0fa1001"],
  ])
  func `a uuid is understood in each of its forms`(forms: [String]) throws {
    for form in forms {
      for words in [["-u", form], ["-u\(form)"], ["--uuid=\(form)"]] {
        guard case .run(let arguments) = try ParsedCommand(["stop"] + words, of: RootCommand.syntax)
        else {
          Issue.record("\(words) ask for help")
          continue
        }
        #expect(try arguments.requiredUUID.description == Self.uuid)
      }
    }
  }

  // MARK: -

  /// The ways to give a value to an option, or to the last letter of several.
  private static func forms(_ name: String, _ value: String) -> [[String]] {
    name.hasPrefix("--")
      ? [[name, value], ["\(name)=\(value)"]]
      : [[name, value], ["\(name)\(value)"], ["\(name)=\(value)"]]
  }

  private static func longName(_ name: String, _ row: Row) -> String {
    (row.flags + row.values.map(\.0)).first { $0.contains(name) }?.last ?? name
  }

  /// The words that the command needs beside these options.
  private static func others(_ row: Row, than names: [String]) -> [String] {
    let needed = names.compactMap { row.complement[$0] }.first ?? []
    let isThere =
      row.always.first.map { first in
        names.contains { longName($0, row) == longName(first, row) }
      } ?? true
    return needed.filter { !names.map { longName($0, row) }.contains($0) }
      + (isThere ? [] : row.always)
  }

  private static func arguments(_ row: Row, _ words: [String]) throws -> ParsedArguments {
    let isDriverctl = row.command == ["driverctl"]
    let line = isDriverctl ? words : row.command + words
    let root = isDriverctl ? DriverctlCommand.syntax : RootCommand.syntax
    guard case .run(let arguments) = try ParsedCommand(line, of: root) else {
      throw ValueError("\(line) ask for help")
    }
    return arguments
  }

  private static func expect(
    _ form: [String], of row: Row, give name: String, _ value: String?
  ) throws {
    let words = form + others(row, than: [name])
    let arguments = try arguments(row, words)
    #expect(arguments.has(longName(name, row)), "\(words)")
    #expect(arguments.text(longName(name, row)) == value, "\(words)")
    _ = try arguments.work()
  }

  /// A line as it is understood: the command with what it is given, help, version, or the mistake.
  private static func outcome(
    _ line: String, of root: CommandSyntax = RootCommand.syntax
  ) throws -> String {
    do throws(ArgumentError) {
      switch try ParsedCommand(line.split(separator: " ").map(String.init), of: root) {
      case .help(let command): return "help of \(command.path)"
      case .version: return "version"
      case .run(let arguments):
        _ = try arguments.work()
        return ([arguments.command.path] + given(arguments)).joined(separator: " ")
      }
    } catch {
      return "\(error.command): \(error)"
    }
  }

  private static func given(_ arguments: ParsedArguments) -> [String] {
    let options = arguments.command.options.filter { arguments.has($0.name) }
    let words = options.flatMap { option in
      let values = arguments.texts(option.name)
      return values.isEmpty ? [option.name] : values.map { "\(option.name)=\($0)" }
    }
    let valued = words.filter { $0.contains("=") }
    return valued + words.filter { !$0.contains("=") }
      + arguments.command.syntax.operands.flatMap { arguments.words($0.name) }
  }
}
