// SPDX-License-Identifier: Apache-2.0

/// A uevent with all that it tells, as udev passes it on when its rules are done.
struct Uevent: Equatable {
  let action: String
  /// The path below /sys.
  let path: String
  let subsystem: String
  /// `KEY=VALUE`, each key once.
  let properties: [String]
}

extension SimulatedKernel {
  /// The uevent in a line of the journal; `nil` for any other line.
  ///
  /// What is in the device's `uevent` file comes along while the device is there
  /// (`kobject_uevent_env` in lib/kobject_uevent.c).
  func uevent(in entry: Journal.Entry) -> Uevent? {
    guard case .uevent(let action, let path, let details) = entry.event else { return nil }
    let file = tree.find("/sys" + path + "/uevent").flatMap { try? read($0) } ?? ""
    let said = details + file.split(separator: "\n").map(String.init)
    let subsystem =
      said.first { $0.hasPrefix("SUBSYSTEM=") }.map { String($0.dropFirst("SUBSYSTEM=".count)) }
      ?? self.subsystem(of: path)
    var keys: Set<Substring> = []
    let properties =
      (["ACTION=\(action)", "DEVPATH=\(path)", "SUBSYSTEM=\(subsystem)", "SEQNUM=\(entry.number)"]
      + said).filter { keys.insert($0.prefix { $0 != "=" }).inserted }
    return Uevent(action: action, path: path, subsystem: subsystem, properties: properties)
  }

  /// By the link of a device; of what is no device, by where it is.
  ///
  /// The root of the AP bus's devices gets its bus when its links have been made, so it has none to
  /// that (`ap_module_init` in drivers/s390/crypto/ap_bus.c).
  private func subsystem(of path: String) -> String {
    if "/sys" + path == SimulatedKernel.ap { return "ap" }
    if case .link(let target)? = tree.find("/sys" + path + "/subsystem").flatMap({ tree[$0] })?
      .content, let name = target.split(separator: "/").last
    {
      return String(name)
    }
    let words = path.split(separator: "/")
    switch words.first {
    case "module": return "module"
    case "class": return "class"
    case "bus": return words.contains("drivers") ? "drivers" : "bus"
    default: return words.dropLast().last.map(String.init) ?? ""
    }
  }
}
