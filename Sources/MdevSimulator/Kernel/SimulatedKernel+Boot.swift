// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// From a profile to a running host.
extension SimulatedKernel {
  /// Finds a host with the hardware, the drivers and the devices of `profile`, where udev has
  /// acted by `rules`.
  package init(_ profile: Profile, rules: UdevRules = UdevRules()) {
    self.profile = profile
    start()
    startDevices()
    journal = Journal()
    if profile.ap != nil { coldplugAP(rules) }
  }

  /// Boots the host again: all is forgotten that was written since the last boot, and udev acts
  /// by `rules`.
  ///
  /// What waits gets EIO, its process being gone, and VMs are gone as well; faults that are to
  /// strike, and the latency, stay. The kernel keeps its command line unless another is given.
  package mutating func reboot(commandLine: APCommandLine? = nil, rules: UdevRules) {
    for step in pending {
      guard let ticket = step.ticket else { continue }
      let outcome = finish(ticket.number, .refused(.inputOutput))
      finished.append(FinishedWrite(ticket: ticket, outcome: outcome))
    }
    pending = []
    faults.held = []
    rememberModes()
    profile = profile.rebooted
    if let commandLine { profile.ap?.commandLine = commandLine }
    tree.removeAllButPermanent()
    (modules, buses, parents, mdevs) = ([], [:], [:], [:])
    (physicalFunctions, cards, vgpus, gpus, provisions) = ([:], [:], [:], [:], [:])
    vfio = VFIOState()
    ap = nil
    log("boot")
    start()
    if profile.ap != nil { coldplugAP(rules) }
  }

  /// Brings up the hardware and the drivers of the profile.
  private mutating func start() {
    addStandardDirectories()
    for module in profile.modules { addModule(module) }
    if profile.css != nil { bootCSS() }
    if profile.pci != nil { bootPCI() }
    if profile.ap != nil { bootAP() }
    for parent in profile.virtual { addVirtualParent(parent) }
  }

  private mutating func addStandardDirectories() {
    let directories = [
      "block", "bus", "class/vfio", "class/vfio-dev", "dev/block", "dev/char",
      "devices/virtual", "firmware", "fs", "kernel/iommu_groups", "module", "power",
    ]
    for directory in directories { tree.addPermanentDirectory("/sys/" + directory) }
    tree.addPermanentDirectory("/dev/vfio")
    addGPUDirectory()
    if let id = tree.find("/sys") { tree.setMode(0o555, of: id) }
    tree.add(.vfioContainer, at: "/dev/vfio/vfio", mode: 0o666)
  }

  /// A parent of a sample driver, or of any other that needs no hardware.
  mutating func addVirtualParent(_ parent: VirtualParentProfile) {
    if let module = parent.module { addModule(module) }
    // The driver of the devices and the class come first (`mtty_dev_init` in samples/vfio-mdev).
    addMdevDriver(of: parent.mdev)
    let deviceClass = "/sys/class/\(parent.deviceClass)"
    if !tree.contains(deviceClass) {
      tree.addDirectory(deviceClass)
      announce("add", deviceClass)
    }
    let path = "/sys/devices/virtual/\(parent.deviceClass)/\(parent.name)"
    tree.addDirectory(path)
    addPowerDirectory(path)
    tree.add(.uevent(bus: nil, device: parent.name), at: path + "/uevent", mode: 0o644)
    tree.link(path + "/subsystem", to: deviceClass)
    tree.link("\(deviceClass)/\(parent.name)", to: path)
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
