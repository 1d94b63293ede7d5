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

  /// What decides whether devices of these parents can start.
  func scene(of parents: Set<ParentName>) throws -> StartScene {
    let offers =
      try parents.count == 1 ? bus.types(of: parents.first).value : bus.types().value
    let present = try bus.parents().value
    let registered = Set(offers.map(\.parent))
    let needsQueues = parents.contains(.matrix)
    return StartScene(
      running: try runningDevices(withMatrices: needsQueues),
      offers: Dictionary(uniqueKeysWithValues: offers.map { ($0.parent, $0.types) }),
      idleParents: Set(present).subtracting(registered),
      ap: needsQueues ? try apHost(stored: try overrides.contents().drivers) : nil)
  }

  /// The AP bus; `nil` on a machine without one.
  func apHost(stored: [BusDevice: DriverName]) throws -> APHost? {
    let ap: APBus
    do throws(DriverError) {
      ap = try APBus(root: root)
    } catch .noAPBus {
      return nil
    }
    return try ap.host(rules: { try maskRules(over: $0)?.masks(over: $0) ?? $0 }, stored: stored)
  }

  /// The rules of the masks at the next boot; `nil` if there are none.
  func maskRules(over masks: APMasks) throws -> APMaskRules? {
    guard let text = try apRules.read() else { return nil }
    do throws(APMaskError) {
      return try APMaskRules(text: text, over: masks)
    } catch {
      throw DriverPlanError.rules(path: apRules.path, error)
    }
  }

  /// The devices that run, those of vfio_ap with what they have if that is asked for.
  func runningDevices(withMatrices: Bool) throws -> [RunningDevice] {
    try bus.activeDevices().value.sorted { $0.identity < $1.identity }.map { device in
      withMatrices && device.type.isVFIOAP
        ? try runningDevice(withMatrixOf: device) : RunningDevice(device)
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

extension ParentName {
  /// The one parent of vfio_ap.
  static let matrix = ParentName(unchecked: "matrix")
}
