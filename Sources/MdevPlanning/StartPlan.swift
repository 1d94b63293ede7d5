// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// The starts of the `auto` devices of a host in their order, now or at the next boot, and what
/// precedes them.
package struct StartPlan: Sendable {
  /// A stored override that a boot puts in force.
  package struct Override: Hashable, Sendable {
    package let device: BusDevice
    package let driver: DriverName
    /// True if the host has the device.
    package let isPresent: Bool
  }

  /// A parent of devices that are to start.
  package struct Parent: Hashable, Sendable {
    package let name: ParentName
    package let state: State

    package enum State: String, Sendable {
      case present
      /// It is there, but offers no mediated devices.
      case idle
      case missing
    }
  }

  /// A device and what will come of its start.
  package struct Device: Hashable, Sendable {
    package let device: MediatedDevice
    package let verdict: StartVerdict
  }

  /// A card that gets back what is stored for it.
  package struct Card: Hashable, Sendable {
    package let address: PCIAddress
    package let stored: CardSettings
    package let isPresent: Bool
  }

  package let moment: Moment
  package let overrides: [Override]
  /// The masks of the AP bus, where they change.
  package let masks: APMasks?
  /// The cards that a boot gives their functions, sorted.
  package let cards: [Card]
  package let parents: [Parent]
  package let devices: [Device]

  /// The plan of an autostart now, or of the next boot as far as it can be told from here: with the
  /// overrides and masks that are stored, and with the parents that are there now or get their
  /// driver by these.
  package init(_ snapshot: HostSnapshot, at moment: Moment) {
    self.moment = moment
    let atBoot = moment == .boot
    overrides =
      atBoot
      ? snapshot.storedOverrides.sorted { $0.key < $1.key }.map { device, driver in
        Override(device: device, driver: driver, isPresent: snapshot.overridden[device] != nil)
      } : []
    masks =
      atBoot
      ? snapshot.ap.flatMap { $0.now.masks == $0.boot.masks ? nil : $0.boot.masks } : nil
    cards =
      atBoot
      ? snapshot.storedCards.sorted { $0.key < $1.key }.map { address, stored in
        Card(address: address, stored: stored, isPresent: snapshot.cards[address] != nil)
      } : []
    let host = atBoot ? snapshot.afterReboot : snapshot
    parents = Set(snapshot.automatic.map(\.identity.parent)).sorted().map { name in
      let state: Parent.State =
        host.offers[name] != nil
        ? .present : host.idleParents.contains(name) ? .idle : .missing
      return Parent(name: name, state: state)
    }
    devices = snapshot.autostart(at: moment)
  }
}

extension HostSnapshot {
  /// The `auto` devices, started one after the other by parent and uuid.
  package func autostart(at moment: Moment) -> [StartPlan.Device] {
    autostart(candidates, at: moment)
  }

  func autostart(_ candidates: [StartCandidate], at moment: Moment) -> [StartPlan.Device] {
    var simulation = StartSimulation(self, at: moment)
    return candidates.filter { $0.device.definition.start == .auto }.map { candidate in
      StartPlan.Device(device: candidate.device, verdict: simulation.start(candidate))
    }
  }

  var candidates: [StartCandidate] { definitions.map { StartCandidate($0, on: ap) } }

  /// The candidates, without following the attributes again of those that are known, which are sorted
  /// as definitions are.
  func candidates(reusing known: [StartCandidate]) -> [StartCandidate] {
    var next = 0
    return definitions.map { device in
      while next < known.count, known[next].device.identity < device.identity { next += 1 }
      guard next < known.count, known[next].device == device else {
        return StartCandidate(device, on: ap)
      }
      return known[next]
    }
  }
}
