// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevRules
import MdevStore

/// Reads a host, or the part of it that a question is about.
struct HostReader: Sendable {
  let root: SystemRoot
  let store: DefinitionStore
  let overrides: OverrideStore
  let apRules: APRulesFile
  let bus: MediatedDeviceBus

  init(root: SystemRoot) {
    self.root = root
    store = DefinitionStore(root: root)
    overrides = OverrideStore(root: root)
    apRules = APRulesFile(root: root)
    bus = MediatedDeviceBus(root: root)
  }

  /// Reads all that decides whether these devices can start.
  ///
  /// When the queues can't be told it is a warning: whether a device gets them, the kernel decides.
  func scene(for devices: [MediatedDevice]) throws(HostError) -> Outcome<StartScene> {
    let wanted = Set(devices.map(\.identity.parent))
    let parents = try bus.parents()
    let types = try bus.types(among: parents, of: wanted.count == 1 ? wanted.first : nil)
    let offers = Dictionary(uniqueKeysWithValues: types.value.map { ($0.parent, $0.types) })
    let active = try bus.activeDevices().value
    var scene = Outcome(
      StartScene(
        running: active.map { RunningDevice($0) }, offers: offers,
        idleParents: Set(parents.value).subtracting(offers.keys)))
    guard devices.contains(where: \.definition.type.isVFIOAP) else { return scene }
    do {
      scene.value.running = try runningDevices(among: active)
      let stored = try overrides.contents().drivers
      let ap = try apHost(stored: stored, wanted: HostReader.queuesWanted(by: devices))
      scene.value.ap = ap.value
      scene.warnings = ap.warnings
    } catch {
      scene.warnings.append(Warning("conflicts between queues can't be foreseen: \(error)"))
    }
    return scene
  }

  /// The queues that the devices could take.
  static func queuesWanted(by devices: [MediatedDevice]) -> APQueueSet {
    var wanted = APQueueSet()
    for device in devices where device.definition.type.isVFIOAP {
      wanted.formUnion(APQueueSet(device.definition.reach))
    }
    return wanted
  }

  /// The AP bus; `nil` on a machine without one.
  ///
  /// Overrides in force are those of queues that are `wanted`, or all. Where the rules of the masks
  /// make no sense, those in force stand for them, with a warning.
  func apHost(
    stored: [BusDevice: DriverName], wanted: APQueueSet?
  ) throws -> Outcome<APHost?> {
    var outcome = Outcome<APHost?>(nil)
    guard let ap = try apBus() else { return outcome }
    let masks = try ap.masks()
    var persistent = masks
    do {
      persistent = try maskRules(over: masks)?.masks(over: masks) ?? masks
    } catch {
      outcome.warnings.append(.ignoredMasks(error))
    }
    outcome.value = try ap.host(masks, atBoot: persistent, stored: stored, wanted: wanted)
    return outcome
  }

  private func apBus() throws(DriverError) -> APBus? {
    do throws(DriverError) {
      return try APBus(root: root)
    } catch .noAPBus {
      return nil
    }
  }

  /// The rules of the masks at the next boot; `nil` if there are none.
  func maskRules(over masks: APMasks) throws -> APMaskRules? {
    guard let text = try apRules.read() else { return nil }
    do throws(APMaskError) {
      return try APMaskRules(text: text, over: masks)
    } catch {
      throw OperationError.drivers(.strangeRules(path: apRules.path, error))
    }
  }

  /// All devices that are defined, readably or not, or run.
  func knownDevices() throws -> Set<DeviceUUID> {
    let stored = try store.contents()
    return Set(stored.definitions.map(\.device.identity.uuid))
      .union(stored.unreadable.map(\.identity.uuid))
      .union(try bus.activeDevices().value.map(\.identity.uuid))
  }

  /// The devices that run, sorted, those of vfio_ap with what they have.
  func runningDevices() throws -> [RunningDevice] {
    try runningDevices(among: bus.activeDevices().value)
  }

  private func runningDevices(among active: [ActiveDevice]) throws -> [RunningDevice] {
    try active.sorted { $0.identity < $1.identity }.map { device in
      device.type.isVFIOAP ? try runningDevice(withMatrixOf: device) : RunningDevice(device)
    }
  }

  private func runningDevice(withMatrixOf device: ActiveDevice) throws -> RunningDevice {
    let running = MatrixDevice(device.identity.uuid, root: root)
    do throws(DriverError) {
      return RunningDevice(
        device, matrix: try running.matrix(), guestMatrix: try running.guestMatrix())
    } catch {
      // One that went away meanwhile has nothing.
      guard case .host(let reason) = error, reason.meaning == .missing else { throw error }
      return RunningDevice(device)
    }
  }
}
