// SPDX-License-Identifier: Apache-2.0

import MdevArguments

/// A program that has one of everything.
enum Sample {
  static let root = CommandSyntax(
    "tool", "Do things.", discussion: "A paragraph.\n\nAnother one.",
    examples: ["tool make -u 5"],
    options: [
      .flag("--version", help: "Show the version.", role: .version),
      .flag("-V", help: "Show the version.", isHidden: true, role: .version),
    ],
    groups: [
      CommandGroup("Things", [make, look]), CommandGroup("Others", [set, old, pass]),
    ],
    requiresSubcommand: true)

  static let make = CommandSyntax(
    "make", "Make a thing.",
    examples: ["tool make --unit 7 --jsonfile /a/path/that/takes/some/room.json --add x --value y"],
    options: [
      .value(
        "-u", "--unit", takes: ValueSyntax("UNIT", .number), help: "Its unit.", isRequired: true),
      .flag("-a", "--auto", help: "By itself."),
      .flag("-v", "--verbose", "--debug", help: "With more words."),
      .value("--add", takes: ValueSyntax("NAME", .text), help: "Add it.", isRepeatable: true),
      .value("--value", takes: ValueSyntax("VALUE", .text), help: "Its value.", isRepeatable: true),
      .value(
        "--wait", takes: ValueSyntax("SECONDS", .number, isOptional: true), help: "Wait for it."),
      .value(
        "--jsonfile", takes: ValueSyntax("FILE", .file), help: "Read this file.",
        excludes: ["--auto"]),
    ],
    prepare: { _ in .immediate {} })

  static let look = CommandSyntax(
    "look", "Look at things.", examples: ["tool look"],
    groups: [CommandGroup("", [show, lookAround])], defaultSubcommand: "show")

  static let show = CommandSyntax(
    "show", "Look at some.", examples: ["tool look show a b"],
    options: [.flag("--json", help: "Print JSON.")],
    operands: [OperandSyntax("THING", .text, .any, help: "Those.")],
    prepare: { _ in .immediate {} })

  static let lookAround = CommandSyntax(
    "around", "Look at all.", examples: ["tool look around"], prepare: { _ in .immediate {} })

  static let set = CommandSyntax(
    "set", "Set something.", examples: ["tool set -b css to A B"],
    sharedOptions: [.value("-b", "--bus", takes: ValueSyntax("BUS", .bus), help: "The bus.")],
    groups: [CommandGroup("", [to])])

  static let to = CommandSyntax(
    "to", "Set it to something.", examples: ["tool set to A B"],
    options: [.flag("-n", "--dry-run", help: "Do nothing.")],
    operands: [
      OperandSyntax("DEVICE", .device(.all), help: "The device."),
      OperandSyntax("DRIVER", .driver, .atMostOne, help: "The driver."),
    ],
    prepare: { _ in .immediate {} })

  static let old = CommandSyntax(
    "old", "An old name.", examples: ["tool old"], isHidden: true,
    prepare: { _ in .immediate {} })

  static let pass = CommandSyntax(
    "pass", "Run another program.", examples: ["tool pass -- ls -l"],
    options: [.value("-p", "--profile", takes: ValueSyntax("NAME", .profile), help: "The host.")],
    operands: [OperandSyntax("COMMAND", .command, .rest, help: "The program.")],
    prepare: { _ in .immediate {} })
}

/// A command line as it is understood, in one line: the command, then options with their values,
/// then operands; or help, the version, or the mistake.
func outcome(_ line: [String], of root: CommandSyntax = Sample.root) -> String {
  do throws(ArgumentError) {
    switch try ParsedCommand(line, of: root) {
    case .help(let command): return "help of \(command.path)"
    case .version: return "version"
    case .run(let arguments):
      let options = arguments.command.options.filter { arguments.has($0.name) }.map { option in
        let values = (try? arguments.values(option.name) { $0 }) ?? []
        return values.isEmpty
          ? option.name : values.map { "\(option.name)=\($0)" }.joined(separator: " ")
      }
      let operands = arguments.command.syntax.operands.flatMap { arguments.words($0.name) }
      return ([arguments.command.path] + options + operands).joined(separator: " ")
    }
  } catch {
    return "\(error.command): \(error)"
  }
}
