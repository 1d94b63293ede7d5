// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel
import MdevPlanning

/// A device in a table of a plan.
struct PlanRow {
  let planned: StartPlan.Device
  let moment: Moment

  static let columns: [Column<PlanRow>] = [
    Column("uuid", "The uuid of the device.") { "\($0.planned.device.identity.uuid)" },
    Column("parent", "The device that it is a part of.") {
      $0.planned.device.identity.parent.name
    },
    Column("type", "Its type.") { $0.planned.device.definition.type.name },
    Column("state", "What will come of it.") { $0.planned.verdict.word },
    Column("reason", "The reason why it fails, or may.", .freeText) {
      $0.planned.verdict.reasons(for: $0.planned.device, at: $0.moment).joined(separator: "; ")
    },
  ]
}

extension Output {
  static func table(of plan: StartPlan, in style: TableStyle) -> Table {
    let fails = plan.devices.count { !$0.verdict.obstacles.isEmpty }
    return PlanRow.columns.table(
      of: plan.devices.map { PlanRow(planned: $0, moment: plan.moment) }, in: style,
      summary: summary(plan.devices.count, "device", ", \(fails) that may not start"))
  }

  static func text(of plan: StartPlan) -> String {
    var lines = plan.overrides.map { override in
      "driver \(override.device) \(override.driver)"
        + (override.isPresent ? "" : ": this host has no such device")
    }
    if let masks = plan.masks {
      lines.append("masks apmask=\(masks.adapters.list) aqmask=\(masks.domains.list)")
    }
    for card in plan.cards { lines += Output.lines(for: card) }
    lines += plan.parents.map { "parent \($0.name) \($0.state.words)" }
    lines += plan.devices.map { planned in
      let identity = planned.device.identity
      return "device \(identity.uuid) \(identity.parent) "
        + planned.verdict.words(for: planned.device, at: plan.moment)
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private static func lines(for card: StartPlan.Card) -> [String] {
    guard card.isPresent else { return ["card \(card.address) missing"] }
    let functions = card.stored.functions.map { " \($0) functions" } ?? ""
    let driver = card.stored.driver.map { " for \($0)" } ?? ""
    return ["card \(card.address)\(functions)\(driver)"]
      + card.stored.types.sorted { $0.key < $1.key }.map { "function \($0) \($1.label)" }
  }

  static func json(of plan: StartPlan) -> JSONValue {
    let masks = plan.masks.map { [JSONValue.Member("masks", json(of: $0))] } ?? []
    let overrides = JSONValue.Member("overrides", .array(plan.overrides.map { json(of: $0) }))
    return .object(
      [overrides] + masks + [
        JSONValue.Member(
          "cards",
          .array(
            plan.cards.map { card in
              .object([
                JSONValue.Member("card", .string("\(card.address)")),
                JSONValue.Member("state", .string(card.isPresent ? "present" : "missing")),
                JSONValue.Member("stored", card.stored.json),
              ])
            })),
        JSONValue.Member(
          "parents",
          .array(
            plan.parents.map { parent in
              .object([
                JSONValue.Member("parent", .string(parent.name.name)),
                JSONValue.Member("state", .string(parent.state.rawValue)),
              ])
            })),
        JSONValue.Member("devices", .array(plan.devices.map { json(of: $0, at: plan.moment) })),
      ])
  }

  private static func json(of override: StartPlan.Override) -> JSONValue {
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

  private static func json(of planned: StartPlan.Device, at moment: Moment) -> JSONValue {
    let reasons = planned.verdict.reasons(for: planned.device, at: moment)
    return .object(
      identity(planned.device.identity) + [
        JSONValue.Member("state", .string(planned.verdict.word))
      ]
        + (reasons.isEmpty
          ? [] : [JSONValue.Member("reason", .string(reasons.joined(separator: "; ")))]))
  }
}

extension StartVerdict {
  /// Each obstacle to a start of the device, in a clause.
  func reasons(for device: MediatedDevice, at moment: Moment) -> [String] {
    obstacles.map {
      $0.clause(
        on: device.identity.parent, device.definition.type, at: [moment], isCertain: isCertain)
    }
  }

  /// The outcome of a start of the device, for people.
  func words(for device: MediatedDevice, at moment: Moment) -> String {
    let reasons = reasons(for: device, at: moment).joined(separator: "; ")
    return switch self {
    case .starts: "starts"
    case .alreadyRunning: "runs already"
    case .fails: "fails: \(reasons)"
    case .mayFail: "may fail: \(reasons)"
    }
  }
}

extension StartPlan.Parent.State {
  fileprivate var words: String {
    switch self {
    case .present: "present"
    case .idle: "present, but offers no mediated devices"
    case .missing: "missing"
    }
  }
}

extension StartVerdict {
  /// For programs.
  var word: String {
    switch self {
    case .starts: "starts"
    case .alreadyRunning: "running"
    case .fails: "fails"
    case .mayFail: "may-fail"
    }
  }
}
