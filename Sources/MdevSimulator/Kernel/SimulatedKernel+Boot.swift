// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// From a profile to a running host.
extension SimulatedKernel {
  /// Boots a host with the hardware, the drivers and the devices of `profile`.
  package init(_ profile: Profile) {
    self.profile = profile
    addStandardDirectories()
    for module in profile.modules { addModule(module) }
    if profile.css != nil { bootCSS() }
    if profile.pci != nil { bootPCI() }
    if profile.ap != nil { bootAP() }
    for parent in profile.virtual { addVirtualParent(parent) }
    startDevices()
    journal = Journal()
  }

  private mutating func addStandardDirectories() {
    let directories = [
      "block", "bus", "class/mdev_bus", "class/vfio", "class/vfio-dev", "dev/block", "dev/char",
      "devices/virtual", "firmware", "fs", "kernel/iommu_groups", "module", "power",
    ]
    for directory in directories { tree.addPermanentDirectory("/sys/" + directory) }
    if let id = tree.find("/sys") { tree.setMode(0o555, of: id) }
    tree.add(.vfioContainer, at: "/dev/vfio/vfio", mode: 0o666)
  }

  /// A parent of a sample driver, or of any other that needs no hardware.
  mutating func addVirtualParent(_ parent: VirtualParentProfile) {
    if let module = parent.module { addModule(module) }
    let path = "/sys/devices/virtual/\(parent.deviceClass)/\(parent.name)"
    tree.addDirectory(path)
    addPowerDirectory(path)
    tree.add(.uevent(bus: nil, device: parent.name), at: path + "/uevent", mode: 0o644)
    tree.link(path + "/subsystem", to: "/sys/class/\(parent.deviceClass)")
    tree.link("/sys/class/\(parent.deviceClass)/\(parent.name)", to: path)
    announce("add", path, "SUBSYSTEM=\(parent.deviceClass)")
    registerParent(
      parent.name, path: path, specification: parent.mdev, subsystem: parent.deviceClass)
  }

  /// The mdevs that the profile says are running.
  private mutating func startDevices() {
    for (name, parent) in parents.sorted(by: { $0.key < $1.key }) {
      for device in parent.specification.devices {
        let path = parent.path + "/mdev_supported_types/\(device.type)/create"
        guard let create = tree.find(path) else { continue }
        if case .refused(let error) = write(Array(device.uuid.description.utf8), to: create) {
          log("\(name): profile's device \(device.uuid) was refused: \(error)")
        }
      }
    }
  }
}
