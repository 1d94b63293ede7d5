// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevOperations

enum RecoverCommand {
  static let syntax = CommandSyntax(
    "recover", "Finish or undo a change that was interrupted.",
    discussion: """
      A change of a driver, of the masks of the AP bus or of a running device with its definition \
      is made in two places: in force now, and stored for the next boot. If the program was \
      killed between the two, this stores what is in force, or brings back what was there before. \
      The next change of that kind does it as well, and 'mdevctl check' names what was interrupted.
      """,
    examples: ["mdevctl recover"]
  ) { _ in
    .waiting {
      let finished = try await Host.operations().finishChange.run()
      try Output.print(.lines(finished.map(\.words)), as: .text)
    }
  }
}
