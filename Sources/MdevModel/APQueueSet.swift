// SPDX-License-Identifier: Apache-2.0

/// Any set of queues of the AP bus: a mask of domains for each adapter.
///
/// A queue costs one bit, and joining or comparing sets 256 words' worth of work at most, however
/// many queues are in them.
package struct APQueueSet: Hashable, Sendable {
  /// One for each adapter that has a queue in the set, by adapter.
  private var rows: [Row] = []

  private struct Row: Hashable, Sendable {
    let adapter: UInt8
    var domains: APMask
  }

  package init() {}

  /// All queues of a matrix.
  package init(_ matrix: APMatrix) {
    guard matrix.domains != .none else { return }
    rows = matrix.adapters.members.map { Row(adapter: $0, domains: matrix.domains) }
  }

  /// All queues of several matrices, joined row by row.
  package init(unionOf matrices: [APMatrix]) {
    var rows = [APMask](repeating: .none, count: 256)
    for matrix in matrices where matrix.domains != .none {
      for adapter in matrix.adapters.members { rows[Int(adapter)].formUnion(matrix.domains) }
    }
    self.init(domainsByAdapter: rows)
  }

  package init(_ queues: some Sequence<APQueue>) {
    for queue in queues { self[queue.adapter][queue.domain] = true }
  }

  /// The queues of these domains, a mask for each adapter from 0 on.
  package init(domainsByAdapter masks: [APMask]) {
    for (adapter, domains) in masks.enumerated() where domains != .none {
      rows.append(Row(adapter: UInt8(adapter), domains: domains))
    }
  }

  /// The domains of an adapter whose queues are in the set.
  package subscript(adapter: UInt8) -> APMask {
    get {
      let place = place(of: adapter)
      return has(adapter, at: place) ? rows[place].domains : .none
    }
    set {
      let place = place(of: adapter)
      switch (has(adapter, at: place), newValue == .none) {
      case (true, true): rows.remove(at: place)
      case (true, false): rows[place].domains = newValue
      case (false, true): return
      case (false, false): rows.insert(Row(adapter: adapter, domains: newValue), at: place)
      }
    }
  }

  /// The adapters that have a queue in the set, in order, with the domains of these queues.
  package var rowsByAdapter: [(adapter: UInt8, domains: APMask)] {
    rows.map { ($0.adapter, $0.domains) }
  }

  /// The first queue, in kernel order.
  package var first: APQueue? {
    rows.first.flatMap { row in
      row.domains.members.first.map { APQueue(adapter: row.adapter, domain: $0) }
    }
  }

  /// The adapters that have a queue in the set.
  package var adapters: APMask { APMask(rows.map(\.adapter)) }

  /// The domains that have a queue in the set.
  package var domains: APMask { rows.reduce(.none) { $0.union($1.domains) } }

  package var isEmpty: Bool { rows.isEmpty }

  /// The number of queues: up to 65536.
  package var count: Int { rows.reduce(0) { $0 + $1.domains.count } }

  package func contains(_ queue: APQueue) -> Bool { self[queue.adapter][queue.domain] }

  /// The queues, sorted.
  package var queues: [APQueue] {
    rows.flatMap { row in
      row.domains.members.map { APQueue(adapter: row.adapter, domain: $0) }
    }
  }

  package mutating func formUnion(_ other: APQueueSet) {
    for row in other.rows { self[row.adapter] = self[row.adapter].union(row.domains) }
  }

  package func intersection(_ other: APQueueSet) -> APQueueSet {
    var result = APQueueSet()
    for row in rows { result[row.adapter] = row.domains.intersection(other[row.adapter]) }
    return result
  }

  package func subtracting(_ other: APQueueSet) -> APQueueSet {
    var result = self
    for row in other.rows { result[row.adapter] = result[row.adapter].subtracting(row.domains) }
    return result
  }

  private func place(of adapter: UInt8) -> Int {
    // The rows are few, or all there: either way the row is where its number would put it, or
    // before that.
    var (low, high) = (0, min(rows.count, Int(adapter) + 1))
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].adapter < adapter { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func has(_ adapter: UInt8, at place: Int) -> Bool {
    place < rows.count && rows[place].adapter == adapter
  }
}

extension APQueueSet: CustomStringConvertible {
  /// The queues as commands take them, in hexadecimal: `05.0004,06-07.0010-0013`.
  package var description: String {
    var groups: [(adapters: ClosedRange<UInt8>, domains: APMask)] = []
    for row in rows {
      if let last = groups.last, last.domains == row.domains,
        Int(last.adapters.upperBound) + 1 == Int(row.adapter)
      {
        groups[groups.count - 1].adapters = last.adapters.lowerBound...row.adapter
      } else {
        groups.append((row.adapter...row.adapter, row.domains))
      }
    }
    return groups.flatMap { adapters, domains in
      domains.ranges.map {
        "\(APQueueSet.text(of: adapters, digits: 2)).\(APQueueSet.text(of: $0, digits: 4))"
      }
    }
    .joined(separator: ",")
  }

  private static func text(of range: ClosedRange<UInt8>, digits: Int) -> String {
    let first = APQueue.hex(range.lowerBound, digits)
    return range.count == 1 ? first : "\(first)-\(APQueue.hex(range.upperBound, digits))"
  }
}
