// SPDX-License-Identifier: Apache-2.0

package import MdevModel

extension Operations {
  /// What the next boot, or an autostart now, would do; what can't be read is warned of.
  package func plan(atBoot: Bool) -> Outcome<BootPlan> {
    let (view, faults) = reader.view(.starts)
    return Outcome(
      atBoot ? .boot(view) : .now(view),
      warnings: faults.filter { $0.rule.costsThePlan }.map { Warning($0.message) })
  }
}

extension Finding.Rule {
  /// Whether something is missing in a plan when this was found.
  fileprivate var costsThePlan: Bool {
    switch self {
    case .unreadable, .unreadableDefinition, .overrideUnreadable: true
    default: false
    }
  }
}
