// SPDX-License-Identifier: Apache-2.0

/// The address of a PCI function: domain, bus, device and function, `0000:03:00.4`.
package struct PCIAddress: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Four hexadecimal digits, or more behind a bridge that has a domain of its own.
  package let domain: UInt32
  package let bus: UInt8
  /// 0 to 31.
  package let device: UInt8
  /// 0 to 7.
  package let function: UInt8

  /// The address of these numbers, each in its range.
  package init(domain: UInt32 = 0, bus: UInt8, device: UInt8, function: UInt8) {
    (self.domain, self.bus, self.device, self.function) = (domain, bus, device, function)
  }

  /// Reads an address as lspci prints it, with its domain or, in domain 0, without.
  package init(_ text: String) throws(PCIAddressError) {
    guard let address = PCIAddress(text: text) else { throw PCIAddressError(text: text) }
    self = address
  }

  /// The same; `nil` if the text is no address.
  package init?(text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 || parts.count == 3, let last = parts.last,
      let dot = last.firstIndex(of: "."),
      let device = UInt8(hexadecimal: last[..<dot], digits: 2), device < 32,
      let function = UInt8(hexadecimal: last[last.index(after: dot)...], digits: 1), function < 8,
      let bus = UInt8(hexadecimal: parts[parts.count - 2], digits: 2),
      let domain = parts.count == 2 ? 0 : UInt32(hexadecimal: parts[0], digits: 8)
    else { return nil }
    self.init(domain: domain, bus: bus, device: device, function: function)
  }

  /// The kernel's name of the function.
  package var name: BusDeviceName { BusDeviceName(unchecked: description) }

  package var description: String {
    "\(domain.hexadecimal(digits: 4)):\(bus.hexadecimal(digits: 2)):"
      + "\(device.hexadecimal(digits: 2)).\(function)"
  }

  package static func < (left: PCIAddress, right: PCIAddress) -> Bool {
    left.rank < right.rank
  }

  private var rank: UInt64 {
    UInt64(domain) << 16 | UInt64(bus) << 8 | UInt64(device) << 3 | UInt64(function)
  }
}

/// A text that is no address of a PCI function.
package struct PCIAddressError: Error, Equatable, CustomStringConvertible {
  package let text: String

  package init(text: String) {
    self.text = text
  }

  package var description: String {
    "'\(text)' is no PCI address such as 0000:03:00.0 (lspci -D shows them)"
  }
}

extension FixedWidthInteger {
  /// A number of at most so many hexadecimal digits, and of nothing else.
  fileprivate init?(hexadecimal text: Substring, digits: Int) {
    guard (1...digits).contains(text.utf8.count),
      text.utf8.allSatisfy({ $0.hexadecimalValue != nil })
    else { return nil }
    self.init(text, radix: 16)
  }

  /// The number in hexadecimal digits, at least so many.
  package func hexadecimal(digits: Int) -> String {
    let text = String(self, radix: 16)
    return String(repeating: "0", count: Swift.max(0, digits - text.utf8.count)) + text
  }
}
