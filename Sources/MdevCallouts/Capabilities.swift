// SPDX-License-Identifier: Apache-2.0

import MdevJSON

/// The calls that a script says it serves, in answer to `get capabilities`.
package struct Capabilities: Hashable, Sendable {
  package let version: Int
  package let events: Set<CalloutEvent>
  package let actions: Set<CalloutAction>

  package init(version: Int, events: Set<CalloutEvent>, actions: Set<CalloutAction>) {
    self.version = version
    self.events = events
    self.actions = actions
  }

  /// The words of this program about itself on the script's stdin.
  static let provided =
    #"{"provides":{"version":2,"#
    + #""actions":["start","stop","define","undefine","modify","attributes","capabilities"],"#
    + #""events":["pre","post","notify","get","live"]}}"#

  /// Reads `{"supports":{"version","actions","events"}}`; `nil` for anything else.
  ///
  /// Scripts that know nothing of capabilities say all kinds of things, and an answer without
  /// events or actions is one of these. Words that are not known here are passed over.
  init?(answer: [UInt8]) {
    guard let json = try? JSONValue(parsing: answer.withoutTrailingNULs),
      let supports = json["supports"], case .integer(let version) = supports["version"],
      case .array(let events) = supports["events"], case .array(let actions) = supports["actions"]
    else { return nil }
    self.version = version
    self.events = Set(Capabilities.words(events).compactMap { CalloutEvent(rawValue: $0) })
    self.actions = Set(Capabilities.words(actions).compactMap { CalloutAction(rawValue: $0) })
  }

  /// True if the script wants to be called so.
  func include(_ call: Call) -> Bool {
    events.contains(call.event) && actions.contains(call.action)
  }

  private static func words(_ elements: [JSONValue]) -> [String] {
    elements.compactMap { if case .string(let word) = $0 { word } else { nil } }
  }
}

extension [UInt8] {
  /// Some scripts are C programs that print the end of their strings as well.
  var withoutTrailingNULs: [UInt8] {
    Array(self[..<((lastIndex { $0 != 0 } ?? -1) + 1)])
  }
}
