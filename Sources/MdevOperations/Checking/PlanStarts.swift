// SPDX-License-Identifier: Apache-2.0

package import MdevModel
package import MdevPlanning

/// The plan of what starts.
package struct PlanStarts: Sendable {
  let reader: HostReader

  /// Tells what an autostart now, or the next boot, would do, with the problems for which something
  /// may be missing in it.
  package func run(at moment: Moment) -> (plan: StartPlan, problems: [Problem]) {
    let (host, problems) = reader.snapshot(.starts)
    return (StartPlan(host, at: moment), problems.filter(\.costsThePlan))
  }
}
