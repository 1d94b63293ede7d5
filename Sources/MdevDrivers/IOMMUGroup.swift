// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// Devices that the IOMMU can't tell apart, so that one virtual machine must have all of them
/// (Documentation/driver-api/vfio.rst).
package struct IOMMUGroup: Hashable, Sendable {
  package let number: Int
  /// Its devices that are on a bus, sorted.
  package let members: [DriverState]

  /// The group with that number; devices that vanish meanwhile are passed over.
  package init(_ number: Int, root: SystemRoot) throws(DriverError) {
    self.number = number
    let path = root.path("/sys/kernel/iommu_groups/\(number)/devices")
    let names = try onHost { () throws(HostError) in
      try Directory(path).readEntries().map(\.name)
    }
    var members: [DriverState] = []
    for name in names {
      let device = BusDeviceName(unchecked: name)
      do throws(DriverError) {
        guard
          let bus = try onHost({ () throws(HostError) in
            try linkedName("\(path)/\(name)/subsystem")
          })
        else { continue }
        members.append(try DriverBus(BusName(unchecked: bus), root: root).state(of: device))
      } catch .noDevice, .noBus {
        continue
      }
    }
    self.members = members.sorted { $0.device < $1.device }
  }

  /// The group of a device; `nil` if it has none, as without an IOMMU.
  package static func holding(
    _ device: BusDeviceName, on bus: DriverBus
  ) throws(DriverError) -> IOMMUGroup? {
    let number = try onHost { () throws(HostError) in
      try linkedName("\(bus.path(of: device))/iommu_group")
    }
    return try number.flatMap { Int($0) }.map { number throws(DriverError) in
      try IOMMUGroup(number, root: bus.root)
    }
  }

  /// All groups, in order.
  package static func all(root: SystemRoot) throws(DriverError) -> [IOMMUGroup] {
    let names: [String]
    do throws(HostError) {
      names = try Directory(root.path("/sys/kernel/iommu_groups")).readEntries().map(\.name)
    } catch let error where error.meaning == .missing {
      return []
    } catch {
      throw .host(error)
    }
    var groups: [IOMMUGroup] = []
    for number in names.compactMap({ Int($0) }).sorted() {
      groups.append(try IOMMUGroup(number, root: root))
    }
    return groups
  }

  /// The members that keep the group from being handed out.
  ///
  /// These are the members of drivers that do DMA for the host. The drivers of ports, and pci-stub, leave that to whoever has the group
  /// (`driver_managed_dma` in drivers/pci/pci-driver.c).
  package var membersOfHost: [DriverState] {
    members.filter { member in
      guard let driver = member.driver else { return false }
      return !driver.isVFIO && !IOMMUGroup.harmless.contains(driver.name)
    }
  }

  private static let harmless: Set<String> = ["pci-stub", "pcieport"]
}
