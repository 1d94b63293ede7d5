// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// Creating and removing mediated devices (`drivers/vfio/mdev/mdev_core.c`).
extension SimulatedKernel {
  /// 36 bytes of uuid, and one more that is not looked at (`create_store`).
  mutating func create(
    _ bytes: [UInt8], type: String, on parentName: String
  ) throws(KernelError) -> Wait? {
    let length = DeviceUUID.textLength
    guard (length...length + 1).contains(bytes.count),
      let uuid = DeviceUUID(text: String(decoding: bytes.prefix(length), as: UTF8.self))
    else { throw .invalid }
    guard mdevs[uuid] == nil else { throw .exists }
    guard let parent = parents[parentName], let type = parent.type(type),
      !isUnregistering(parentName)
    else { throw .noDevice }
    guard availableInstances(of: type, on: parent) > 0 else {
      announceRefusal(of: uuid, on: parent)
      throw parent.specification.full
    }
    parents[parentName]?.used += type.takes
    mdevs[uuid] = MdevDevice(
      uuid: uuid, parent: parentName, type: type.name, state: .creating,
      serial: freeSerial(on: parentName))
    guard faults.createLatency == .zero else {
      return .creation(uuid, until: now + faults.createLatency)
    }
    try completeCreation(of: uuid)
    return nil
  }

  /// Where the driver counts, the device appears and vanishes; where the core does, it answers
  /// EUSERS before that.
  private mutating func announceRefusal(of uuid: DeviceUUID, on parent: MdevParent) {
    guard !parent.specification.isCountedByCore else { return }
    announce("add", parent.path + "/\(uuid)", "SUBSYSTEM=mdev")
    announce("remove", parent.path + "/\(uuid)", "SUBSYSTEM=mdev")
  }

  private func isUnregistering(_ parent: String) -> Bool {
    pending.contains { step in
      switch step.wait {
      case .unregistration(let name), .unbinding(let name, _): name == parent
      case .creation, .removal, .functions, .lock, .directory: false
      }
    }
  }

  private func freeSerial(on parent: String) -> Int {
    let taken = Set(mdevs.values.filter { $0.parent == parent }.map(\.serial))
    return (1...taken.count + 1).first { !taken.contains($0) } ?? 1
  }

  /// The device appears, gets its group and its driver; the links of its type come last.
  mutating func completeCreation(of uuid: DeviceUUID) throws(KernelError) {
    guard let device = mdevs[uuid], device.state == .creating else { throw .noDevice }
    guard let parent = parents[device.parent], let type = parent.type(device.type) else {
      mdevs[uuid] = nil
      throw .noDevice
    }
    guard !isUnregistering(device.parent) else {
      mdevs[uuid] = nil
      parents[device.parent]?.used -= type.takes
      throw .noDevice
    }
    let name = uuid.description
    let path = path(of: device)
    let driver = parent.specification.driver
    addDevice(SimulatedBusDevice(name: name, path: path, matches: []), on: "mdev", probing: false)
    addPowerDirectory(path)
    let group = addGroup(holding: name, path: path, type: nil)
    mdevs[uuid]?.group = group
    addGroupDevice(group)
    addVFIODevice(name, path: path)
    attachMdev(uuid, path: path, driver: driver)
    addAttributes(of: type, device: device, path: path)
    tree.add(.mdev(.remove(uuid)), at: path + "/remove", mode: 0o200)
    tree.link(path + "/mdev_type", to: parent.path + "/mdev_supported_types/\(type.name)")
    tree.link(parent.path + "/mdev_supported_types/\(type.name)/devices/\(name)", to: path)
    mdevs[uuid]?.state = .bound
  }

  /// The driver's links: an mdev is bound by its parent's driver alone, without matching.
  private mutating func attachMdev(_ uuid: DeviceUUID, path: String, driver: String) {
    let name = uuid.description
    buses["mdev"]?.devices[name]?.driver = driver
    tree.link(path + "/driver", to: SimulatedKernel.path(ofDriver: driver, on: "mdev"))
    tree.link(SimulatedKernel.path(ofDriver: driver, on: "mdev") + "/\(name)", to: path)
    announce("bind", path, "SUBSYSTEM=mdev", "DRIVER=\(driver)")
  }

