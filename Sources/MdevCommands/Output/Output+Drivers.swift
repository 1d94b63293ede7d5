// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevJSON
import MdevModel
import MdevOperations

/// The columns of lists of drivers.
enum DriverColumns {
  static let all: [Column<ListedDriver>] =
    [
      Column("device", "The device, as 'driver set' takes it.") { "\($0.device)" }
    ] + details

  /// All but its name.
  static let details: [Column<ListedDriver>] = [
    Column("driver", "The driver that has it.") { $0.driver?.name ?? "" },
    Column("override", "The driver that it is reserved for.") { $0.override?.name ?? "" },
    Column("stored", "The driver that is stored for it.", isUsual: false) { $0.stored?.name ?? "" },
    Column("model", "What the hardware database calls it.", .freeText, isUsual: false) {
      $0.model ?? ""
    },
  ]
}

/// A device of an IOMMU group in the listing of these.
struct GroupRow {
  let group: ListedGroup
  let member: ListedDriver

  static let columns: [Column<GroupRow>] = [
    Column("group", "The number of the group.", .number) { "\($0.group.number)" },
    Column("device", "The device, as 'driver set' takes it.") { "\($0.member.device)" },
    Column("driver", "The driver that has it.") { $0.member.driver?.name ?? "" },
    Column("override", "The driver that it is reserved for.") { $0.member.override?.name ?? "" },
    Column("model", "What the hardware database calls it.", .freeText) { $0.member.model ?? "" },
  ]
}

/// The columns of the list of subchannels.
enum SubchannelColumns {
  static let all: [Column<Subchannel>] = [
    Column("device", "The channel device.") { $0.device?.name ?? "" },
    Column("subchannel", "Its subchannel, which is the parent of mediated devices.") {
      $0.state.device.name.name
    },
    Column("driver", "The driver that has the subchannel.") { $0.state.driver?.name ?? "" },
    Column("override", "The driver that it is reserved for.") {
      $0.state.overrideDriver?.name ?? ""
    },
    Column("uuid", "The mediated device that runs on it.") { $0.mdev.map { "\($0)" } ?? "" },
  ]
}

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

  static func table(of devices: [ListedDriver], in style: TableStyle) -> Table {
    DriverColumns.all.table(
      of: devices, in: style,
      summary: summary(
        devices.count, "device",
        ", \(devices.count { $0.override != nil }) reserved for a driver"))
  }

  static func table(of groups: [ListedGroup], in style: TableStyle) -> Table {
    let rows = groups.flatMap { group in
      group.members.map { GroupRow(group: group, member: $0) }
    }
    return GroupRow.columns.table(
      of: rows, in: style,
      summary: summary(groups.count, "group", " with \(count(rows.count, "device"))"))
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

  static func table(of subchannels: [Subchannel], in style: TableStyle) -> Table {
    SubchannelColumns.all.table(
      of: subchannels, in: style,
      summary: summary(
        subchannels.count, "subchannel",
        ", \(subchannels.count { $0.mdev != nil }) with a mediated device"))
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

  static func string(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}
