// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import Testing

struct HelpTests {
  private static let make = PlacedCommand(root: Sample.root).subcommand(named: "make")

  @Test func `the help of a command has its usage, its options and examples to paste`() {
    #expect(
      Self.make?.help == """
        Usage: tool make --unit UNIT [OPTION]...

        Make a thing.

        Options:
          -u, --unit UNIT         Its unit.
          -a, --auto              By itself.
          -v, --verbose, --debug  With more words.
              --add NAME          Add it.
              --value VALUE       Its value.
              --wait [SECONDS]    Wait for it.
              --jsonfile FILE     Read this file.
          -h, --help              Show this help.

        Example:
          tool make --unit 7 --jsonfile /a/path/that/takes/some/room.json --add x \\
              --value y

        """)
  }

  @Test func `the help of a program lists its commands by subject`() {
    #expect(
      PlacedCommand(root: Sample.root).help == """
        Usage: tool COMMAND [ARGUMENT]...

        Do things.

        A paragraph.

        Another one.

        Things:
          make  Make a thing.
          look  Look at things.

        Others:
          set   Set something.
          pass  Run another program.

        Options:
              --version  Show the version.
          -h, --help     Show this help.

        Example:
          tool make -u 5

        """)
  }

  @Test func `without a command the commands are listed`() {
    let error = #expect(throws: ArgumentError.self) { _ = try ParsedCommand([], of: Sample.root) }
    #expect(
      error?.lines == [
        "Usage: tool COMMAND [ARGUMENT]...", "", "Things:", "  make  Make a thing.",
        "  look  Look at things.", "", "Others:", "  set   Set something.",
        "  pass  Run another program.", "", "See 'tool --help' and 'tool COMMAND --help'.",
      ])
  }

  @Test(arguments: [
    (["make"], "Usage: tool make --unit UNIT [OPTION]..."),
    (["look"], "Usage: tool look [COMMAND] [ARGUMENT]..."),
    (["look", "show"], "Usage: tool look show [--json] [THING]..."),
    (["set"], "Usage: tool set [OPTION]... COMMAND [ARGUMENT]..."),
    (["set", "to"], "Usage: tool set to [--dry-run] [--bus BUS] DEVICE [DRIVER]"),
    (["pass"], "Usage: tool pass [--profile NAME] [-- COMMAND...]"),
  ])
  func `the usage is one line of at most 80 columns`(path: [String], expected: String) {
    var command: PlacedCommand? = PlacedCommand(root: Sample.root)
    for name in path { command = command?.subcommand(named: name) }
    #expect(command?.usage == expected)
  }
}
