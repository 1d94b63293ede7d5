// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

extension SRIOVCard {
  /// The card at an address; `nil` if there is none, or it can have no virtual functions.
  ///
  /// `sriov_numvfs` is not read, since that waits while somebody changes it.
  package init?(_ address: PCIAddress, root: SystemRoot) throws(DriverError) {
    let path = root.path("/sys/bus/pci/devices/\(address)")
    let total = try onHost { () throws(HostError) in
      try SysfsAttribute("\(path)/sriov_totalvfs").readIfPresent()
    }
    guard let total = total.flatMap({ Int($0) }), total > 0 else { return nil }
    let bus = try DriverBus(.pci, root: root)
    let (driver, pciClass, vendor) = try onHost { () throws(HostError) in
      (
        try bus.driver(of: address.name), try bus.pciClass(of: address.name),
        try SysfsAttribute("\(path)/vendor").readIfPresent()
      )
    }
    self.init(
      address: address, driver: driver, pciClass: pciClass,
      isNVIDIA: vendor == "0x10de" && pciClass?.isDisplay == true, totalFunctions: total,
      functions: try SRIOVCard.functions(of: path, on: bus))
  }

  /// The addresses of all cards that can have virtual functions, sorted.
  package static func addresses(root: SystemRoot) throws(DriverError) -> [PCIAddress] {
    let path = root.path("/sys/bus/pci/devices")
    return try onHost { () throws(HostError) in
      let names: [String]
      do throws(HostError) {
        names = try Directory(path).readEntries().map(\.name)
      } catch let error where error.meaning == .missing {
        return []
      }
      var addresses: [PCIAddress] = []
      for name in names where try FileKind(at: "\(path)/\(name)/sriov_totalvfs") != nil {
        if let address = PCIAddress(text: name) { addresses.append(address) }
      }
      return addresses.sorted()
    }
  }

  /// The card whose function an address is; `nil` if it is none (`physfn`).
  package static func card(ofFunction address: PCIAddress, root: SystemRoot) throws(DriverError)
    -> PCIAddress?
  {
    try onHost { () throws(HostError) in
      try linkedName(root.path("/sys/bus/pci/devices/\(address)/physfn"))
    }.flatMap { PCIAddress(text: $0) }
  }

  /// The addresses of a card's functions now, in the order of their numbers.
  package static func functionAddresses(
    of card: PCIAddress, root: SystemRoot
  ) throws(DriverError) -> [PCIAddress] {
    try onHost { () throws(HostError) in
      try numberedFunctions(of: root.path("/sys/bus/pci/devices/\(card)")).map(\.address)
    }
  }

  private static func functions(
    of path: String, on bus: DriverBus
  ) throws(DriverError) -> [VirtualFunction] {
    try onHost { () throws(HostError) in
      try numberedFunctions(of: path).map { number, address throws(HostError) in
        let own = bus.path(of: address.name)
        return VirtualFunction(
          address: address, number: number, driver: try bus.driver(of: address.name),
          group: try linkedName("\(own)/iommu_group"), vgpu: try state(of: own))
      }
    }
  }

  private static func numberedFunctions(
    of path: String
  ) throws(HostError) -> [(number: Int, address: PCIAddress)] {
    var functions: [(number: Int, address: PCIAddress)] = []
    let prefix = "virtfn"
    for entry in try Directory(path).readEntries() where entry.name.hasPrefix(prefix) {
      guard let number = Int(entry.name.dropFirst(prefix.count)),
        let address = try linkedName("\(path)/\(entry.name)").flatMap(PCIAddress.init(text:))
      else { continue }
      functions.append((number, address))
    }
    return functions.sorted { $0.number < $1.number }
  }

  /// The GPU instance of the function in a directory; `nil` on a card without instances, for which
  /// the driver has no number, 0, or one with all bits set.
  private static func instance(of path: String) throws(HostError) -> Int? {
    do throws(HostError) {
      let text = try SysfsAttribute("\(path)/nvidia/gpu_instance_id").readIfPresent()
      return text.flatMap { UInt32($0) }.flatMap { $0 == 0 || $0 == .max ? nil : Int($0) }
    } catch let error where error.meaning == .noSuchAddress {
      return nil
    }
  }

  /// The vGPU of the function in a directory; `nil` as long as the driver does not tell.
  private static func state(of path: String) throws(HostError) -> VirtualFunction.State? {
    do throws(HostError) {
      let type = try SysfsAttribute("\(path)/nvidia/current_vgpu_type").readIfPresent()
      guard let type = type.flatMap({ Int($0) }) else { return nil }
      let list = try SysfsAttribute("\(path)/nvidia/creatable_vgpu_types").read()
      return VirtualFunction.State(
        type: type, creatable: VGPUType.list(list),
        instance: type == 0 ? nil : try instance(of: path))
    } catch let error where error.meaning == .invalid || error.isAbsence {
      // Before it is ready the driver answers EINVAL.
      return nil
    }
  }
}

extension PCIClass {
  /// True for VGA, 3D and other display controllers.
  fileprivate var isDisplay: Bool { base == 0x03 }
}
