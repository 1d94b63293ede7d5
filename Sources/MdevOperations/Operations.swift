// SPDX-License-Identifier: Apache-2.0

package import MdevHost
import MdevModel
import MdevStore

/// What can be done with mediated devices, one file for each use case.
package struct Operations: Sendable {
  let root: SystemRoot
  let store: DefinitionStore
  let bus: MediatedDeviceBus
  let witnesses: [any ChangeWitness]

  /// The operations of the host at `root`; every change is shown to `witnesses`, in order.
  package init(root: SystemRoot, witnesses: [any ChangeWitness] = []) {
    self.root = root
    self.witnesses = witnesses
    store = DefinitionStore(root: root)
    bus = MediatedDeviceBus(root: root)
  }
}
