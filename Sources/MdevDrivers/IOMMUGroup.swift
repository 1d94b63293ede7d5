// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

extension IOMMUGroup {
  /// The group with that number; devices that vanish meanwhile are passed over.
  package init(_ number: Int, root: SystemRoot) throws(DriverError) {
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
    self.init(number: number, members: members.sorted { $0.device < $1.device })
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
}
