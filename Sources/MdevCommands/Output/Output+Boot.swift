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
    case .unreadable: nil
    }
  }

  fileprivate var words: String {
    switch state {
    case .running: "running"
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

  static func text(of statuses: [DeviceStatus]) -> String {
    statuses.map { status in
      let definition = status.definition.map { "\($0.type) \($0.start.rawValue)" } ?? "- -"
      let fault = status.fault.map { fault in
        "  \(fault.time.map { "failed at \($0): " } ?? "")\(fault.reason)\n"
      }
      return "\(status.identity.uuid) \(status.identity.parent) \(definition) \(status.words)\n"
        + (fault ?? "")
    }
    .joined()
  }

  static func json(of status: DeviceStatus) -> JSONValue {
    var members = identity(status.identity)
    if let definition = status.definition {
      members.append(JSONValue.Member("mdev_type", .string(definition.type.name)))
      members.append(JSONValue.Member("start", .string(definition.start.rawValue)))
    }
    members.append(JSONValue.Member("state", .string(status.words)))
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
