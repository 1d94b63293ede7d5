// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct SubchannelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "subchannel",
    abstract: "Show the subchannel of a device, or list all I/O subchannels.",
    discussion: """
      Of one device, the subchannel is printed, and after a blank the mediated device that runs on \
      it. That works when vfio_ccw has the subchannel, too. The list shows device, subchannel, \
      driver, override and mediated device; '-' where there is none.

      Example: mdevctl subchannel 0.0.2b09
      """)

  @Argument(help: "The device, such as 0.0.2b09.", transform: BusDeviceName.init(argument:))
  var device: BusDeviceName?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let report: Output.Report =
      if let device {
        .subchannel(try Host.operations().listSubchannels.run(of: device))
      } else {
        .subchannels(try Host.operations().listSubchannels.run())
      }
    try Output.print(report, as: json ? .json : .text)
  }
}
