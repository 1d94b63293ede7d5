// SPDX-License-Identifier: Apache-2.0

/// A reason why PCI devices are in no IOMMU group, as far as the kernel tells.
package enum IOMMUAbsence: Hashable, Sendable {
  /// There are no PCI devices; other buses have no such groups.
  case noPCI
  /// This word of the kernel's command line turns it off.
  case turnedOff(option: String)
  /// The firmware has Intel's table of it, DMAR, and the kernel waits to be told to use it.
  case notTurnedOn
  /// The firmware has this table of it, and the kernel does not use it.
  case unused(table: String)
  /// The firmware has no table of one.
  case notReported
  /// There is one, but not for these devices.
  case notCovered

  /// The reason why there is none at all, on a host whose firmware has these ACPI tables.
  ///
  /// The options are those of Documentation/admin-guide/kernel-parameters.txt; of one that is given
  /// twice the last counts. AMD's and Arm's are used unless they are turned off, Intel's only if
  /// the kernel is built so or told to (`CONFIG_INTEL_IOMMU_DEFAULT_ON`).
  package init(commandLine: String, tables: Set<String>) {
    let words = commandLine.split { $0 == " " || $0 == "\n" }.map(String.init)
    func last(_ name: String) -> String? { words.last { $0.hasPrefix("\(name)=") } }
    func isOff(_ word: String) -> Bool {
      word.drop { $0 != "=" }.dropFirst().split(separator: ",").contains("off")
    }
    let own =
      tables.contains("DMAR") ? ["intel_iommu"] : tables.contains("IVRS") ? ["amd_iommu"] : []
    let off = (["iommu"] + own).lazy.compactMap(last).first(where: isOff)
    if let off {
      self = .turnedOff(option: off)
    } else if tables.contains("DMAR"), last("intel_iommu") == nil {
      self = .notTurnedOn
    } else if let table = IOMMUAbsence.tables.first(where: tables.contains) {
      self = .unused(table: table)
    } else {
      self = .notReported
    }
  }

  /// The ACPI tables that tell of an IOMMU: Intel's, AMD's, Arm's.
  package static let tables = ["DMAR", "IVRS", "IORT"]
}
