// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel
import MdevOperations
import MdevPlanning

extension Output {
  /// A line for each change, then what stays though the file does not have it any more.
  static func text(of differences: HostDifferences) -> String {
    let gone = differences.left.filter { $0.reason == .gone }
    return differences.changes.map { "\(words(of: $0, differences.tags))\n" }.joined()
      + gone.map { piece in
        "left \(piece.piece.words(differences.tags)): not in the file any more; --prune removes it\n"
      }
      .joined()
  }

  /// The same of what was done.
  static func text(of applied: AppliedHost) -> String {
    let (differences, tags) = (applied.differences, applied.differences.tags)
    let done = applied.results.filter { if case .done = $0.result { true } else { false } }
    var text = done.map { "\(words(of: $0.change, tags))\n" }.joined()
    if applied.results.isEmpty, differences.changes.isEmpty { text += "nothing to do\n" }
    let foreign = differences.left.count { $0.reason != .gone }
    let gone = differences.left.count - foreign
    if gone > 0 {
      text += "\(count(gone, "thing")) of '\(differences.owner)' \(gone == 1 ? "is" : "are")"
      text += " left that the file does not have any more (--prune removes)\n"
    }
    if foreign > 0 {
      text +=
        "\(count(foreign, "thing")) of the file \(foreign == 1 ? "is" : "are") there as it says,"
      text += " and not of '\(differences.owner)' (--adopt takes over)\n"
    }
    return text
  }

  /// Writes to stderr what was not done.
  static func complain(about applied: AppliedHost) {
    for result in applied.results {
      let words = words(of: result.change, applied.differences.tags)
      switch result.result {
      case .done: continue
      case .pending(let reason): warn([Warning("pending: \(words): \(reason)")])
      case .failed(let reason): complain("\(words): \(reason)")
      case .skipped: complain("\(words): not tried, since another change failed")
      }
    }
  }

  private static func words(
    of change: HostChange, _ tags: [DeviceIdentity: OwnedParts.Tag]
  ) -> String {
    let subject =
      change.pieces.count == 1
      ? change.pieces[0].words(tags)
      : change.pieces.map { $0.words(tags) }.joined(separator: " and ")
    let details = change.details
    return "\(change.action) \(subject)\(details.isEmpty ? "" : ": \(details)")"
  }

  // MARK: - JSON

  static func json(of differences: HostDifferences) -> JSONValue {
    json(of: differences, changes: differences.changes.map { json(of: $0, differences.tags) })
  }

  static func json(of applied: AppliedHost) -> JSONValue {
    let changes = applied.results.map { result -> JSONValue in
      guard case .object(var members) = json(of: result.change, applied.differences.tags) else {
        return .null
      }
      let (word, reason) = result.result.words
      members.append(JSONValue.Member("result", .string(word)))
      if let reason { members.append(JSONValue.Member("reason", .string(reason))) }
      return .object(members)
    }
    return json(of: applied.differences, changes: changes)
  }

  private static func json(
    of differences: HostDifferences, changes: [JSONValue]
  ) -> JSONValue {
    .object([
      JSONValue.Member("owner", .string(differences.owner.name)),
      JSONValue.Member("changes", .array(changes)),
      JSONValue.Member(
        "left",
        .array(
          differences.left.map { left in
            var members = left.piece.json(differences.tags)
            if case .foreign(let owner) = left.reason {
              members.append(
                JSONValue.Member("owner", owner.map { .string($0.name) } ?? .null))
            } else {
              members.append(JSONValue.Member("owner", .string(differences.owner.name)))
            }
            return .object(members)
          })),
      JSONValue.Member(
        "faults", .array(differences.faults.map { .string($0.words) })),
    ])
  }

  private static func json(
    of change: HostChange, _ tags: [DeviceIdentity: OwnedParts.Tag]
  ) -> JSONValue {
    var members =
      change.pieces.count == 1
      ? change.pieces[0].json(tags)
      : [JSONValue.Member("kind", .string("ap")), JSONValue.Member("subject", .string("masks"))]
    members.append(JSONValue.Member("action", .string(change.action)))
    if let (from, to) = change.sides {
      members += [JSONValue.Member("from", from), JSONValue.Member("to", to)]
    }
    return .object(members)
  }
}

extension HostPiece {
  /// What it is called, for people.
  func words(_ tags: [DeviceIdentity: OwnedParts.Tag]) -> String {
    switch self {
    case .device(let identity):
      "device \(identity.uuid)" + (tags[identity]?.label.map { " (\($0))" } ?? "")
        + " on \(identity.parent)"
    case .driver(let device): "driver of \(device)"
    case .mask(let name): "\(name)"
    case .card(let card): "card \(card)"
    }
  }

  fileprivate func json(_ tags: [DeviceIdentity: OwnedParts.Tag]) -> [JSONValue.Member] {
    let (kind, subject) =
      switch self {
      case .device(let identity): ("device", "\(identity.uuid)")
      case .driver(let device): ("driver", "\(device)")
      case .mask(let name): ("ap", name.rawValue)
      case .card(let card): ("vgpu", "\(card)")
      }
    var members = [
      JSONValue.Member("kind", .string(kind)), JSONValue.Member("subject", .string(subject)),
    ]
    if case .device(let identity) = self {
      members.append(JSONValue.Member("parent", .string(identity.parent.name)))
      let label = tags[identity]?.label
      members.append(JSONValue.Member("name", label.map { .string("\($0)") } ?? .null))
    }
    return members
  }
}

