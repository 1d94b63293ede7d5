// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum CalloutsTestCommand {
  static let syntax = CommandSyntax(
    "test", "Run one script through every event that it supports.",
    discussion: """
      Shown are the command line, stdin, stdout, stderr, status and time of each call. No device \
      and no definition is changed; the event 'live' is left out, since the script would change \
      the device.
      """,
    examples: ["mdevctl callouts test ./my-check --parent mtty --jsonfile definition.json"],
    options: [
      .uuid("Try it with this device, defined or running."),
      .parent("The parent of the device."),
      .jsonfile("Try it with the definition in this file; needs --parent."),
    ],
    operands: [OperandSyntax("SCRIPT", .file, help: "The script; it need not be installed.")]
  ) { arguments throws(ArgumentError) in
    let script = try arguments.requiredOperand("SCRIPT")
    let source = try source(arguments)
    return .waiting {
      let trials = try await Host.operations().tryScript.run(script, on: source)
      try Output.print(.trials(trials), as: .text)
    }
  }

  private static func source(_ arguments: ParsedArguments) throws(ArgumentError) -> TrialSource {
    switch (arguments.text("--jsonfile"), try arguments.parent, try arguments.uuid) {
    case (let file?, let parent?, let uuid): return .file(file, parent, uuid)
    case (_?, nil, _): throw arguments.mistake("--jsonfile needs --parent")
    case (nil, let parent, let uuid?): return .device(uuid, parent)
    case (nil, _, nil): throw arguments.mistake("--uuid or --jsonfile is required")
    }
  }
}
