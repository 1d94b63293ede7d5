// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// The question whether a parent will have room for a device at the next boot beside the others
/// that are defined on it, who are asked one by one until the answer is no.
///
/// A device for which there is room beside all of them takes it from nobody. So a definition has to
/// do with others of its parent only where this ends early. The kernel arbitrates queues otherwise:
/// of devices of vfio_ap all others have to be known.
package struct RoomContest: Sendable {
  private var simulation: StartSimulation
  private let candidate: StartCandidate
  /// The devices that start before it, if all do that were seen.
  package private(set) var others: [MediatedDevice] = []
  /// True if the device starts beside all that were seen.
  package private(set) var hasRoom = true
  /// True once nobody else can change the answer.
  package private(set) var isDecided = false

  /// The question about a device on a host of which the offers, and what runs, are known.
  package init(for device: MediatedDevice, on host: HostSnapshot) {
    var host = host
    host.definitions = [device]
    simulation = StartSimulation(host.assumingParents, at: .boot)
    candidate = StartCandidate(device, on: nil)
    judge()
  }

  /// Lets a device start before, if it starts by itself and is another one.
  package mutating func add(_ other: MediatedDevice) {
    guard other.definition.start == .auto, other.identity.uuid != candidate.device.identity.uuid
    else { return }
    others.append(other)
    _ = simulation.start(StartCandidate(other, on: nil))
    judge()
  }

  private mutating func judge() {
    let obstacles = simulation.verdict(on: candidate).obstacles
    hasRoom = obstacles.isEmpty
    // On a card of one type at a time it matters more which type that will be.
    isDecided =
      !hasRoom
      && !(obstacles == [.noRoom]
        && simulation.isOpenToAnyType(candidate.device.identity.parent))
  }
}
