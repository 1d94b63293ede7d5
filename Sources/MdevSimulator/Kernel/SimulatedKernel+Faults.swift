// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// The requests that reach the host other than by its files: faults, delays, VMs and cables.
extension SimulatedKernel {
  /// Sets the time that each creation takes from now on.
  package mutating func setCreateLatency(_ latency: Duration) {
    faults.createLatency = latency
  }

  /// The next write to `path`, or the next read of it, fails with `error`; links in the path are
  /// followed.
  package mutating func fail(
    _ path: String, with error: KernelError, at access: FileAccess = .writing
  ) {
    faults.add(error, at: tree.resolve(path), access)
  }

  /// A VM opens an mdev or a PCI device.
  ///
  /// ENODEV for one that no vfio driver has or a vGPU without a type, EBUSY for one that is held or whose group is open.
  package mutating func hold(_ name: String) throws(KernelError) {
    guard vfio.devices[name] != nil, hasTypeIfNeeded(name) else { throw .noDevice }
    let group = vfio.groups.values.first { $0.devices.contains(name) }
    guard !faults.held.contains(name), group?.isOpen != true else { throw .busy }
    faults.held.insert(name)
  }

  /// The VM lets go, and what waited for it goes on.
  ///
  /// ENODEV for what nobody holds.
  package mutating func release(_ name: String) throws(KernelError) {
    guard faults.held.remove(name) != nil else { throw .noDevice }
    let uuid = DeviceUUID(text: name)
    didClose(name)
    let isAwaited = pending.contains { $0.wait.device == name }
    if let uuid, !isAwaited, !tree.contains("/sys/bus/mdev/devices/\(name)") {
      completeRemoval(of: uuid)
    }
    takePendingSteps()
  }

  /// The devices that VMs hold.
  package var held: [String] { faults.held.sorted() }

  /// A parent takes its types away, and its devices, which takes as long as one is held.
  ///
  /// ENODEV for what is no parent.
  package mutating func unregister(_ name: String) throws(KernelError) {
    guard parents[name] != nil else { throw .noDevice }
    unregisterParent(name)
  }

  /// A parent comes back, as it was at the start.
  ///
  /// EEXIST for one that is there, ENODEV for a device whose driver offers nothing.
  package mutating func register(_ name: String) throws(KernelError) {
    guard parents[name] == nil else { throw .exists }
    if let parent = profile.virtual.first(where: { $0.name == name }),
      tree.contains("/sys/class/\(parent.deviceClass)/\(name)")
    {
      registerParent(
        name, path: "/sys/devices/virtual/\(parent.deviceClass)/\(name)",
        specification: parent.mdev, subsystem: parent.deviceClass)
    } else if registerFunction(name) {
      return
    } else if let device = buses["css"]?.devices[name], device.driver == "vfio_ccw" {
      registerParent(name, path: device.path, specification: .subchannel, subsystem: "css")
    } else if name == "matrix", buses["matrix"]?.devices[name] != nil {
      registerParent(
        name, path: SimulatedAPBus.matrixPath, specification: .matrix, subsystem: "matrix")
    } else {
      throw .noDevice
    }
  }

  /// A crypto card, named as `card05` or `05`, is taken from the host.
  ///
  /// ENODEV for one that is not there.
  package mutating func takeOffline(_ card: String) throws(KernelError) {
    guard let adapter = adapter(card), ap?.adapters.contains(adapter.id) == true else {
      throw .noDevice
    }
    removeCard(adapter.id)
    announceCompleteBindings()
  }

  /// A crypto card is given back.
  ///
  /// ENODEV for one that the profile does not have, EEXIST for one that is there.
  package mutating func bringOnline(_ card: String) throws(KernelError) {
    guard let adapter = adapter(card) else { throw .noDevice }
    guard ap?.adapters.contains(adapter.id) == false else { throw .exists }
    addCard(adapter)
    announceCompleteBindings()
  }

  private func adapter(_ card: String) -> APAdapterProfile? {
    let digits = card.hasPrefix("card") ? card.dropFirst(4) : card[...]
    guard let id = UInt8(digits, radix: 16) else { return nil }
    return profile.ap?.adapters.first { $0.id == id }
  }
}
