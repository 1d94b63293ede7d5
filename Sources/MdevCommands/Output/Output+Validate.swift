// SPDX-License-Identifier: Apache-2.0

import MdevCallouts
import MdevHost
import MdevJSON
import MdevModel
import MdevOperations
import MdevPlanning

extension Output {
  /// Says as a callout what there is to say: answers on stdout, reasons as they are on stderr.
  static func answer(_ reply: CalloutReply) throws {
    switch reply {
    case .consent(let problems): warn(problems.map { Warning($0.words) })
    case .capabilities(let capabilities): try write(json(of: capabilities))
    case .attributes(let attributes): try write(json(of: attributes))
    case .notServed: break
    case .refusal(let lines): refuse(lines)
    case .cannotStart(let device, let obstacles):
      refuse(CalloutWords.lines(for: obstacles, of: device))
    case .definitionConflict(let device, let consequences):
      refuse(CalloutWords.lines(for: consequences, of: device))
    case .unable(let line): refuse([line])
    }
  }

  private static func refuse(_ lines: [String]) { write(lines) }

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
