// SPDX-License-Identifier: Apache-2.0

/// What runs and what is offered, in so far as it decides whether a device can start.
package struct StartScene: Sendable {
  package var running: [RunningDevice]
  /// The parents that offer types, with these.
  package private(set) var offers: [ParentName: [MediatedDeviceType]]
  /// The room that each of them has.
  private(set) var pools: [ParentName: InstancePool]
  /// The parents that are there and offer none.
  package var idleParents: Set<ParentName>
  /// `nil` where there is no AP bus.
  package var ap: APHost?

  package init(
    running: [RunningDevice], offers: [ParentName: [MediatedDeviceType]],
    idleParents: Set<ParentName> = [], ap: APHost? = nil
  ) {
    self.running = running
    self.offers = offers
    pools = offers.mapValues { InstancePool($0) }
    self.idleParents = idleParents
    self.ap = ap
  }

  /// The parents that are there, by their names in lower case: for one that differs in case only.
  var parentsIgnoringCase: [String: ParentName] {
    Dictionary(
      (Array(offers.keys) + idleParents).map { ($0.name.lowercased(), $0) }, uniquingKeysWith: min)
  }

  /// The same when nothing runs any more, as after a boot.
  package var withoutDevices: StartScene {
    var scene = self
    for (parent, devices) in Dictionary(grouping: running, by: \.device.identity.parent) {
      let types = Dictionary(grouping: devices, by: \.device.type).mapValues(\.count)
      scene.pools[parent]?.giveBack(types)
    }
    scene.running = []
    return scene
  }

  /// Has a parent offer types, or none any more.
  package mutating func setOffer(of parent: ParentName, to types: [MediatedDeviceType]?) {
    offers[parent] = types
    pools[parent] = types.map { InstancePool($0) }
  }
}

/// A device that exists in the kernel, and what it has.
package struct RunningDevice: Hashable, Sendable {
  package let device: ActiveDevice
  /// What a device of vfio_ap was given.
  package let matrix: APMatrix?
  /// What of it the guest gets (`guest_matrix`), where the kernel tells.
  package let guestMatrix: APQueueSet?

  package init(_ device: ActiveDevice, matrix: APMatrix? = nil, guestMatrix: APQueueSet? = nil) {
    self.device = device
    self.matrix = matrix
    self.guestMatrix = guestMatrix
  }
}

/// What will come of a start.
package enum StartVerdict: Hashable, Sendable {
  case starts
  case alreadyRunning
  /// The kernel will refuse it.
  case fails([StartObstacle])
  /// The kernel's counts speak against it, but they are advisory.
  case mayFail(StartObstacle)
}

/// Foresees one start after the other, each as it will be when those before it are done.
package struct StartForecast: Sendable {
  /// As it was before the first start.
  private let scene: StartScene
  private let parentsIgnoringCase: [String: ParentName]
  private var running: [DeviceUUID: ActiveDevice]
  private var pools: [ParentName: InstancePool]
  private var occupancy = APOccupancy()

  package init(_ scene: StartScene) {
    self.scene = scene
    parentsIgnoringCase = scene.parentsIgnoringCase
    running = Dictionary(
      scene.running.map { ($0.device.identity.uuid, $0.device) }, uniquingKeysWith: { $1 })
    pools = scene.pools
    for device in scene.running {
      if let matrix = device.matrix { occupancy.add(matrix, of: device.device.identity.uuid) }
    }
  }

  /// What will come of starting `device` now; if it starts, it runs from here on.
  package mutating func start(_ device: MediatedDevice) -> StartVerdict {
    let identity = device.identity
    if let active = running[identity.uuid] {
      return StartForecast.verdict(on: device, besides: active)
    }
    let obstacles = obstacles(to: device)
    guard obstacles.isEmpty else { return .fails(obstacles) }
    guard pools[identity.parent]?.take(device.definition.type) == true else {
      let full = StartObstacle.noInstances(identity.parent, device.definition.type)
      return isFull(device) ? .fails([full]) : .mayFail(full)
    }
    running[identity.uuid] = ActiveDevice(identity: identity, type: device.definition.type)
    if device.definition.type.isVFIOAP {
      occupancy.add(device.definition.matrix, of: identity.uuid)
    }
    return .starts
  }

  /// What is in the way apart from room: the parent, the type, the queues.
  private func obstacles(to device: MediatedDevice) -> [StartObstacle] {
    let (parent, type) = (device.identity.parent, device.definition.type)
    guard let types = scene.offers[parent] else {
      guard !scene.idleParents.contains(parent) else { return [.notRegistered(parent)] }
      return [.noParentDevice(parent, similar: parentsIgnoringCase[parent.name.lowercased()])]
    }
    guard types.contains(where: { $0.name == type }) else { return [.noSuchType(parent, type)] }
    guard type.isVFIOAP, let ap = scene.ap else { return [] }
    let refusals = ap.refusal(of: device.definition.attributes, beside: occupancy)
    return (refusals + device.definition.matrix.faults).map { .queues($0) }
  }

  /// Whether there is no room even before anything else starts.
  private func isFull(_ device: MediatedDevice) -> Bool {
    scene.pools[device.identity.parent]?.capacity(for: device.definition.type) == 0
  }

  private static func verdict(
    on device: MediatedDevice, besides active: ActiveDevice
  ) -> StartVerdict {
    guard active.identity.parent == device.identity.parent else {
      return .fails([.activeUnder(active.identity.parent)])
    }
    return active.type == device.definition.type
      ? .alreadyRunning : .fails([.activeWith(active.type)])
  }
}

extension TypeName {
  /// The one type of vfio_ccw.
  package static let vfioCCW = TypeName(unchecked: "vfio_ccw-io")

  /// Whether its devices are sets of queues of the AP bus.
  package var isVFIOAP: Bool { self == .vfioAP }
}
