// SPDX-License-Identifier: Apache-2.0

import CFuse
import Glibc

/// Sends a host's uevents to the clients of udev in this network namespace, as udev does when its
/// rules are done (the netlink group "udev" of libudev's monitors).
@safe
final class UeventSocket {
  private let file: Int32
  /// The number of journal entries that were looked at.
  private var seen: Int

  /// A socket that sends what happens from now on.
  init(from journal: Journal) throws(SimulatorError) {
    file = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue) | O_CLOEXEC, NETLINK_KOBJECT_UEVENT)
    guard file >= 0 else { throw .call("open", path: "netlink", code: errno) }
    seen = journal.entries.count
  }

  deinit { close(file) }

  /// Sends what has happened since the last call; who does not listen misses it.
  func send(from kernel: SimulatedKernel) {
    let entries = kernel.journal.entries
    guard seen < entries.count else { return }
    for entry in entries[seen...] {
      guard let event = kernel.uevent(in: entry) else { continue }
      let message = UeventSocket.message(event)
      var address = sockaddr_nl()
      address.nl_family = sa_family_t(AF_NETLINK)
      address.nl_groups = UeventSocket.udevGroup
      // Without a listener it fails (ECONNREFUSED).
      _ = unsafe withUnsafePointer(to: &address) { address in
        unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
          unsafe sendto(
            file, message, message.count, 0, address, socklen_t(MemoryLayout<sockaddr_nl>.size))
        }
      }
    }
    seen = entries.count
  }

  private static let udevGroup: UInt32 = 2

  /// The header that libudev looks for, and the properties, each ended by NUL
  /// (src/libsystemd/sd-device/device-monitor.c of systemd).
  static func message(_ event: Uevent) -> [UInt8] {
    let properties = Array(event.properties.map { $0 + "\0" }.joined().utf8)
    var message = Array("libudev\0".utf8)
    func put(_ number: UInt32) {
      message += unsafe withUnsafeBytes(of: number) { unsafe Array($0) }
    }
    let headerSize: UInt32 = 40
    put(UInt32(0xfeed_cafe).bigEndian)
    put(headerSize)
    put(headerSize)
    put(UInt32(properties.count))
    put(hash(event.subsystem).bigEndian)
    let type = event.properties.first { $0.hasPrefix("DEVTYPE=") }
    put(type.map { hash(String($0.dropFirst("DEVTYPE=".count))).bigEndian } ?? 0)
    // No tags.
    put(0)
    put(0)
    return message + properties
  }

  /// MurmurHash2, by which listeners filter.
  private static func hash(_ text: String) -> UInt32 {
    let bytes = Array(text.utf8)
    let factor: UInt32 = 0x5bd1_e995
    var hash = UInt32(bytes.count)
    for start in stride(from: 0, to: bytes.count - bytes.count % 4, by: 4) {
      var word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * UInt32($1)) }
      word = word &* factor
      word ^= word >> 24
      hash = hash &* factor ^ word &* factor
    }
    let rest = bytes.suffix(bytes.count % 4)
    if !rest.isEmpty {
      for (index, byte) in rest.enumerated() { hash ^= UInt32(byte) << (8 * UInt32(index)) }
      hash = hash &* factor
    }
    hash ^= hash >> 13
    hash = hash &* factor
    return hash ^ hash >> 15
  }
}
