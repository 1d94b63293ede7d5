// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel

extension Output {
  static func text(of plan: BootPlan) -> String {
    var lines = plan.overrides.map { override in
      "driver \(override.device) \(override.driver)"
        + (override.isPresent ? "" : ": this host has no such device")
    }
    if let masks = plan.masks {
      lines.append("masks apmask=\(masks.adapters.list) aqmask=\(masks.domains.list)")
    }
    lines += plan.parents.map { "parent \($0.name) \($0.state.words)" }
    lines += plan.devices.map { planned in
      let identity = planned.device.identity
      return "device \(identity.uuid) \(identity.parent) \(planned.verdict.words)"
    }
    return lines.map { $0 + "\n" }.joined()
  }

  static func json(of plan: BootPlan) -> JSONValue {
    let masks = plan.masks.map { [JSONValue.Member("masks", json(of: $0))] } ?? []
    let overrides = JSONValue.Member("overrides", .array(plan.overrides.map { json(of: $0) }))
    return .object(
      [overrides] + masks + [
        JSONValue.Member(
          "parents",
          .array(
            plan.parents.map { parent in
              .object([
                JSONValue.Member("parent", .string(parent.name.name)),
                JSONValue.Member("state", .string(parent.state.rawValue)),
              ])
            })),
        JSONValue.Member("devices", .array(plan.devices.map { json(of: $0) })),
      ])
  }

  private static func json(of override: BootPlan.Override) -> JSONValue {
    .object([
      JSONValue.Member("device", .string("\(override.device)")),
      JSONValue.Member("driver", .string(override.driver.name)),
      JSONValue.Member("state", .string(override.isPresent ? "present" : "missing")),
    ])
  }

  private static func json(of masks: APMasks) -> JSONValue {
    .object([
      JSONValue.Member("apmask", .string("\(masks.adapters)")),
      JSONValue.Member("aqmask", .string("\(masks.domains)")),
    ])
  }

  private static func json(of planned: BootPlan.Device) -> JSONValue {
    let reasons = planned.verdict.reasons
    return .object(
      identity(planned.device.identity) + [
        JSONValue.Member("state", .string(planned.verdict.word))
      ]
        + (reasons.isEmpty
          ? [] : [JSONValue.Member("reasons", .array(reasons.map { .string($0) }))]))
  }
}

extension BootPlan.Parent.State {
  fileprivate var words: String {
    switch self {
    case .present: "is there"
    case .idle: "is there, but offers no mediated devices"
    case .missing: "is not there"
    }
  }
}

extension StartVerdict {
  /// For programs.
  fileprivate var word: String {
    switch self {
    case .starts: "starts"
    case .alreadyRunning: "running"
    case .fails: "fails"
    case .mayFail: "may-fail"
    }
  }

  /// Each obstacle.
  fileprivate var reasons: [String] {
    switch self {
    case .starts, .alreadyRunning: []
    case .mayFail(let obstacle): ["\(obstacle)"]
    case .fails(let obstacles): obstacles.map(\.description)
    }
  }

  fileprivate var words: String {
    let reasons = reasons.joined(separator: "; ")
    return switch self {
    case .starts: "starts"
    case .alreadyRunning: "runs already"
    case .fails: "fails: \(reasons)"
    case .mayFail: "may fail: \(reasons)"
    }
  }
}
