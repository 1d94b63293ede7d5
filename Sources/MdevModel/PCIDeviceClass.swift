// SPDX-License-Identifier: Apache-2.0

/// A kind of PCI function as driverctl calls it; the number is the base class (`pci_ids.h`).
package enum PCIDeviceClass: String, CaseIterable, Sendable {
  case all, storage, network, display, multimedia, memory, bridge, communication, system, input,
    docking, processor, serial

  /// The kind that has this base class; `nil` where none has a name.
  package init?(base: UInt8) {
    guard base > 0, base < PCIDeviceClass.allCases.count else { return nil }
    self = PCIDeviceClass.allCases[Int(base)]
  }

  /// The base class; `nil` for all of them.
  package var base: UInt8? {
    PCIDeviceClass.allCases.firstIndex(of: self).flatMap { $0 == 0 ? nil : UInt8($0) }
  }
}