  private mutating func addAttributes(of type: TypeProfile, device: MdevDevice, path: String) {
    for attribute in type.attributes {
      let text = attribute.value
        .replacing("{uuid}", with: device.uuid.description)
        .replacing("{serial}", with: String(device.serial))
      let content: Attribute =
        attribute.mode & 0o222 == 0
        ? .text(text) : attribute.mode == 0o200 ? .ignored : .stored(text)
      tree.add(content, at: path + "/" + attribute.name, mode: attribute.mode)
    }
    guard type.name == SimulatedAPBus.typeName else { return }
    for attribute in MatrixAttribute.allCases where hasFile(attribute) {
      tree.add(
        .matrix(attribute, of: device.uuid), at: path + "/" + attribute.rawValue,
        mode: attribute.mode)
    }
  }

  /// The attributes that a driver gave, which go with it.
  private mutating func removeAttributes(of device: MdevDevice) {
    let path = path(of: device)
    let names = parents[device.parent]?.type(device.type)?.attributes.map(\.name) ?? []
    for name in names + MatrixAttribute.allCases.map(\.rawValue) {
      tree.remove(path + "/" + String(name.split(separator: "/").first ?? ""))
    }
  }
}

// MARK: - Removal

extension SimulatedKernel {
  /// Takes the links and attributes away; the rest too, unless a VM holds the device.
  ///
  /// While it waits the uuid stays taken and the instance counted, and below the device only
  /// `iommu_group` and `vfio-dev` are left (`device_del` in drivers/base/core.c). A removal that
  /// nobody waits for goes on by itself.
  mutating func startRemoval(of uuid: DeviceUUID) {
    guard let device = mdevs[uuid], device.state != .removing, device.state != .creating
    else { return }
    let path = path(of: device)
    removeTypeLinks(of: device)
    tree.remove(path + "/power")
    tree.remove(path + "/uevent")
    tree.remove(path + "/subsystem")
    tree.remove(SimulatedKernel.path(ofBus: "mdev") + "/devices/\(uuid)")
    if let busDevice = buses["mdev"]?.devices[uuid.description] {
      loseDriverLinks(busDevice, on: "mdev")
    }
    removeAttributes(of: device)
    guard faults.held.contains(uuid.description) else { return completeRemoval(of: uuid) }
    if device.type == SimulatedKernel.subchannelType { tree.remove(path) }
    let wasBound = device.state == .bound
    mdevs[uuid]?.state = wasBound ? .removing : .unbound
  }

  private mutating func removeTypeLinks(of device: MdevDevice) {
    let path = path(of: device)
    tree.remove(path + "/remove")
    tree.remove(path + "/mdev_type")
    guard let parent = parents[device.parent] else { return }
    tree.remove(
      parent.path + "/mdev_supported_types/\(device.type)/devices/\(device.uuid)")
  }

  /// The driver lets go, then the device is gone.
  mutating func completeRemoval(of uuid: DeviceUUID) {
    guard let device = mdevs[uuid] else { return }
    let path = path(of: device)
    detach(uuid.description, on: "mdev")
    removeDevice(uuid.description, on: "mdev")
    tree.remove(path)
    mdevs[uuid] = nil
    if parents[device.parent]?.specification.isCountedByCore == true {
      giveBack(device)
    }
  }

  private mutating func giveBack(_ device: MdevDevice) {
    let takes = parents[device.parent]?.type(device.type)?.takes ?? 0
    parents[device.parent]?.used -= takes
  }

  /// The driver takes its attributes and the group along, and gives the instance back if it counts
  /// them itself; the core does that when the device goes (`mdev_device_release`).
  mutating func willDetachMdev(_ busDevice: SimulatedBusDevice) {
    guard let uuid = DeviceUUID(text: busDevice.name), let device = mdevs[uuid],
      device.state != .unbound
    else { return }
    removeVFIODevice(busDevice.name, path: busDevice.path)
    removeGroupDevice(device.group)
    removeGroup(device.group, holding: busDevice.name, path: busDevice.path)
    removeAttributes(of: device)
    if parents[device.parent]?.specification.isCountedByCore == false { giveBack(device) }
    mdevs[uuid]?.state = .unbound
  }
}
