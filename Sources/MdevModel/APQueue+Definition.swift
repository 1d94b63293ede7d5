// SPDX-License-Identifier: Apache-2.0

extension DeviceDefinition {
  /// The queues that the attributes of a device of vfio_ap claim, sorted; those that make no sense
  /// claim nothing, since the kernel will refuse them.
  ///
  /// The attributes are taken in order, as they are written: `ap_config` replaces what stood
  /// before it. Values are numbers of base 0, so `0x2` and `02` are 2 and `010` is 8, or lists of
  /// such numbers (`vfio_ap_ops.c` in drivers/s390/crypto; s390-tools for the lists).
  package var claimedQueues: [APQueue] {
    var (adapters, domains) = (APMask.none, APMask.none)
    for attribute in attributes {
      let numbers = attribute.value.split(separator: ",").compactMap { UInt8(baseZero: $0) }
      switch attribute.name.path {
      case "assign_adapter": for number in numbers { adapters[number] = true }
      case "unassign_adapter": for number in numbers { adapters[number] = false }
      case "assign_domain": for number in numbers { domains[number] = true }
      case "unassign_domain": for number in numbers { domains[number] = false }
      case "ap_config":
        let masks = attribute.value.split(separator: ",").compactMap { try? APMask($0) }
        if masks.count == 3 { (adapters, domains) = (masks[0], masks[1]) }
      default: continue
      }
    }
    return adapters.members.flatMap { adapter in
      domains.members.map { APQueue(adapter: adapter, domain: $0) }
    }
  }
}

extension UInt8 {
  /// A number as C's `strtoul` reads one of base 0.
  fileprivate init?(baseZero text: Substring) {
    switch text {
    case _ where text.hasPrefix("0x") || text.hasPrefix("0X"):
      self.init(text.dropFirst(2), radix: 16)
    case _ where text.hasPrefix("0") && text.utf8.count > 1: self.init(text.dropFirst(), radix: 8)
    default: self.init(text)
    }
  }
}
