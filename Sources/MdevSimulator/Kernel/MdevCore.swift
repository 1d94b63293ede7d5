// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A device that offers types (`struct mdev_parent`).
package struct MdevParent: Sendable {
  /// Its directory.
  package let path: String
  package let specification: ParentProfile
  /// The number of units of its pool that are in use.
  package internal(set) var used = 0

  /// The type called `name`.
  func type(_ name: String) -> TypeProfile? {
    specification.types.first { $0.name == name }
  }
}

/// A mediated device.
package struct MdevDevice: Sendable {
  /// The stage of its creation or removal.
  package enum State: Sendable {
    case creating
    case bound
    /// Taken from its driver: its instance is free again and nothing can bind it.
    case unbound
    /// On its way out, but a VM holds it.
    case removing
  }

  package let uuid: DeviceUUID
  package let parent: String
  package let type: String
  package internal(set) var state: State
  /// The number that its driver gives it: the lowest that is free on the parent, from 1.
  package let serial: Int
  var group = 0
  /// The matrix that was assigned to it, if it is one of vfio_ap.
  package internal(set) var matrix = APMatrixState()
}

extension SimulatedKernel {
  /// The devices there are, by uuid.
  package var mdevDevices: [MdevDevice] { mdevs.values.sorted { $0.uuid < $1.uuid } }

  /// The parents that are registered, by name.
  package var mdevParents: [String: MdevParent] { parents }

  /// The path of a device that is there, or would be.
  func path(of device: MdevDevice) -> String {
    (parents[device.parent]?.path ?? "") + "/\(device.uuid)"
  }

  private static func path(ofType type: String, of parent: MdevParent) -> String {
    parent.path + "/mdev_supported_types/\(type)"
  }
}

// MARK: - Parents

extension SimulatedKernel {
  /// Shows the types of a device, then announces them (`mdev_register_parent`).
  mutating func registerParent(
    _ name: String, path: String, specification: ParentProfile, subsystem: String
  ) {
    guard parents[name] == nil else { return }
    let parent = MdevParent(path: path, specification: specification)
    parents[name] = parent
    addMdevDriver(of: specification)
    tree.link("/sys/class/mdev_bus/\(name)", to: path)
    for type in specification.types { addType(type, of: parent, named: name) }
    announce("change", path, "SUBSYSTEM=\(subsystem)", "MDEV_STATE=registered")
  }

  /// The driver that a parent's devices get.
  mutating func addMdevDriver(of specification: ParentProfile) {
    addModule("mdev")
    if let module = specification.module { addModule(module) }
    addDriver(specification.driver, on: "mdev", module: specification.module)
  }

  private mutating func addType(_ type: TypeProfile, of parent: MdevParent, named name: String) {
    let path = SimulatedKernel.path(ofType: type.name, of: parent)
    tree.addDirectory(path + "/devices")
    tree.add(
      .mdev(.create(parent: name, type: type.name)), at: path + "/create", mode: 0o200)
    tree.add(
      .mdev(.availableInstances(parent: name, type: type.name)),
      at: path + "/available_instances", mode: 0o444)
    tree.add(.text(type.deviceAPI + "\n"), at: path + "/device_api", mode: 0o444)
    if let label = type.label { tree.add(.text(label + "\n"), at: path + "/name", mode: 0o444) }
    if let description = type.description {
      tree.add(.text(description + "\n"), at: path + "/description", mode: 0o444)
    }
  }

  /// Asks for the removal of a parent's devices; whether some are held.
  mutating func removeIdleMdevs(of parent: String) -> Bool {
    for device in mdevDevices where device.parent == parent { startRemoval(of: device.uuid) }
    return mdevs.values.contains { $0.parent == parent }
  }

  /// Takes the types away once no device is left (`mdev_unregister_parent`).
  mutating func completeUnregistration(of name: String) {
    guard let parent = parents.removeValue(forKey: name) else { return }
    tree.remove("/sys/class/mdev_bus/\(name)")
    tree.remove(parent.path + "/mdev_supported_types")
    announce("change", parent.path, "MDEV_STATE=unregistered")
  }

  /// Unregisters a parent; waits while one of its devices is held.
  mutating func unregisterParent(_ name: String) {
    guard removeIdleMdevs(of: name) else { return completeUnregistration(of: name) }
    pending.append(PendingStep(wait: .unregistration(parent: name)))
  }
}

// MARK: - Types

extension SimulatedKernel {
  func show(_ attribute: MdevAttribute) throws(KernelError) -> String {
    switch attribute {
    case .create, .remove: throw .accessDenied
    case .availableInstances(let parent, let type):
      guard let parent = parents[parent], let type = parent.type(type) else { throw .noDevice }
      return "\(availableInstances(of: type, on: parent))\n"
    }
  }

  /// Counts the devices of a type that the parent's pool still has room for.
  func availableInstances(of type: TypeProfile, on parent: MdevParent) -> Int {
    guard mayCreate(type, on: parent) else { return 0 }
    return max(0, parent.specification.pool - parent.used) / type.takes
  }

  /// Tells whether the types that are in use leave room for this one: NVIDIA's cards take vGPUs of
  /// one type at a time.
  func mayCreate(_ type: TypeProfile, on parent: MdevParent) -> Bool {
    guard parent.specification.mixing == .oneType else { return true }
    return mdevs.values.allSatisfy {
      parents[$0.parent]?.path != parent.path || $0.type == type.name || $0.state == .unbound
    }
  }

  mutating func store(
    _ bytes: [UInt8], in attribute: MdevAttribute
  ) throws(KernelError) -> Wait? {
    switch attribute {
    case .availableInstances: throw .invalid
    case .create(let parent, let type): return try create(bytes, type: type, on: parent)
    case .remove(let uuid):
      let number: UInt
      do { number = try KernelText.number(bytes) } catch { throw .invalid }
      guard number != 0 else { return nil }
      startRemoval(of: uuid)
      return mdevs[uuid] == nil ? nil : .removal(uuid)
    }
  }
}
