// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevJSON
import MdevModel
import MdevOperations

/// The columns of lists of drivers.
enum DriverColumns {
  static let all = [device, driver, override, stored] + hardware.map { $0.unusual }

  fileprivate static let device = Column<ListedDriver>(
    "device", "The device, as 'driver set' takes it."
  ) { "\($0.device)" }
  fileprivate static let driver = Column<ListedDriver>("driver", "The driver that has it.") {
    $0.driver?.name ?? ""
  }
  fileprivate static let override = Column<ListedDriver>(
    "override", "The driver that it is reserved for."
  ) { $0.override?.name ?? "" }
  fileprivate static let stored = Column<ListedDriver>(
    "stored", "The driver that is stored for it.", isUsual: false
  ) { $0.stored?.name ?? "" }

  /// What a device is.
  fileprivate static let hardware: [Column<ListedDriver>] = [
    Column("class", "The class of a PCI function.") { $0.hardware.className ?? "" },
    Column("id", "The numbers of its maker and model.") {
      $0.hardware.modalias.map { "[\($0.id)]" } ?? ""
    },
    Column("model", "Maker and model, as the hardware database has them.", .freeText) {
      [$0.hardware.vendor, $0.hardware.model].compactMap { $0 }.joined(separator: " ")
    },
  ]
}

extension ListedDriver.Hardware {
  /// The name of the class of a PCI function, as `driver devices` takes it.
  fileprivate var className: String? {
    modalias.flatMap { PCIDeviceClass(base: $0.pciClass.base)?.rawValue }
  }
}

/// A device of an IOMMU group in the listing of these.
struct GroupRow {
  let group: ListedGroup
  let member: ListedDriver
}

/// The columns of the list of IOMMU groups.
enum GroupColumns {
  static let all: [Column<GroupRow>] =
    [
      Column("group", "The number of the group.", .number) {
        $0.group.number.map { "\($0)" } ?? ""
      },
      Column("viable", "'yes' if a guest can have the group, as the host keeps nothing of it.") {
        $0.group.isViable?.word ?? ""
      },
    ]
    + ([DriverColumns.device, DriverColumns.driver] + DriverColumns.hardware
    + [DriverColumns.override.unusual, DriverColumns.stored]).map { $0.of(\.member) }
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

extension IOMMUAbsence {
  /// The reason and the way out.
  fileprivate var words: String {
    switch self {
    case .noPCI:
      "it has no PCI devices, and no others are in such groups ('mdevctl types' lists what can be "
        + "given to guests)"
    case .turnedOff(let option):
      "'\(option)' on the kernel's command line turns the IOMMU off (take it away there, and reboot)"
    case .notTurnedOn:
      "the firmware reports Intel's IOMMU, and the kernel uses it only when told to (add "
        + "'intel_iommu=on' to its command line, and reboot)"
    case .unused(let table):
      "the firmware reports an IOMMU in the table \(table), and the kernel does not use it "
        + "('dmesg | grep -i iommu' may say why)"
    case .notReported:
      "the firmware reports no IOMMU (turn VT-d or AMD-Vi on in its set-up; a virtual machine needs "
        + "a virtual IOMMU)"
    case .notCovered:
      "the IOMMU that the kernel uses does not cover all devices (another slot may help)"
    }
  }
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
      + (withModel ? " (\(device.hardware.model ?? ""))" : "")
  }

  static func json(of devices: [ListedDriver]) -> JSONValue {
    .array(devices.map { json(of: $0) })
  }

  private static func json(of device: ListedDriver) -> JSONValue {
    .object([
      JSONValue.Member("device", .string("\(device.device)")),
      JSONValue.Member("driver", string(device.driver?.name)),
      JSONValue.Member("override", string(device.override?.name)),
      JSONValue.Member("stored", string(device.stored?.name)),
      JSONValue.Member("class", string(device.hardware.className)),
      JSONValue.Member("id", string(device.hardware.modalias?.id)),
      JSONValue.Member("vendor", string(device.hardware.vendor)),
      JSONValue.Member("model", string(device.hardware.model)),
    ])
  }

  static func table(of devices: [ListedDriver], in style: TableStyle) -> Table {
    DriverColumns.all.table(
      of: devices, in: style,
      summary: summary(
        devices.count, "device",
        ", \(devices.count { $0.override != nil }) reserved for a driver"))
  }

  static func table(of listing: GroupListing, in style: TableStyle) -> Table {
    let rows = listing.groups.flatMap { group in
      group.members.map { GroupRow(group: group, member: $0) }
    }
    let groups = listing.groups.filter { $0.number != nil }
    return GroupColumns.all.table(
      of: rows, in: style,
      summary: summary(
        groups.count, "group",
        " with \(count(groups.reduce(0) { $0 + $1.members.count }, "device")), "
          + "\(groups.count { $0.isViable == true }) viable"))
  }

  /// The reasons why devices are in no group, for who looks for them.
  static func warnings(about listing: GroupListing) -> [Warning] {
    let without = listing.groups.first { $0.number == nil }?.members.count ?? 0
    let absence = listing.absence.map { absence in
      let subject =
        absence == .noPCI
        ? "this host has no IOMMU groups"
        : "\(count(without, "PCI device")) \(without == 1 ? "is" : "are") in no IOMMU group, so no "
          + "guest can have \(without == 1 ? "it" : "them")"
      return Warning("\(subject): \(absence.words)")
    }
    return [absence, listing.isUnsafe ? Warning(unsafeMode) : nil].compactMap { $0 }
  }

  private static let unsafeMode =
    "VFIO hands devices out without an IOMMU, as 'enable_unsafe_noiommu_mode' is on, so each can write "
    + "to all memory of the host ('echo N >/sys/module/vfio/parameters/enable_unsafe_noiommu_mode' "
    + "turns that off)"

  static func json(of listing: GroupListing) -> JSONValue {
    .array(
      listing.groups.map { group in
        var members = [
          JSONValue.Member("iommu_group", group.number.map { .integer($0) } ?? .null),
          JSONValue.Member("viable", group.isViable.map { .boolean($0) } ?? .null),
          JSONValue.Member("kept_by_host", .array(group.keptByHost.map { .string("\($0)") })),
          JSONValue.Member("devices", json(of: group.members)),
        ]
        if group.number == nil, let absence = listing.absence {
          members.append(JSONValue.Member("reason", .string(absence.words)))
        }
        return .object(members)
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
      JSONValue.Member("device", string(subchannel.device.map { "css/dev:\($0)" })),
      JSONValue.Member("subchannel", .string("\(subchannel.state.device)")),
      JSONValue.Member("driver", string(subchannel.state.driver?.name)),
      JSONValue.Member("override", string(subchannel.state.overrideDriver?.name)),
      JSONValue.Member("uuid", string(subchannel.mdev?.description)),
    ])
  }

  static func string(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
}
