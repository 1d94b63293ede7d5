// SPDX-License-Identifier: Apache-2.0

import MdevCallouts
import MdevHost
import MdevJSON
import MdevModel
import MdevOperations

extension Output {
  /// Says as a callout what there is to say: answers on stdout, reasons as they are on stderr.
  static func answer(_ reply: CalloutReply) throws {
    switch reply {
    case .consent(let warnings): try warn(warnings)
    case .capabilities(let capabilities): try write(json(of: capabilities))
    case .attributes(let attributes): try write(json(of: attributes))
    case .notServed: break
    case .refusal(let lines):
      try StandardStream.error.write(lines.map { $0 + "\n" }.joined())
    case .unable(let line): try StandardStream.error.write(line + "\n")
    }
  }

  private static func write(_ json: JSONValue) throws {
    try StandardStream.output.write(json.text(.compact) + "\n")
  }

  private static func json(of capabilities: Capabilities) -> JSONValue {
    let events = CalloutEvent.allCases.filter(capabilities.events.contains)
    let actions = CalloutAction.allCases.filter(capabilities.actions.contains)
    return .object([
      JSONValue.Member(
        "supports",
        .object([
          JSONValue.Member("version", .integer(capabilities.version)),
          JSONValue.Member("actions", .array(actions.map { .string($0.rawValue) })),
          JSONValue.Member("events", .array(events.map { .string($0.rawValue) })),
        ]))
    ])
  }

  /// One empty object stands for none, as mdevctl takes it.
  private static func json(of attributes: [DeviceAttribute]) -> JSONValue {
    attributes.isEmpty ? .array([.object([])]) : attributes.json
  }
}
