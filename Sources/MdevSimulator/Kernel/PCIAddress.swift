// SPDX-License-Identifier: Apache-2.0

/// The address of a PCI function: `0000:03:00.4`.
struct PCIAddress: Hashable, Sendable {
  private let domain: String
  /// The bus, the device and the function, as requests on the bus carry them.
  private let routing: Int

  private init(domain: String, routing: Int) {
    (self.domain, self.routing) = (domain, routing)
  }

  /// Reads an address; `nil` for other texts.
  init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count >= 4, parts[0].allSatisfy(\.isHexDigit),
      parts[1].count == 2, let bus = UInt8(parts[1], radix: 16)
    else { return nil }
    let slot = parts[2].split(separator: ".", omittingEmptySubsequences: false)
    guard slot.count == 2, slot[0].count == 2, let device = Int(slot[0], radix: 16),
      slot[1].count == 1, let function = Int(slot[1], radix: 8), (0..<32).contains(device)
    else { return nil }
    self.init(domain: String(parts[0]), routing: Int(bus) << 8 | device << 3 | function)
  }

  /// The address so many functions further on, which may be on the next bus
  /// (`pci_iov_virtfn_bus`); `nil` after the last bus.
  func advanced(by count: Int) -> PCIAddress? {
    let next = routing + count
    return (0...0xffff).contains(next) ? PCIAddress(domain: domain, routing: next) : nil
  }
}

extension PCIAddress: CustomStringConvertible {
  var description: String {
    let (bus, device, function) = (routing >> 8, routing >> 3 & 0x1f, routing & 7)
    return "\(domain):\(hexadecimal(bus, digits: 2)):\(hexadecimal(device, digits: 2)).\(function)"
  }
}
