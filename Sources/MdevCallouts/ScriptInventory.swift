// SPDX-License-Identifier: Apache-2.0

package import MdevHost

/// The scripts of a host, in the order in which they are called.
package struct ScriptInventory: Sendable {
  package let callouts: [ScriptFile]
  package let notifiers: [ScriptFile]
  /// Callouts that are this program, which are not called: it does itself what they would do.
  package let builtIn: [ScriptFile]

  /// Reads /usr/lib/mdevctl/scripts.d and /etc/mdevctl.d/scripts.d, in this order.
  package init(root: SystemRoot) throws(CalloutError) {
    let found = try ScriptInventory.scripts("callouts", root)
    callouts = found.filter { !$0.isThisProgram }
    builtIn = found.filter(\.isThisProgram)
    notifiers = try ScriptInventory.scripts("notifiers", root)
  }

  private static func scripts(
    _ kind: String, _ root: SystemRoot
  ) throws(CalloutError) -> [ScriptFile] {
    do throws(HostError) {
      let system = try ScriptFile.all(in: root.path("/usr/lib/mdevctl/scripts.d/\(kind)"))
      return system + (try ScriptFile.all(in: root.path("/etc/mdevctl.d/scripts.d/\(kind)")))
    } catch {
      throw .host(error)
    }
  }
}
