// SPDX-License-Identifier: Apache-2.0

package import MdevModel
package import MdevPlanning

/// A part of a host that an owner may look after.
package enum HostPiece: Hashable, Sendable {
  case device(DeviceIdentity)
  case driver(BusDevice)
  case mask(APMaskName)
  case card(PCIAddress)
}

/// A change that makes a host, or what is remembered of it, as a file says.
package enum HostChange: Hashable, Sendable {
  case define(MediatedDevice)
  case modify(MediatedDevice, from: DeviceDefinition)
  case undefine(MediatedDevice)
  /// What is stored for a device, and with it the driver in force.
  case setDriver(BusDevice, DriverName, from: DriverName?)
  case unsetDriver(BusDevice, from: DriverName)
  /// The driver in force alone, since the right one is stored.
  case loadDriver(BusDevice, DriverName, from: DriverName?)
  /// What is stored, and with it what is in force; `from` has those that are stored.
  case setMasks([APMaskName: APMask], from: [APMaskName: APMask])
  case unsetMasks([APMaskName: APMask])
  /// What is in force alone.
  case loadMasks([APMaskName: APMask], from: [APMaskName: APMask])
  case setCard(WantedCard, from: CardSettings?)
  case unsetCard(PCIAddress, from: CardSettings)
  /// The functions and types that are stored.
  case restoreCard(PCIAddress)
  case start(MediatedDevice)
  /// A device that runs as it was defined before is changed, or made anew.
  case renew(MediatedDevice)
  case stop(DeviceIdentity)
  /// Nothing but who looks after it, or what it is called.
  case own(HostPiece)

  /// The part of the host that it is a change of; of the masks, those that change.
  package var pieces: [HostPiece] {
    switch self {
    case .define(let device), .modify(let device, _), .undefine(let device), .start(let device),
      .renew(let device):
      [.device(device.identity)]
    case .stop(let identity): [.device(identity)]
    case .setDriver(let device, _, _), .unsetDriver(let device, _), .loadDriver(let device, _, _):
      [.driver(device)]
    case .setMasks(let masks, _), .unsetMasks(let masks), .loadMasks(let masks, _):
      masks.keys.sorted().map { .mask($0) }
    case .setCard(let card, _): [.card(card.address)]
    case .unsetCard(let card, _), .restoreCard(let card): [.card(card)]
    case .own(let piece): [piece]
    }
  }

  /// The change of a definition that scripts are asked about; `nil` of others.
  var definition: DeviceChange? {
    switch self {
    case .define(let device): DeviceChange(action: .define, device: device)
    case .modify(let device, _): DeviceChange(action: .modify, device: device)
    case .undefine(let device): DeviceChange(action: .undefine, device: device)
    default: nil
    }
  }
}

/// A part of the host that an apply leaves as it is.
package struct LeftPiece: Hashable, Sendable {
  /// A reason to leave it.
  package enum Reason: Hashable, Sendable {
    /// It is as the file says, and another owner's; `nil` of what was made by hand.
    case foreign(GivenName?)
    /// It is not in the file any more, and nobody asks for its removal.
    case gone
  }

  package let piece: HostPiece
  package let reason: Reason
}

/// What a file and a host differ in.
package struct HostDifferences: Hashable, Sendable {
  package let owner: GivenName
  /// In the order in which they are made.
  package var changes: [HostChange] = []
  package var left: [LeftPiece] = []
  /// What the owner's devices are called, those that go included.
  package var tags: [DeviceIdentity: OwnedParts.Tag] = [:]
  /// What stands in the way of all of it.
  package var faults: [HostFault] = []

  init(owner: GivenName) {
    self.owner = owner
  }

  /// True if there is nothing to do.
  package var isEmpty: Bool { changes.isEmpty && faults.isEmpty }
}

/// Something for which a file is not applied at all.
package struct HostFault: Hashable, Sendable {
  /// The kind of fault.
  package enum Reason: Hashable, Sendable {
    /// It stands in the file twice, there and here.
    case twice(HostPiece)
    /// Two devices of the file have one name.
    case nameTwice(DeviceLabel)
    /// It is there, other than the file says, and this owner's not; `nil` if it was made by hand.
    case foreign(HostPiece, GivenName?)
    case noAPBus
    /// A device would not start any more.
    case start(StartProblem)
    /// Whatever else can't be.
    case other(Cause)
  }

  /// Where it stands in the file, `host.json:12: devices[2]`; `nil` of what the file does not name.
  package let place: String?
  package let reason: Reason
}
