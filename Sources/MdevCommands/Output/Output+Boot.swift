// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevJSON
import MdevModel
import MdevOperations

extension AutostartResult {
  /// One word for the state, for programs.
  fileprivate var word: String {
    switch state {
    case .started: "started"
    case .alreadyRunning: "running"
    case .wouldStart: "would-start"
    case .wouldFail: "would-fail"
    case .failed: "failed"
    case .parentMissing: "parent-missing"
    }
  }

  /// The device's outcome, for people.
  var words: String {
    switch state {
    case .started: "started"
    case .alreadyRunning: "already running"
    case .wouldStart: "would be started"
    case .wouldFail(OperationError.cannotStart(let device, let obstacles)),
      .failed(OperationError.cannotStart(let device, let obstacles)):
      OperationError.reasons(of: obstacles, device).joined(separator: "; ")
    case .wouldFail(let error), .failed(let error): "\(error)"
    case .parentMissing: "Unable to find parent device '\(identity.parent)'"
    }
  }
}

extension DeviceStatus {
  fileprivate var definition: DeviceDefinition? {
    switch state {
    case .running(let definition), .stopped(let definition), .parentMissing(let definition):
      definition
    case .transient, .unreadable: nil
    }
  }

  fileprivate var type: TypeName? {
    if case .transient(let type) = state { type } else { definition?.type }
  }

  fileprivate var words: String {
    switch state {
    case .running: "running"
    case .transient: "transient"
    case .stopped: "stopped"
    case .parentMissing: "parent-missing"
    case .unreadable: "unreadable"
    }
  }

  /// The fault of the device, and its time if that is known.
  fileprivate var fault: (reason: String, time: String?)? {
    if case .unreadable(let reason) = state { return (reason, nil) }
    return lastFailure.map { ($0.reason, $0.time) }
  }
}

extension HostStatus {
  /// Those who have a device open; nobody has a definition.
  fileprivate func users(of device: DeviceStatus) -> [DeviceUser] {
    switch device.state {
    case .running, .transient: users[device.identity.uuid] ?? []
    case .stopped, .parentMissing, .unreadable: []
    }
  }
}

/// A line of the listing of how devices fare: of a mediated device, of a card with stored functions,
/// of such a function, or of a host file that failed.
struct StatusRow {
  let device: String
  var parent = ""
  var type = ""
  var start = ""
  let state: String
  var users: [DeviceUser] = []
  var fault: (reason: String, time: String?)?
  /// What is to be said of it besides.
  var remark: String?

  static let columns: [Column<StatusRow>] = [
    Column("device", "The uuid of the device, the address of a card or function, or the host file.")
    { $0.device },
    Column("parent", "The device that it is a part of.") { $0.parent },
    Column("type", "Its type, or the number of a vGPU type.") { $0.type },
    Column("start", "'auto' or 'manual'.") { $0.start },
    Column("state", "What it is now.") { $0.state },
    Column("users", "Who has it open.", .freeText) { $0.users.words },
    Column("reason", "The reason why it did not start.", .freeText, isUsual: false) {
      $0.fault?.reason ?? $0.remark ?? ""
    },
    Column("time", "The time when it was last tried.", isUsual: false) { $0.fault?.time ?? "" },
  ]

  /// Lines about it below its own.
  var notes: [String] {
    let failure = fault.map { fault in
      (fault.time.map { "failed at \($0): " } ?? "") + fault.reason
    }
    return [remark, failure].compactMap { $0 }
  }
}

extension StatusRow {
  fileprivate init(_ file: HostFileStatus) {
    self.init(
      device: file.path, state: "failed", fault: (file.failure.reason, file.failure.time))
  }

  fileprivate init(_ status: DeviceStatus, _ users: [DeviceUser]) {
    self.init(
      device: "\(status.identity.uuid)", parent: status.identity.parent.name,
      type: status.type?.name ?? "", start: status.definition?.start.rawValue ?? "",
      state: status.words, users: users, fault: status.fault)
  }

  /// The lines of a card: one of its own where something is wrong with it, and one for each function
  /// that a type is stored for.
  fileprivate static func rows(
    of card: CardStatus, _ users: [PCIAddress: [DeviceUser]]
  ) -> [StatusRow] {
    let functions = card.functions.map { function in
      StatusRow(
        device: "\(function.address)", parent: "\(card.card)", type: "\(function.stored.id)",
        start: StartPolicy.auto.rawValue, state: function.state.rawValue,
        users: users[function.address] ?? [])
    }
    guard card.fault != nil || card.word != "running" else { return functions }
    return [
      StatusRow(
        device: "\(card.card)", state: card.word, fault: card.fault, remark: card.shortage)
    ] + functions
  }
}

extension Output {
  static func text(of results: [AutostartResult]) -> String {
    results.map { result in
      let words =
        switch result.state {
        case .failed: "failed: \(result.words)"
        case .wouldFail: "would fail: \(result.words)"
        default: result.words
        }
      return "\(result.identity.uuid) \(result.identity.parent) \(words)\n"
    }
    .joined()
  }

  static func json(of results: [AutostartResult]) -> JSONValue {
    .array(
      results.map { result in
        let reason = result.isRunning ? [] : [JSONValue.Member("reason", .string(result.words))]
        return .object(
          identity(result.identity) + [JSONValue.Member("state", .string(result.word))] + reason)
      })
  }

  static func table(of status: HostStatus, in style: TableStyle) -> Table {
    let rows =
      status.devices.map { StatusRow($0, status.users(of: $0)) }
      + status.cards.flatMap { StatusRow.rows(of: $0, status.functionUsers) }
    let running = rows.count { $0.state == "running" || $0.state == "transient" }
    let failed = rows.count { $0.fault != nil }
    return StatusRow.columns.table(
      of: rows + (status.hostFile.map { [StatusRow($0)] } ?? []), in: style,
      summary: summary(
        rows.count, "device", ", \(running) running" + (failed == 0 ? "" : ", \(failed) failed")),
      notes: { $0.notes })
  }

  static func json(of status: HostStatus) -> JSONValue {
    .array(
      status.devices.map { json(of: $0, status.users(of: $0)) }
        + status.cards.flatMap { json(of: $0, status.functionUsers) }
        + (status.hostFile.map { [json(of: $0)] } ?? []))
  }

  private static func json(of file: HostFileStatus) -> JSONValue {
    .object([
      JSONValue.Member("host_file", .string(file.path)),
      JSONValue.Member("state", .string("failed")),
      JSONValue.Member("reason", .string(file.failure.reason)),
      JSONValue.Member("time", .string(file.failure.time)),
    ])
  }

  private static func json(of status: DeviceStatus, _ users: [DeviceUser]) -> JSONValue {
    var members = identity(status.identity)
    if let type = status.type {
      members.append(JSONValue.Member("mdev_type", .string(type.name)))
    }
    if let start = status.definition?.start {
      members.append(JSONValue.Member("start", .string(start.rawValue)))
    }
    members.append(JSONValue.Member("state", .string(status.words)))
    members.append(JSONValue.Member("users", users.json))
    if let fault = status.fault {
      members.append(JSONValue.Member("reason", .string(fault.reason)))
      if let time = fault.time { members.append(JSONValue.Member("time", .string(time))) }
    }
    return .object(members)
  }

  static func identity(_ identity: DeviceIdentity) -> [JSONValue.Member] {
    [
      JSONValue.Member("uuid", .string(identity.uuid.description)),
      JSONValue.Member("parent", .string(identity.parent.name)),
    ]
  }
}
