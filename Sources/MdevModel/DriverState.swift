// SPDX-License-Identifier: Apache-2.0

/// The driver and the override of a device.
package struct DriverState: Hashable, Sendable {
  /// The content of `driver_override`.
  package enum Override: Hashable, Sendable {
    /// There is no such attribute.
    case unsupported
    case unset
    case driver(DriverName)
  }

  package let device: BusDevice
  package let driver: DriverName?
  package let override: Override
  /// The base class of a PCI function: 2 for network controllers.
  package let pciClass: PCIClass?

  package init(device: BusDevice, driver: DriverName?, override: Override, pciClass: PCIClass?) {
    self.device = device
    self.driver = driver
    self.override = override
    self.pciClass = pciClass
  }

  /// The override; `nil` if there is none.
  package var overrideDriver: DriverName? {
    if case .driver(let driver) = override { driver } else { nil }
  }
}

/// The class of a PCI function, as its attribute `class` gives it.
package struct PCIClass: Hashable, Sendable {
  /// Base class, sub-class and programming interface, a byte each.
  package let code: UInt32

  package init(code: UInt32) { self.code = code }

  package var base: UInt8 { UInt8(truncatingIfNeeded: code >> 16) }
  package var isHostBridge: Bool { code >> 8 == 0x0600 }
  package var isPCIBridge: Bool { code >> 8 == 0x0604 }
  package var isBridge: Bool { base == 0x06 }
}

extension DriverState.Override {
  /// An override that is not set reads `(null)` on pci and css, and empty on ap.
  package init(text: String?) {
    switch text {
    case nil: self = .unsupported
    case ""?, "(null)"?: self = .unset
    case let name?: self = .driver(DriverName(unchecked: name))
    }
  }
}
