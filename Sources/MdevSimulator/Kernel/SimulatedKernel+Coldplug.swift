// SPDX-License-Identifier: Apache-2.0

/// The work of udev on the AP bus at boot (coldplug).
///
/// The bus says that it is ready, if it is, and later udev asks for an `add` of each bus
/// (`udevadm trigger --type=subsystems`); rules may wait for either.
extension SimulatedKernel {
  mutating func coldplugAP(_ rules: UdevRules) {
    if let ap, ap.completeCount > 0 {
      let properties = [
        "SUBSYSTEM": "ap", "BINDINGS": "complete", "COMPLETECOUNT": "\(ap.completeCount)",
      ]
      obey(rules, at: UdevRules.Event("change", "/devices/ap", properties))
    }
    obey(rules, at: UdevRules.Event("add", "/bus/ap", ["SUBSYSTEM": "subsystem"]))
  }

  /// Does what rules say; what the kernel refuses is in the journal.
  private mutating func obey(_ rules: UdevRules, at event: UdevRules.Event) {
    let actions = rules.actions(at: event) { path in
      // What cannot be read has no text, for a rule as for us.
      tree.find(tree.resolve(path)).flatMap { try? read($0) }
    }
    for action in actions {
      switch action {
      case .write(let path, let text):
        guard let id = tree.find(tree.resolve(path)) else { continue }
        _ = write(Array(text.utf8), to: id)
      case .loadModule(let module):
        do { try loadModule(module) } catch { log("udev: failed to load '\(module)': \(error)") }
      }
    }
  }
}
