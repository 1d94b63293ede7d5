// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel

/// The last queues of a mode that the host has, while processes use its crypto cards.
///
/// zcrypt hands a request to any queue of the mode that it is for, so as long as the host keeps one,
/// nobody notices that others go (drivers/s390/crypto/zcrypt_api.c).
package struct LastQueues: Hashable, Sendable {
  /// The kind of requests that a card takes, the last letter of its type.
  package enum Mode: Hashable, Comparable, Sendable {
    case accelerator, cca, ep11
    /// A type that ends in something else.
    case other(String)
  }

  package let mode: Mode
  /// In order.
  package let queues: [APQueue]
  package let users: [DeviceUser]

  package init(mode: Mode, queues: [APQueue], users: [DeviceUser]) {
    self.mode = mode
    self.queues = queues
    self.users = users
  }
}

extension LastQueues.Mode {
  /// The mode of a card's type, `CEX8P`.
  fileprivate init(type: String) {
    self =
      switch type.last {
      case "A": .accelerator
      case "C": .cca
      case "P": .ep11
      default: .other(type)
      }
  }

  fileprivate var words: String {
    switch self {
    case .accelerator: "accelerators"
    case .cca: "CCA coprocessors"
    case .ep11: "EP11 coprocessors"
    case .other(let type): "\(type) cards"
    }
  }
}

extension LastQueues: CustomStringConvertible {
  package var description: String {
    let others = queues.count - 1
    let subject = queues.first.map { "queue \($0)" } ?? "no queue"
    return subject + (others > 0 ? " and \(others) more are the last" : " is the last")
      + " that this host has of its \(mode.words), and \(users.phrase)"
      + " \(users.count == 1 ? "has" : "have") its crypto cards open"
  }
}

extension APBus {
  /// Refuses to take the last queues of a mode from the host, which gets others, while somebody uses
  /// its crypto cards.
  package func refuseLastQueues(
    _ lost: APQueueSet, for gained: APQueueSet = APQueueSet()
  ) throws(DriverError) {
    let before = try queues(of: .hostQueue)
    let going = before.intersection(lost)
    guard !going.isEmpty else { return }
    var kept = before.subtracting(going)
    kept.formUnion(gained)
    let modes = try kept.rowsByAdapter.map { row throws(DriverError) in try mode(of: row.adapter) }
    var last: [LastQueues.Mode: [APQueue]] = [:]
    for queue in going.queues {
      let mode = try mode(of: queue.adapter)
      if !modes.contains(mode) { last[mode, default: []].append(queue) }
    }
    guard let (mode, queues) = last.min(by: { $0.key < $1.key }) else { return }
    let users = HostUses.cryptoUsers(root: root)
    guard users.isEmpty else {
      throw .lastQueues(LastQueues(mode: mode, queues: queues, users: users))
    }
  }

  private func mode(of adapter: UInt8) throws(DriverError) -> LastQueues.Mode {
    let path = root.path("/sys/bus/ap/devices/card\(APQueue.hex(adapter, 2))/type")
    let type = try onHost { () throws(HostError) in try SysfsAttribute(path).readIfPresent() }
    return LastQueues.Mode(type: type ?? "")
  }
}