extension HostChange {
  /// One word for what is done, in text and in JSON.
  fileprivate var action: String {
    switch self {
    case .define: "define"
    case .modify: "modify"
    case .undefine: "undefine"
    case .setDriver, .setMasks, .setCard: "set"
    case .unsetDriver, .unsetMasks, .unsetCard: "unset"
    case .loadDriver, .loadMasks, .restoreCard: "load"
    case .start: "start"
    case .renew: "renew"
    case .stop: "stop"
    case .own: "own"
    }
  }

  /// What there is and what there will be, for people.
  fileprivate var details: String {
    switch self {
    case .define(let device), .undefine(let device): device.definition.words
    case .modify(let device, let old): device.definition.words(instead: old)
    case .setDriver(_, let driver, let old): "\(old?.name ?? "none stored") -> \(driver)"
    case .unsetDriver(_, let old): "\(old) -> none stored"
    case .loadDriver(_, let driver, let old): "\(old?.name ?? "no driver") -> \(driver)"
    case .setMasks(let masks, let old), .loadMasks(let masks, let old):
      masks.sorted { $0.key < $1.key }.map { name, mask in
        "\(old[name].map { "\($0.words) -> " } ?? "")\(mask.words)"
      }
      .joined(separator: " and ")
    case .unsetMasks(let masks):
      masks.sorted { $0.key < $1.key }.map { $0.value.words }.joined(separator: " and ")
    case .setCard(let card, let old):
      (old.map { "\($0.json.text(.compact)) -> " } ?? "") + card.json.text(.compact)
    case .unsetCard(_, let old): old.json.text(.compact)
    case .renew: "it runs as it was defined before"
    case .restoreCard, .start, .stop, .own: ""
    }
  }

  /// The same for programs, where there is more than one side to it.
  fileprivate var sides: (from: JSONValue, to: JSONValue)? {
    switch self {
    case .define(let device): (.null, device.definition.json)
    case .modify(let device, let old): (old.json, device.definition.json)
    case .undefine(let device): (device.definition.json, .null)
    case .setDriver(_, let driver, let old), .loadDriver(_, let driver, let old):
      (old?.json ?? .null, driver.json)
    case .unsetDriver(_, let old): (old.json, .null)
    case .setMasks(let masks, let old), .loadMasks(let masks, let old): (old.json, masks.json)
    case .unsetMasks(let masks): (masks.json, .null)
    case .setCard(let card, let old): (old?.json ?? .null, card.json)
    case .unsetCard(_, let old): (old.json, .null)
    case .restoreCard, .start, .renew, .stop, .own: nil
    }
  }
}

extension DriverName {
  fileprivate var json: JSONValue { .object([JSONValue.Member("driver", .string(name))]) }
}

extension APMask {
  fileprivate var words: String { self == .none ? "(none)" : list }
}

extension DeviceDefinition {
  fileprivate var words: String {
    ([type.name, start.rawValue] + attributes.map(\.words)).joined(separator: ", ")
  }

  fileprivate func words(instead old: DeviceDefinition) -> String {
    var changes: [String] = []
    if type != old.type { changes.append("\(old.type) -> \(type)") }
    if start != old.start { changes.append("\(old.start.rawValue) -> \(start.rawValue)") }
    if attributes != old.attributes {
      let (before, after) = (old.attributes, attributes)
      changes.append("\(before.list) -> \(after.list)")
    }
    return changes.joined(separator: ", ")
  }
}

extension DeviceAttribute {
  fileprivate var words: String { "\(name)=\(value)" }
}

extension [DeviceAttribute] {
  fileprivate var list: String {
    isEmpty ? "no attributes" : map(\.words).joined(separator: " ")
  }
}

extension AppliedChange.Result {
  fileprivate var words: (word: String, reason: String?) {
    switch self {
    case .done: ("done", nil)
    case .pending(let reason): ("pending", "\(reason)")
    case .failed(let reason): ("failed", "\(reason)")
    case .skipped: ("skipped", nil)
    }
  }
}

extension HostFault {
  /// One sentence, behind where it stands in the file.
  var words: String { (place.map { "\($0): " } ?? "") + reason.words }
}

extension HostFault.Reason {
  fileprivate var words: String {
    switch self {
    case .twice(let piece): "\(piece.words([:])) is in the file twice"
    case .nameTwice(let label): "another device of the file is called '\(label)', too"
    case .foreign(let piece, nil):
      "\(piece.words([:])) is there already, otherwise than the file says and made by hand"
    case .foreign(let piece, let owner?):
      "\(piece.words([:])) is there already, otherwise than the file says and looked after by "
        + "'\(owner)'"
    case .noAPBus: "this host has no AP bus"
    case .start(let problem): problem.words
    case .other(let cause): "\(cause)"
    }
  }
}
