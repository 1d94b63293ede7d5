// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
import MdevStore

/// The devices of a host that containers are offered, and the file that says so.
package struct OfferToContainers: Sendable {
  let bus: MediatedDeviceBus
  let file: ContainerFile
  let root: SystemRoot
  let reporter: Reporter

  /// Has engines know of the devices from now on, and after each boot.
  package func install() async throws {
    try file.want()
    try await file.put(devices)
  }

  /// Has engines know of none any more.
  package func remove() async throws { try await file.remove() }

  /// Brings the file up to date after a change, where it is wanted at all.
  ///
  /// The change is made, so a failure is worth a warning.
  func refresh() async {
    do {
      guard try file.isWanted else { return }
      try await file.put(devices)
    } catch {
      reporter.warn(
        Warning(
          "containers are offered what was there before ('mdevctl cdi install' mends it): \(error)")
      )
    }
  }

  /// The running mediated devices, and the PCI functions that user space is given, sorted.
  package func devices() throws -> ContainerDevices {
    let mediated = try bus.uuids().sorted().compactMap { uuid in
      try device("\(uuid)", at: bus.directory(of: uuid))
    }
    let functions = try functions().sorted().compactMap { function in
      try device("\(function)", at: root.path("/sys/bus/pci/devices/\(function)"))
    }
    return ContainerDevices(common: try commonNodes(), devices: mediated + functions)
  }

  /// The nodes that there are of those that each container gets.
  package func commonNodes() throws -> [String] {
    try ContainerDevices.commonNodes.filter { try FileKind(at: root.path($0)) != nil }
  }

  /// A device that has a node; a container could not begin without one.
  private func device(_ name: String, at path: String) throws -> ContainerDevices.Device? {
    let nodes = try vfioNodes(ofDeviceAt: path, root: root).map(\.path)
    return nodes.isEmpty ? nil : ContainerDevices.Device(name: name, nodes: nodes)
  }

  /// The functions of drivers of VFIO whose whole group is free, and those that NVIDIA's driver has given
  /// a vGPU type.
  private func functions() throws -> Set<PCIAddress> {
    guard let pci = try? DriverBus(.pci, root: root) else { return [] }
    var functions: Set<PCIAddress> = []
    for driver in try pci.driverNames() where driver.isVFIO {
      for device in try pci.deviceNames(of: driver) {
        guard let address = PCIAddress(text: device.name),
          try IOMMUGroup.holding(device, on: pci)?.membersOfHost.isEmpty != false
        else { continue }
        functions.insert(address)
      }
    }
    for card in try SRIOVCard.addresses(root: root) {
      let typed = try SRIOVCard(card, root: root)?.functions.filter { $0.type != nil } ?? []
      functions.formUnion(typed.map(\.address))
    }
    return functions
  }
}
