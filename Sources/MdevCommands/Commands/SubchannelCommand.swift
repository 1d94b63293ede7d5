// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum SubchannelCommand {
  static let syntax = CommandSyntax(
    "subchannel", "Show the subchannel of a device, or list all I/O subchannels.",
    discussion: """
      Of one device, the subchannel is printed, and after a blank the mediated device that runs on \
      it. That works when vfio_ccw has the subchannel, too. The list shows device, subchannel, \
      driver, override and mediated device; '-' where there is none.
      """,
    examples: ["mdevctl subchannel 0.0.2b09"], options: OptionSyntax.listing(SubchannelColumns.all),
    operands: [
      OperandSyntax("DEVICE", .channelDevice, .atMostOne, help: "The device, such as 0.0.2b09.")
    ]
  ) { arguments throws(ArgumentError) in
    let device = try arguments.operand("DEVICE", BusDeviceName.init(argument:))
    let format = device == nil ? try arguments.tableFormat : try arguments.listingFormat
    return .immediate {
      let report: Output.Report =
        if let device {
          .subchannel(try Host.operations().listSubchannels.run(of: device))
        } else {
          .subchannels(try Host.operations().listSubchannels.run())
        }
      try Output.print(report, as: format)
    }
  }
}
