// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel

/// The listing of I/O subchannels.
package struct ListSubchannels: Sendable {
  let root: SystemRoot

  /// Lists all I/O subchannels, sorted.
  package func run() throws -> [Subchannel] {
    try ChannelSubsystem(root: root).subchannels()
  }

  /// Finds the subchannel of a device, whoever has it.
  package func run(of device: BusDeviceName) throws -> Subchannel {
    guard let subchannel = try ChannelSubsystem(root: root).subchannel(of: device) else {
      throw OperationError.drivers(.noSubchannel(device))
    }
    return subchannel
  }
}
