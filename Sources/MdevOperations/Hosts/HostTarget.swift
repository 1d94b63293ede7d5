// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevStore

/// A host file in the names of this host.
struct HostTarget {
  /// A device of the file.
  struct Device {
    /// Of the type that the file names, which may be the driver's name for people.
    var device: MediatedDevice
    let tag: OwnedParts.Tag
    let place: HostFile.Place
  }

  let owner: GivenName
  private(set) var drivers: [(device: BusDevice, driver: DriverName, place: HostFile.Place)] = []
  /// The devices that the file has a driver for.
  private(set) var drivenDevices: Set<BusDevice> = []
  let masks: [APMaskName: APMask]
  let cards: [WantedCard]
  private(set) var devices: [Device] = []
  /// What the file names that this host does not have, or that stands there twice.
  private(set) var faults: [(place: HostFile.Place, reason: HostFault.Reason)] = []

  /// The space of the names that uuids are made of, and which no other program has.
  private static let space = DeviceUUID(bytes: [
    0xdf, 0xea, 0x24, 0x98, 0x84, 0x52, 0x51, 0x53, 0x95, 0x45, 0x33, 0xa7, 0x9b, 0x0c, 0xd9, 0x17,
  ])

  /// Finds the subchannels that the file means, and makes the uuids that it does not give.
  init(_ file: HostFile, on reader: HostReader) throws {
    owner = file.owner
    masks = file.masks
    cards = file.cards
    var subchannels = SubchannelLookup(reader: reader)
    for wanted in file.drivers {
      let place = HostFile.Place.driver(wanted.name)
      let device: BusDevice
      switch wanted.target {
      case .device(let named): device = named
      case .subchannel(let name):
        do {
          device = try subchannels.subchannel(of: name)
        } catch {
          faults.append((place, .other(Cause(error))))
          continue
        }
      case .queues(let queues): throw OperationError.queuesAreElsewhere(queues)
      }
      if !drivenDevices.insert(device).inserted { faults.append((place, .twice(.driver(device)))) }
      drivers.append((device, wanted.driver, place))
    }
    try addDevices(of: file, &subchannels)
  }

  private mutating func addDevices(
    of file: HostFile, _ subchannels: inout SubchannelLookup
  ) throws {
    var seen: Set<DeviceIdentity> = []
    var labels: Set<DeviceLabel> = []
    let uuids =
      try file.devices.contains { $0.uuid == nil } ? NamedUUID(in: HostTarget.space) : nil
    for (index, wanted) in file.devices.enumerated() {
      let place = HostFile.Place.device(index)
      let parent: ParentName
      switch wanted.parent {
      case .named(let name): parent = name
      case .subchannel(let device):
        do {
          parent = ParentName(unchecked: try subchannels.subchannel(of: device).name.name)
        } catch {
          faults.append((place, .other(Cause(error))))
          continue
        }
      }
      for number in wanted.count.map({ (1...$0).map(Optional.some) }) ?? [nil] {
        let label = wanted.name.map { DeviceLabel(name: $0, number: number) }
        guard let uuid = wanted.uuid ?? label.flatMap({ uuids?.uuid(of: $0.seed(of: owner)) })
        else { continue }
        let identity = DeviceIdentity(parent: parent, uuid: uuid)
        let isNamedAnew = label.map { labels.insert($0).inserted } ?? true
        if !seen.insert(identity).inserted {
          faults.append((place, .twice(.device(identity))))
        } else if let label, !isNamedAnew {
          faults.append((place, .nameTwice(label)))
        }
        devices.append(
          Device(
            device: MediatedDevice(identity: identity, definition: wanted.definition),
            tag: OwnedParts.Tag(label: label, note: wanted.note), place: place))
      }
    }
  }
}

/// The subchannels behind channel devices, which are read once.
private struct SubchannelLookup {
  let reader: HostReader
  private var known: [BusDeviceName: BusDevice]?

  init(reader: HostReader) {
    self.reader = reader
  }

  mutating func subchannel(of device: BusDeviceName) throws -> BusDevice {
    if known == nil {
      let subchannels = try reader.channelSubsystem()?.subchannels(under: []) ?? []
      known = Dictionary(
        subchannels.compactMap { subchannel in
          subchannel.device.map { ($0, subchannel.state.device) }
        },
        uniquingKeysWith: { first, _ in first })
    }
    guard let subchannel = known?[device] else {
      throw OperationError.drivers(.noSubchannel(device))
    }
    return subchannel
  }
}
