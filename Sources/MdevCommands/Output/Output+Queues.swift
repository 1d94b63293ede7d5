// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel
import MdevOperations
import MdevPlanning

extension Output {
  /// One line for each queue, below each what is wrong with it.
  static func text(of report: QueueReport, _ queues: [APQueue]) -> String {
    queues.map { queue in
      let times = Moment.allCases.filter(report.moments.contains).map { moment in
        "\(moment == .now ? "now" : "at boot") \(words(for: report.map.owner(of: queue, at: moment)))"
      }
      let findings = report.findings.filter { $0.problem.queues?.contains(queue) == true }
      return "\(queue.nameAndNumber)  \(times.joined(separator: ", "))\n"
        + findings.map { "  \($0.problem.severity.rawValue): \($0.problem.words)\n" }.joined()
    }
    .joined()
  }

  private static func words(for owner: QueueMap.Owner) -> String {
    switch owner {
    case .absent: "absent"
    case .host: "the host"
    case .free(isBound: true): "free for vfio_ap"
    case .free(isBound: false): "free for vfio_ap, not bound to it"
    case .device(let uuid): "\(uuid)"
    case .onDemand(let uuid): "\(uuid), when somebody starts it"
    }
  }

  static func json(of report: QueueReport, _ queues: [APQueue]) -> JSONValue {
    .object([
      JSONValue.Member(
        "apmask", json(now: report.ap.now.masks.adapters, boot: report.ap.boot.masks.adapters)),
      JSONValue.Member(
        "aqmask", json(now: report.ap.now.masks.domains, boot: report.ap.boot.masks.domains)),
      JSONValue.Member(
        "queues",
        .array(
          queues.map { queue in
            .object(
              [
                JSONValue.Member("queue", .string("\(queue)")),
                JSONValue.Member("bound", .boolean(report.ap.bound.contains(queue))),
              ]
                + Moment.allCases.map { moment in
                  JSONValue.Member(
                    moment.rawValue, json(of: report.map.owner(of: queue, at: moment)))
                })
          })),
    ])
  }

  private static func json(now: APMask, boot: APMask) -> JSONValue {
    .object([
      JSONValue.Member("now", .string("\(now)")), JSONValue.Member("boot", .string("\(boot)")),
    ])
  }

  /// A word, or the uuid of the device.
  private static func json(of owner: QueueMap.Owner) -> JSONValue {
    switch owner {
    case .absent: .null
    case .host: .string("host")
    case .free, .onDemand: .string("vfio")
    case .device(let uuid): .string("\(uuid)")
    }
  }
}

extension APQueue {
  /// The name that the kernel has for the queue, with its numbers as masks and s390-tools have
  /// them: `05.00ab (APQN 5.171)`.
  var nameAndNumber: String { "\(self) (APQN \(adapter).\(domain))" }
}
