// SPDX-License-Identifier: Apache-2.0

import MdevCallouts
package import MdevHost
package import MdevModel
import MdevStore

/// What can be done with mediated devices, and with the drivers under them, one file for each use case.
package struct Operations: Sendable {
  let root: SystemRoot
  let store: DefinitionStore
  let overrides: OverrideStore
  let apRules: APRulesFile
  let bus: MediatedDeviceBus
  let failures: FailureRecord
  let callouts: Callouts
  let witnesses: [any ChangeWitness]
  let notice: @Sendable (Warning) -> Void

  /// Where the locks are.
  var lockDirectory: String { root.path("/run/mdevctl") }

  /// The operations of the host at `root`.
  ///
  /// Every change is shown to `witnesses`, in order, and then to the host's scripts. `notice` is
  /// told at once what scripts say, and what goes wrong with them.
  package init(
    root: SystemRoot, refusals: RefusalPolicy = .obey, witnesses: [any ChangeWitness] = [],
    notice: @escaping @Sendable (Warning) -> Void
  ) {
    self.root = root
    self.notice = notice
    store = DefinitionStore(root: root)
    overrides = OverrideStore(root: root)
    apRules = APRulesFile(root: root)
    bus = MediatedDeviceBus(root: root)
    failures = FailureRecord(root: root)
    callouts = Callouts(root: root, notice: notice)
    self.witnesses =
      witnesses + [CalloutWitness(callouts: callouts, refusals: refusals, notice: notice)]
  }
}
