// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum PlanCommand {
  static let syntax = CommandSyntax(
    "plan", "Show what an autostart, or a boot, would do.",
    discussion: """
      With --boot, the stored drivers come first and the masks of the AP bus, then the parents, \
      then the devices defined with 'auto', each with what will come of it. Without, it is what \
      'mdevctl autostart' would do now. With columns there are the devices alone. Nothing is changed, \
      and no script is asked.
      """,
    examples: ["mdevctl plan --boot", "mdevctl plan --boot -o uuid,state"],
    options: [.flag("--boot", help: "Show what the next boot would do.")]
      + OptionSyntax.listing(PlanRow.columns)
  ) { arguments throws(ArgumentError) in
    let moment: Moment = arguments.has("--boot") ? .boot : .now
    let format = try arguments.listingFormat
    return .immediate {
      let (plan, problems) = Host.operations().planStarts.run(at: moment)
      try Output.print(.plan(plan), as: format, problems.map { Warning($0.words) })
    }
  }
}
