// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
import MdevPlanning
import MdevStore

/// A card that something is stored for, and how it fares.
package struct CardStatus: Sendable {
  package let card: PCIAddress
  package let state: State
  /// The reason why it did not get what is stored when that was last tried, this side of the last
  /// boot.
  package let lastFailure: DeviceStatus.Failure?

  /// The functions that a type is stored for; none of a card that is not there.
  package var functions: [Function] {
    if case .present(_, _, let functions) = state { functions } else { [] }
  }

  package enum State: Sendable {
    /// The number of functions that is stored and that there is, and the functions with a stored type.
    case present(stored: Int?, functions: Int, [Function])
    case missing
    case unreadable(reason: String)
  }

  /// A function that a type is stored for.
  package struct Function: Hashable, Sendable {
    package let address: PCIAddress
    package let stored: VGPUType
    package let state: FunctionState
  }

  package enum FunctionState: String, Sendable {
    /// It has the stored type.
    case running
    /// It has none.
    case stopped
    /// It has another one.
    case differs
    case missing
  }
}

/// The listing of how stored cards fare.
struct CardStatuses: Sendable {
  let reader: HostReader
  let failures: FailureRecord

  /// Tells the state of all cards that something is stored for, sorted.
  func run() throws -> [CardStatus] {
    let contents = try reader.cards.contents()
    let readable = try contents.cards.map { address, stored in
      CardStatus(
        card: address, state: try state(of: address, stored),
        lastFailure: try failures.failure(of: .card(address)).map { DeviceStatus.Failure($0) })
    }
    let unreadable = contents.unreadable.map { address, reason in
      CardStatus(card: address, state: .unreadable(reason: "\(reason)"), lastFailure: nil)
    }
    return (readable + unreadable).sorted { $0.card < $1.card }
  }

  private func state(
    of address: PCIAddress, _ stored: CardSettings
  ) throws -> CardStatus.State {
    guard let card = try SRIOVCard(address, root: reader.root) else { return .missing }
    let functions = stored.types.sorted { $0.key < $1.key }.map { address, type in
      let state: CardStatus.FunctionState =
        switch card.function(address)?.vgpu?.type {
        case nil: .missing
        case 0?: .stopped
        case type.id?: .running
        case .some: .differs
        }
      return CardStatus.Function(address: address, stored: type, state: state)
    }
    return .present(stored: stored.functions, functions: card.functions.count, functions)
  }
}
