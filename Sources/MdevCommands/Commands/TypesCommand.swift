// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct TypesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "types",
    abstract: "List the types of mediated devices that parents offer.",
    discussion: """
      The number of available instances is what the kernel reports now; types of one parent may \
      share it.

      Example: mdevctl types --parent mtty
      """)

  @Option(
    name: .parent, help: "List the types of this parent only.",
    transform: ParentName.init(argument:))
  var parent: ParentName?

  @Flag(help: "Print JSON.")
  var dumpjson = false

  func run() throws {
    let types = try Host.operations().listTypes.run(of: parent)
    try Output.print(.types(types.value), as: dumpjson ? .json : .text, types.warnings)
  }
}
