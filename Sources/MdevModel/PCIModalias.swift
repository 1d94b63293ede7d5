// SPDX-License-Identifier: Apache-2.0

/// The identity of a PCI function as its `modalias` gives it:
/// `pci:v000010DEd00001B81sv00001458sd00003702bc03sc00i00` (`modalias_show` in
/// drivers/pci/pci-sysfs.c).
package struct PCIModalias: Hashable, Sendable {
  /// The number of the maker, and the number that it has for the device.
  package let vendor: UInt16
  package let device: UInt16
  package let pciClass: PCIClass

  /// Reads the attribute; `nil` if it is no PCI function's.
  package init?(_ text: String) {
    guard text.utf8.starts(with: "pci:v".utf8) else { return nil }
    var rest = text.utf8.dropFirst(4)
    func number(after name: String, digits: Int) -> UInt32? {
      guard rest.starts(with: name.utf8) else { return nil }
      let field = rest.dropFirst(name.utf8.count).prefix(digits)
      rest = rest.dropFirst(name.utf8.count + digits)
      return field.count == digits ? UInt32(Substring(field), radix: 16) : nil
    }
    guard let vendor = number(after: "v", digits: 8).flatMap({ UInt16(exactly: $0) }),
      let device = number(after: "d", digits: 8).flatMap({ UInt16(exactly: $0) }),
      number(after: "sv", digits: 8) != nil, number(after: "sd", digits: 8) != nil,
      let base = number(after: "bc", digits: 2), let sub = number(after: "sc", digits: 2),
      let interface = number(after: "i", digits: 2)
    else { return nil }
    self.vendor = vendor
    self.device = device
    pciClass = PCIClass(code: base << 16 | sub << 8 | interface)
  }

  /// Both numbers as lspci has them: `10de:1b81`.
  package var id: String { "\(PCIModalias.hex(vendor)):\(PCIModalias.hex(device))" }

  private static func hex(_ number: UInt16) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }
}
