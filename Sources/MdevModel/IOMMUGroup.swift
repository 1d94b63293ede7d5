// SPDX-License-Identifier: Apache-2.0

/// Devices that the IOMMU can't tell apart, so that one virtual machine must have all of them
/// (Documentation/driver-api/vfio.rst).
package struct IOMMUGroup: Hashable, Sendable {
  package let number: Int
  /// Its devices that are on a bus, sorted.
  package let members: [DriverState]

  package init(number: Int, members: [DriverState]) {
    self.number = number
    self.members = members
  }

  /// The members that keep the group from being handed out.
  ///
  /// These are the members of drivers that do DMA for the host. The drivers of ports, and
  /// pci-stub, leave that to whoever has the group (`driver_managed_dma` in
  /// drivers/pci/pci-driver.c).
  package var membersOfHost: [DriverState] {
    members.filter { member in
      guard let driver = member.driver else { return false }
      return !driver.isVFIO && !IOMMUGroup.harmless.contains(driver.name)
    }
  }

  private static let harmless: Set<String> = ["pci-stub", "pcieport"]
}
