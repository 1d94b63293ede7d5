// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

extension IOMMUAbsence {
  /// The reason why PCI devices of a host are in no group, though `isUsed` by others.
  package init(isUsed: Bool, root: SystemRoot) throws(DriverError) {
    if isUsed {
      self = .notCovered
      return
    }
    self = try onHost { () throws(HostError) in
      var tables: Set<String> = []
      for table in IOMMUAbsence.tables
      where try FileKind(at: root.path("/sys/firmware/acpi/tables/\(table)")) != nil {
        tables.insert(table)
      }
      let line = try textOfFile(root.path("/proc/cmdline"), limit: 1 << 16) ?? ""
      return IOMMUAbsence(commandLine: line, tables: tables)
    }
  }
}

/// Tells whether VFIO hands devices out without an IOMMU (`enable_unsafe_noiommu_mode` in
/// drivers/vfio/vfio_main.c); it puts each into a group of its own then.
package func handsOutWithoutIOMMU(root: SystemRoot) throws(DriverError) -> Bool {
  try onHost { () throws(HostError) in
    try SysfsAttribute(root.path("/sys/module/vfio/parameters/enable_unsafe_noiommu_mode"))
      .readIfPresent()
  } == "Y"
}
