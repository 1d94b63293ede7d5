// SPDX-License-Identifier: Apache-2.0

/// The place that a device has in a guest.
package enum GuestAddress: Hashable, Sendable {
  /// The number of a channel device, `0.0.1234` to the guest.
  case channel(subchannelSet: UInt8, device: UInt16)
  case pci(PCIAddress)

  /// Reads `fe.0.1234`, as QEMU has it, `0.0.1234`, as the guest does, or a PCI address; of one on
  /// the guest's first bus, slot and function are enough: `05.0`.
  package init(_ text: String) throws(GuestAddressError) {
    if let address = PCIAddress(text: text) ?? PCIAddress(text: "00:\(text)") {
      self = .pci(address)
      return
    }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "fe" || parts[0] == "0",
      let subchannelSet = UInt8(parts[1]), subchannelSet < 4, parts[1].utf8.count == 1,
      parts[2].utf8.count == 4, let device = UInt16(parts[2], radix: 16), parts[2].first != "+"
    else { throw GuestAddressError(text: text) }
    self = .channel(subchannelSet: subchannelSet, device: device)
  }
}

/// A text that is no place in a guest.
package struct GuestAddressError: Error, Equatable, CustomStringConvertible {
  package let text: String

  package init(text: String) {
    self.text = text
  }

  package var description: String {
    "'\(text)' is no address in a guest (expected one such as fe.0.1234 of a channel device, or "
      + "0000:06:00.0 or 05.0 of a PCI function)"
  }
}
