// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel
import MdevOperations

extension Output {
  static func text(of queues: QueueTable) -> String {
    let domains = Set(queues.rows.map(\.queue.domain)).sorted()
    let cells = Dictionary(uniqueKeysWithValues: queues.rows.map { ($0.queue, cell(for: $0)) })
    let header = [""] + domains.map { APQueue.hex($0, 4) }
    let rows = Set(queues.rows.map(\.queue.adapter)).sorted().map { adapter in
      [APQueue.hex(adapter, 2)]
        + domains.map { cells[APQueue(adapter: adapter, domain: $0)] ?? "" }
    }
    return "apmask \(masks(queues.active.adapters, queues.persistentAdapters))\n"
      + "aqmask \(masks(queues.active.domains, queues.persistentDomains))\n"
      + (rows.isEmpty ? "" : "\n" + table(of: [header] + rows))
  }

  private static func masks(_ active: APMask, _ persistent: APMask?) -> String {
    "\(list(active))/\(persistent.map { list($0) } ?? "-")"
  }

  private static func cell(for row: QueueTable.Row) -> String {
    "\(words(for: row.active))/\(row.persistent.map { words(for: $0) } ?? "-")"
  }

  private static func words(for owner: QueueOwner) -> String {
    switch owner {
    case .host: "host"
    case .vfio: "vfio"
    case .device(let uuid): "\(uuid)"
    }
  }

  static func json(of queues: QueueTable) -> JSONValue {
    .object([
      JSONValue.Member(
        "apmask", json(active: queues.active.adapters, persistent: queues.persistentAdapters)),
      JSONValue.Member(
        "aqmask", json(active: queues.active.domains, persistent: queues.persistentDomains)),
      JSONValue.Member(
        "queues",
        .array(
          queues.rows.map { row in
            .object([
              JSONValue.Member("queue", .string("\(row.queue)")),
              JSONValue.Member("driver", string(row.driver?.name)),
              JSONValue.Member("active", .string(words(for: row.active))),
              JSONValue.Member("persistent", string(row.persistent.map { words(for: $0) })),
            ])
          })),
    ])
  }

  private static func json(active: APMask, persistent: APMask?) -> JSONValue {
    .object([
      JSONValue.Member("active", .string("\(active)")),
      JSONValue.Member("persistent", string(persistent?.description)),
    ])
  }
}
