// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// The plan of what starts.
package struct PlanStarts: Sendable {
  let reader: HostReader

  /// Tells what the next boot, or an autostart now, would do; what can't be read is warned of.
  package func run(atBoot: Bool) -> Outcome<BootPlan> {
    let (view, faults) = reader.view(.starts)
    return Outcome(
      atBoot ? .boot(view) : .now(view),
      warnings: faults.filter { $0.rule.costsThePlan }.map { Warning($0.message) })
  }
}

extension Finding.Rule {
  /// True if something is missing in a plan when this was found.
  fileprivate var costsThePlan: Bool {
    switch self {
    case .unreadable, .unreadableDefinition, .overrideUnreadable: true
    default: false
    }
  }
}
