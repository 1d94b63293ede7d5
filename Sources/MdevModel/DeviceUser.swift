// SPDX-License-Identifier: Apache-2.0

/// A process that has a device open.
package struct DeviceUser: Hashable, Sendable, CustomStringConvertible {
  /// Its number; unsigned in all but name.
  package let pid: Int32
  /// Its name, as /proc/PID/comm gives it: at most 15 bytes.
  package let command: String
  /// The name of the guest that it runs, if it is QEMU and has been told one.
  package let guest: String?

  package init(pid: Int32, command: String, guest: String? = nil) {
    self.pid = pid
    self.command = command
    self.guest = guest
  }

  package var description: String {
    "\(pid) (\(command)\(guest.map { ", guest \($0)" } ?? ""))"
  }

  /// The name of a guest in the arguments of QEMU, as libvirt and others give it: `-name
  /// guest=web1,debug-threads=on` or `-name web1`, where two commas stand for one.
  package static func guest(in arguments: [String]) -> String? {
    guard let option = arguments.firstIndex(where: { $0 == "-name" || $0 == "--name" }),
      option + 1 < arguments.count
    else { return nil }
    let parts = parts(of: arguments[option + 1])
    if let named = parts.first(where: { $0.hasPrefix("guest=") }) {
      return String(named.dropFirst("guest=".utf8.count))
    }
    return parts.first.flatMap { $0.isEmpty || $0.contains("=") ? nil : $0 }
  }

  /// The parts of an option between single commas.
  private static func parts(of text: String) -> [String] {
    var parts = [""]
    var rest = text[...]
    while let character = rest.popFirst() {
      if character == ",", rest.first != "," {
        parts.append("")
      } else {
        if character == "," { rest.removeFirst() }
        parts[parts.count - 1].append(character)
      }
    }
    return parts
  }
}
