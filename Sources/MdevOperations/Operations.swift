// SPDX-License-Identifier: Apache-2.0

import MdevCallouts
package import MdevHost
package import MdevModel
import MdevStore

/// What can be done with mediated devices, and with the drivers under them, one file for each use case.
package struct Operations: Sendable {
  let reader: HostReader
  let conflicts: ConflictWitness
  let failures: FailureRecord
  let callouts: Callouts
  let witnesses: [any ChangeWitness]
  let notice: @Sendable (Warning) -> Void

  var root: SystemRoot { reader.root }
  var store: DefinitionStore { reader.store }
  var overrides: OverrideStore { reader.overrides }
  var apRules: APRulesFile { reader.apRules }
  var bus: MediatedDeviceBus { reader.bus }

  /// Where the locks are.
  var lockDirectory: String { root.path("/run/mdevctl") }

  /// The operations of the host at `root`.
  ///
  /// Every change is looked at for conflicts, then shown to `witnesses`, in order, and then to the
  /// host's scripts; `refusals` says what it is worth that one of these refuses. `notice` is told at
  /// once what scripts say, what goes wrong with them, and what was overridden.
  package init(
    root: SystemRoot, refusals: RefusalPolicy = .obey, witnesses: [any ChangeWitness] = [],
    notice: @escaping @Sendable (Warning) -> Void
  ) {
    self.notice = notice
    reader = HostReader(root: root)
    conflicts = ConflictWitness(reader: reader, refusals: refusals, notice: notice)
    failures = FailureRecord(root: root)
    callouts = Callouts(root: root, notice: notice)
    self.witnesses =
      witnesses + [CalloutWitness(callouts: callouts, refusals: refusals, notice: notice)]
  }
}
