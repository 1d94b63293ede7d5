// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
import MdevStore

/// An IOMMU group in a listing.
package struct ListedGroup: Hashable, Sendable {
  /// `nil` for the PCI devices that are in none.
  package let number: Int?
  package let members: [ListedDriver]
  /// True if a guest can have all of it, as no driver of the host has a part
  /// (`VFIO_GROUP_FLAGS_VIABLE`); `nil` where it is nothing but bridges.
  package let isViable: Bool?
  /// The members that the host keeps.
  package let keptByHost: [BusDevice]
}

/// The IOMMU groups of a host.
package struct GroupListing: Sendable {
  /// In the order of their numbers; last, the devices that are in none.
  package let groups: [ListedGroup]
  /// The reason why devices are in none, or why there are no groups.
  package let absence: IOMMUAbsence?
  /// True if VFIO hands devices out without an IOMMU.
  package let isUnsafe: Bool
}

/// The listing of IOMMU groups.
package struct ListGroups: Sendable {
  let overrides: OverrideStore
  let root: SystemRoot

  /// Lists all IOMMU groups with their devices, and the PCI devices that are in none.
  package func run() throws -> Outcome<GroupListing> {
    var details = DriverDetails(overrides: overrides, root: root)
    let groups = try IOMMUGroup.all(root: root)
    var listed: [ListedGroup] = []
    for group in groups {
      let hasEndpoint = group.members.contains { $0.pciClass?.isBridge != true }
      listed.append(
        ListedGroup(
          number: group.number, members: try group.members.map { try details.driver($0) },
          isViable: hasEndpoint ? group.membersOfHost.isEmpty : nil,
          keptByHost: group.membersOfHost.map(\.device)))
    }
    let isUnsafe = try handsOutWithoutIOMMU(root: root)
    let others = try devicesWithoutGroup(beside: groups)
    guard !others.isEmpty || groups.isEmpty else {
      return outcome(GroupListing(groups: listed, absence: nil, isUnsafe: isUnsafe), details)
    }
    if !others.isEmpty {
      listed.append(
        ListedGroup(
          number: nil, members: try others.map { try details.driver($0) }, isViable: false,
          keptByHost: []))
    }
    let absence: IOMMUAbsence =
      others.isEmpty ? .noPCI : try IOMMUAbsence(isUsed: !groups.isEmpty && !isUnsafe, root: root)
    return outcome(GroupListing(groups: listed, absence: absence, isUnsafe: isUnsafe), details)
  }

  private func outcome(
    _ listing: GroupListing, _ details: borrowing DriverDetails
  ) -> Outcome<GroupListing> {
    Outcome(listing, warnings: details.warnings)
  }

  private func devicesWithoutGroup(
    beside groups: [IOMMUGroup]
  ) throws(DriverError) -> [DriverState] {
    let grouped = Set(groups.flatMap(\.members).map(\.device))
    let bus: DriverBus
    do throws(DriverError) {
      bus = try DriverBus(.pci, root: root)
    } catch .noBus {
      return []
    }
    var others: [DriverState] = []
    for name in try bus.deviceNames()
    where !grouped.contains(BusDevice(bus: .pci, name: name)) {
      do throws(DriverError) {
        others.append(try bus.state(of: name))
      } catch .noDevice {
        continue
      }
    }
    return others
  }
}
