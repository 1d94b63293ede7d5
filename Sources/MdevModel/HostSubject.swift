// SPDX-License-Identifier: Apache-2.0

/// Something that there is on a host, with what is known of it.
package enum HostSubject: Hashable, Sendable {
  /// A parent that offers mediated devices.
  case parent(ParentName)
  /// A device that runs; without its type where it was gone before that could be read.
  case device(DeviceIdentity, TypeName?)
  /// A definition; `nil` where it can't be read.
  case definition(DeviceIdentity, DeviceDefinition?)
  /// A device on a bus that has this driver.
  case driver(BusDevice, DriverName)
  /// The driver that is stored for a device; `nil` where that can't be read.
  case override(BusDevice, DriverName?)
  case mask(APMaskName, APMask)
  case function(PCIAddress, of: PCIAddress)
  /// A card with so many virtual functions.
  case card(PCIAddress, functions: Int)
  /// What is stored for a card; `nil` where that can't be read.
  case settings(PCIAddress, CardSettings?)

  /// The thing that a subject is, whatever is known of it.
  package enum Identity: Hashable, Sendable {
    case parent(ParentName)
    case device(DeviceIdentity)
    case definition(DeviceIdentity)
    case driver(BusDevice)
    case override(BusDevice)
    case mask(APMaskName)
    case function(PCIAddress)
    case card(PCIAddress)
    case settings(PCIAddress)
  }

  package var identity: Identity {
    switch self {
    case .parent(let parent): .parent(parent)
    case .device(let device, _): .device(device)
    case .definition(let device, _): .definition(device)
    case .driver(let device, _): .driver(device)
    case .override(let device, _): .override(device)
    case .mask(let name, _): .mask(name)
    case .function(let address, _): .function(address)
    case .card(let card, _): .card(card)
    case .settings(let card, _): .settings(card)
    }
  }
}

/// Something that became of a subject, or that it is there.
package struct HostEvent: Hashable, Sendable {
  package enum Change: Sendable {
    /// It was there when the host was listed.
    case present
    case appeared, changed, gone
  }

  package let subject: HostSubject
  package let change: Change

  package init(_ subject: HostSubject, _ change: Change) {
    self.subject = subject
    self.change = change
  }
}

/// The subjects that are known, by which what is heard of them is told once.
///
/// A message and a listing overlap: what one of the two has said already is no event.
package struct HostTable: Sendable {
  private var subjects: [HostSubject.Identity: HostSubject] = [:]

  /// Nothing is known.
  package init() {}

  package subscript(identity: HostSubject.Identity) -> HostSubject? { subjects[identity] }

  /// All that is known, in no order.
  package var identities: [HostSubject.Identity] { Array(subjects.keys) }

  /// Takes note of what a subject is now; the event that it makes, if any.
  package mutating func note(_ subject: HostSubject) -> HostEvent? {
    let old = subjects.updateValue(subject, forKey: subject.identity)
    guard old != subject else { return nil }
    return HostEvent(subject, old == nil ? .appeared : .changed)
  }

  /// Forgets a subject; the event that this makes, with what was known, if anything was.
  package mutating func remove(_ identity: HostSubject.Identity) -> HostEvent? {
    subjects.removeValue(forKey: identity).map { HostEvent($0, .gone) }
  }
}
