// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevJSON
import MdevModel
import MdevOperations

extension Output {
  /// The kind of list of drivers.
  enum DriverListing {
    case devices, overrides
  }

  static func text(
    of devices: [ListedDriver], _ listing: DriverListing, withModel: Bool
  ) -> String {
    devices.map { line(for: $0, marked: listing == .devices, withModel: withModel) + "\n" }.joined()
  }

  /// A line of driverctl's.
  private static func line(
    for device: ListedDriver, marked: Bool, withModel: Bool
  ) -> String {
    "\(device.device.name) \(device.driver?.name ?? "(none)")"
      + (marked && device.override != nil ? " [*]" : "")
      + (withModel ? " (\(device.model ?? ""))" : "")
  }

  static func json(of devices: [ListedDriver]) -> JSONValue {
    .array(devices.map { json(of: $0) })
  }

  private static func json(of device: ListedDriver) -> JSONValue {
    .object([
      JSONValue.Member("bus", .string(device.device.bus.name)),
      JSONValue.Member("device", .string(device.device.name.name)),
      JSONValue.Member("driver", string(device.driver?.name)),
      JSONValue.Member("override", string(device.override?.name)),
      JSONValue.Member("stored", string(device.stored?.name)),
      JSONValue.Member("model", string(device.model)),
    ])
  }

  static func text(of groups: [ListedGroup]) -> String {
    groups.map { group in
      "IOMMU group \(group.number)\n"
        + group.members
        .map { "  \(line(for: $0, marked: true, withModel: $0.model != nil))\n" }.joined()
    }
    .joined()
  }

  static func json(of groups: [ListedGroup]) -> JSONValue {
    .array(
      groups.map { group in
        .object([
          JSONValue.Member("group", .integer(group.number)),
          JSONValue.Member("devices", json(of: group.members)),
        ])
      })
  }

  static func text(of subchannel: Subchannel) -> String {
    "\(subchannel.state.device.name)\(subchannel.mdev.map { " \($0)" } ?? "")\n"
  }

  static func text(of subchannels: [Subchannel]) -> String {
    table(
      of: [["DEVICE", "SUBCHANNEL", "DRIVER", "OVERRIDE", "MDEV"]]
        + subchannels.map { subchannel in
          [
            subchannel.device?.name, subchannel.state.device.name.name,
            subchannel.state.driver?.name, subchannel.state.overrideDriver?.name,
            subchannel.mdev?.description,
          ].map { $0 ?? "-" }
        })
  }

  static func json(of subchannel: Subchannel) -> JSONValue {
    .object([
      JSONValue.Member("device", string(subchannel.device?.name)),
      JSONValue.Member("subchannel", .string(subchannel.state.device.name.name)),
      JSONValue.Member("driver", string(subchannel.state.driver?.name)),
      JSONValue.Member("override", string(subchannel.state.overrideDriver?.name)),
      JSONValue.Member("mdev", string(subchannel.mdev?.description)),
    ])
  }

  /// Rows of cells in columns of one width each, two blanks between them.
  static func table(of rows: [[String]]) -> String {
    let widths = (0..<(rows.first?.count ?? 0)).map { column in
      rows.map { $0[column].utf8.count }.max() ?? 0
    }
    return rows.map { row in
      let line = zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.utf8.count + 2)
      }
      .joined()
      return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
    }
    .joined()
  }

  static func string(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}
