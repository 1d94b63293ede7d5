// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel
package import MdevRules
import MdevStore

/// The listing of the rules that a host should have.
package struct ShowRules: Sendable {
  let overrides: OverrideStore
  let root: SystemRoot

  /// Returns the files that this host should have: owners if any are set, and AP masks if there are
  /// some; with a warning where somebody else could exchange the program that they name.
  package func run(in directory: String?) throws -> Outcome<[RulesFile]> {
    var warnings: [Warning] = []
    do throws(HostError) {
      try refuseForeignProgram(root: root)
    } catch {
      warnings.append(Warning("\(error)"))
    }
    let rules = RulesDirectory(root: root, named: directory)
    let masks = try rules.fileInEffect(RulesFile.masksName)
    let files = try rules.ownRules() + (masks.map { [RulesFile.masks($0.text)] } ?? [])
    return Outcome(files.sorted { $0.name < $1.name }, warnings: warnings)
  }

  /// Returns the rules for the host's initrd; `nil` where no device has its driver that early.
  ///
  /// What can't be read, or written into a rule, is passed over with a warning, for an initrd that
  /// is not made is worse.
  package func forInitrd() throws -> Outcome<RulesFile?> {
    var early: [(device: BusDevice, driver: DriverName)] = []
    var warnings: [Warning] = []
    for device in try overrides.earlyDevices() {
      do throws(StoreError) {
        guard let driver = try overrides.driver(for: device) else { continue }
        guard RulesFile.canName(device, driver) else {
          warnings.append(Warning("rules can't name '\(device)' and its driver '\(driver)'"))
          continue
        }
        early.append((device, driver))
      } catch {
        warnings.append(.ignoredOverride(error))
      }
    }
    return Outcome(early.isEmpty ? nil : .early(early), warnings: warnings)
  }
}
