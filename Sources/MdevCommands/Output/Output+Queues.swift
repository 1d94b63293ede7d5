// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel
import MdevOperations
import MdevPlanning

/// A queue in a table.
struct QueueRow {
  let queue: APQueue
  let report: QueueReport

  static let columns: [Column<QueueRow>] = [
    Column("queue", "The queue, with hexadecimal numbers.") { "\($0.queue)" },
    Column("apqn", "Adapter and domain in decimal.") {
      "\($0.queue.adapter).\($0.queue.domain)"
    },
    Column("now", "Who has it: 'host', 'vfio' or the uuid of a device.") { $0.owner(at: .now) },
    Column("boot", "The same after the next boot.") { $0.owner(at: .boot) },
    Column("bound", "'yes' if vfio_ap has it for its driver.", isUsual: false) {
      $0.report.ap.bound.contains($0.queue).word
    },
  ]

  private func owner(at moment: Moment) -> String {
    report.map.owner(of: queue, at: moment).word ?? ""
  }
}

extension QueueMap.Owner {
  /// A word, or the uuid of the device; `nil` where there is no queue.
  fileprivate var word: String? {
    switch self {
    case .absent: nil
    case .host: "host"
    case .free, .onDemand: "vfio"
    case .device(let uuid): "\(uuid)"
    }
  }
}

extension Output {
  static func table(
    of report: QueueReport, _ queues: [APQueue], in style: TableStyle
  ) -> Table {
    let free = queues.count { report.map.owner(of: $0, at: .now) != .host }
    return QueueRow.columns.table(
      of: queues.map { QueueRow(queue: $0, report: report) }, in: style,
      summary: summary(queues.count, "queue", ", \(free) given to vfio_ap now"))
  }

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
                    moment.rawValue, string(report.map.owner(of: queue, at: moment).word))
                })
          })),
    ])
  }

  private static func json(now: APMask, boot: APMask) -> JSONValue {
    .object([
      JSONValue.Member("now", .string("\(now)")), JSONValue.Member("boot", .string("\(boot)")),
    ])
  }
}

extension APQueue {
  /// The name that the kernel has for the queue, with its numbers as masks and s390-tools have
  /// them: `05.00ab (APQN 5.171)`.
  var nameAndNumber: String { "\(self) (APQN \(adapter).\(domain))" }
}
