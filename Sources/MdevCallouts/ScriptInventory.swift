// SPDX-License-Identifier: Apache-2.0

package import MdevHost

/// The scripts of a host, in the order in which they are called.
package struct ScriptInventory: Sendable {
  package let callouts: [ScriptFile]
  package let notifiers: [ScriptFile]
  /// The entries beside the callouts that are no regular files, or may not be executed.
  package let otherCallouts: [ScriptFile]
  /// The entries beside the notifiers that are no scripts.
  package let otherNotifiers: [ScriptFile]
  /// Callouts that are this program, which are not called: it does itself what they would do.
  package let builtIn: [ScriptFile]

  /// Reads /usr/lib/mdevctl/scripts.d and /etc/mdevctl.d/scripts.d, in this order.
  package init(root: SystemRoot) throws(CalloutError) {
    let found = try ScriptInventory.callouts(root)
    builtIn = found.filter(\.isThisProgram)
    callouts = found.filter { $0.isScript && !$0.isThisProgram }
    otherCallouts = found.filter { !$0.isScript && !$0.isThisProgram }
    let notified = try ScriptInventory.scripts("notifiers", root)
    notifiers = notified.filter(\.isScript)
    otherNotifiers = notified.filter { !$0.isScript }
  }

  /// The callouts; a directory without any, or that is not there, stands for those that it may have
  /// had where others could have taken them away.
  private static func callouts(_ root: SystemRoot) throws(CalloutError) -> [ScriptFile] {
    let found = try scripts("callouts", root)
    guard !found.contains(where: \.isScript) else { return found }
    return found
      + ["/usr/lib/mdevctl", "/etc/mdevctl.d"].compactMap {
        ScriptFile.untrusted(directory: root.path("\($0)/scripts.d/callouts"), root: root)
      }
  }

  private static func scripts(
    _ kind: String, _ root: SystemRoot
  ) throws(CalloutError) -> [ScriptFile] {
    do throws(HostError) {
      let (system, own) = (root.path("/usr/lib/mdevctl"), root.path("/etc/mdevctl.d"))
      let packaged = try ScriptFile.all(in: "\(system)/scripts.d/\(kind)", root: root)
      return packaged + (try ScriptFile.all(in: "\(own)/scripts.d/\(kind)", root: root))
    } catch {
      throw .host(error)
    }
  }
}
