// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct CalloutsTestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Run one script through every event that it supports.",
    discussion: """
      Shown are the command line, stdin, stdout, stderr, status and time of each call. No device \
      and no definition is changed; the event 'live' is left out, since the script would change \
      the device.

      Example: mdevctl callouts test ./my-check --parent mtty --jsonfile definition.json
      """)

  @Argument(help: "The script; it need not be installed.")
  var script: String

  @Option(
    name: .uuid, help: "Try it with this device, defined or running.",
    transform: DeviceUUID.init(argument:))
  var uuid: DeviceUUID?

  @Option(name: .parent, help: "The parent of the device.", transform: ParentName.init(argument:))
  var parent: ParentName?

  @Option(help: "Try it with the definition in this file; needs --parent.")
  var jsonfile: String?

  func validate() throws { _ = try source }

  func run() async throws {
    let trials = try await Host.operations().tryScript.run(script, on: source)
    try Output.print(.trials(trials), as: .text)
  }

  private var source: TrialSource {
    get throws {
      switch (jsonfile, parent, uuid) {
      case (let file?, let parent?, _): return .file(file, parent, uuid)
      case (_?, nil, _): throw ValidationError("--jsonfile needs --parent")
      case (nil, _, let uuid?): return .device(uuid, parent)
      case (nil, _, nil): throw ValidationError("--uuid or --jsonfile is required")
      }
    }
  }
}
