// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct CalloutsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the scripts, what they serve, and why one is not run.",
    discussion: """
      Each callout is asked about the types that parents offer now. Of several that serve a type, \
      the first is called.

      Example: mdevctl callouts list --type vfio_ap-passthrough
      """)

  @Option(name: .type, help: "Ask about this type only.", transform: TypeName.init(argument:))
  var type: TypeName?

  @Option(
    name: .parent, help: "Ask about the types of this parent only.",
    transform: ParentName.init(argument:))
  var parent: ParentName?

  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    let scripts = try await Host.operations().surveyScripts.run(serving: type, on: parent)
    try Output.print(.scripts(scripts.value), as: json ? .json : .text, scripts.warnings)
  }
}
