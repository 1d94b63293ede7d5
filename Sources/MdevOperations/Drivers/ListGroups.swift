// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
import MdevStore

/// An IOMMU group in a listing.
package struct ListedGroup: Hashable, Sendable {
  package let number: Int
  package let members: [ListedDriver]
}

/// The listing of IOMMU groups.
package struct ListGroups: Sendable {
  let overrides: OverrideStore
  let root: SystemRoot

  /// Lists all IOMMU groups with their devices.
  package func run() throws -> Outcome<[ListedGroup]> {
    var details = DriverDetails(overrides: overrides, root: root)
    var groups: [ListedGroup] = []
    for group in try IOMMUGroup.all(root: root) {
      var members: [ListedDriver] = []
      for member in group.members { members.append(try details.driver(member)) }
      groups.append(ListedGroup(number: group.number, members: members))
    }
    return Outcome(groups, warnings: details.warnings)
  }
}
