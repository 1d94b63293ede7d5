// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevJSON
import MdevModel
import MdevOperations

extension Output {
  static func text(of plan: DriverPlan) -> String {
    switch plan.mechanism {
    case .driverOverride: text(of: plan, by: "driver_override")
    case .binding: text(of: plan, by: "unbind and bind")
    case .masks(let masks): text(of: masks)
    }
  }

  private static func text(of plan: DriverPlan, by means: String) -> String {
    plan.steps.map { step in
      "\(step.before.device): \(step.before.driver?.name ?? "(none)") -> \(words(for: step.goal)), "
        + "by \(means)\(plan.isSaved ? "" : ", until the next boot")\n"
    }
    .joined()
      + plan.forgotten.map {
        "\($0): only what is stored for it goes, since it is not there or has no driver_override\n"
      }
      .joined()
  }

  private static func words(for goal: DriverRequest.Goal) -> String {
    switch goal {
    case .driver(let driver): driver.name
    case .nobody: "(none)"
    case .anybody: "(the kernel's choice)"
    }
  }

  private static func text(of plan: MaskPlan) -> String {
    var text = "by changing the AP masks:\n"
    for (scope, change) in [("active", plan.active), ("persistent", plan.persistent)] {
      guard let change else { continue }
      for name in APMaskName.allCases where change.before[name] != change.after[name] {
        text += "\(scope) \(name): \(list(change.before[name])) -> \(list(change.after[name]))\n"
      }
    }
    text += plan.removed.map { "persistent \($0): stored no longer\n" }.joined()
    guard plan.handovers != plan.persistentHandovers else {
      return text + lines(for: plan.handovers, of: plan, at: "now and at the next boot")
        + lines(for: plan.unbound, of: plan, at: "now, since no driver has it")
    }
    return text + lines(for: plan.handovers, of: plan, at: "now")
      + lines(for: plan.unbound, of: plan, at: "now, since no driver has it")
      + lines(for: plan.persistentHandovers, of: plan, at: "at the next boot")
  }

  private static func lines(
    for handovers: [APHandover], of plan: MaskPlan, at time: String
  ) -> String {
    handovers.map { handover in
      let isExtra = !plan.requested.isEmpty && !plan.requested.contains(handover.queue)
      return "\(handover.queue.nameAndNumber) -> \(handover.receiver.rawValue) \(time)"
        + (isExtra ? ", not requested\n" : "\n")
    }
    .joined()
  }

  /// The bits of a mask, for people.
  static func list(_ mask: APMask) -> String { mask == .none ? "(none)" : mask.list }

  static func json(of plan: DriverPlan) -> JSONValue {
    var members = [JSONValue.Member("saved", .boolean(plan.isSaved))]
    switch plan.mechanism {
    case .driverOverride, .binding:
      let isOverride = plan.mechanism == .driverOverride
      members.append(
        JSONValue.Member("mechanism", .string(isOverride ? "driver_override" : "bind")))
      members.append(JSONValue.Member("devices", .array(plan.steps.map { json(of: $0) })))
      members.append(JSONValue.Member("forgotten", .array(plan.forgotten.map { .string("\($0)") })))
    case .masks(let masks):
      members.append(JSONValue.Member("mechanism", .string("masks")))
      members += self.members(of: masks)
    }
    return .object(members)
  }

  private static func json(of step: DriverPlan.Step) -> JSONValue {
    .object([
      JSONValue.Member("device", .string("\(step.before.device)")),
      JSONValue.Member("driver", string(step.before.driver?.name)),
      JSONValue.Member("override", string(step.goal.override?.name)),
    ])
  }

  private static func members(of plan: MaskPlan) -> [JSONValue.Member] {
    let scopes = [
      (Moment.now, plan.active, plan.handovers + plan.unbound),
      (Moment.boot, plan.persistent, plan.persistentHandovers),
    ]
    return scopes.compactMap { moment, change, handovers in
      guard let change else { return nil }
      let changes = APMaskName.allCases.map { mask in
        JSONValue.Member(
          mask.rawValue,
          .object([
            JSONValue.Member("before", .string("\(change.before[mask])")),
            JSONValue.Member("after", .string("\(change.after[mask])")),
          ]))
      }
      let queues = JSONValue.array(handovers.map { json(of: $0, plan) })
      return JSONValue.Member(
        moment.rawValue, .object(changes + [JSONValue.Member("queues", queues)]))
    }
  }

  private static func json(of handover: APHandover, _ plan: MaskPlan) -> JSONValue {
    .object([
      JSONValue.Member("queue", .string("\(handover.queue)")),
      JSONValue.Member("to", .string(handover.receiver.rawValue)),
      JSONValue.Member(
        "requested", .boolean(plan.requested.isEmpty || plan.requested.contains(handover.queue))),
    ])
  }
}
