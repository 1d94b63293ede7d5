// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// The condition that a write waits for, with the work that is left then.
enum Wait: Hashable, Sendable {
  /// A device to be created when the host's latency is over.
  case creation(DeviceUUID, until: Duration)
  /// A device that is going, but is held.
  case removal(DeviceUUID)
  /// A device that leaves its driver, held itself or with mdevs that are.
  case unbinding(device: String, bus: String)
  /// A parent that unregisters while one of its devices is held.
  case unregistration(parent: String)
  /// Virtual functions that come, or that go when nobody uses them any more.
  case functions(of: String, count: Int, until: Duration)
  /// A write that takes the lock of a device that another has.
  case lock(of: String, LockedWrite)
  /// The directory `nvidia` of a function, which comes some time after the driver.
  case directory(of: String, until: Duration)

  /// The device that is in use, for the kernel's log.
  var device: String? {
    switch self {
    case .creation, .functions, .lock, .directory: nil
    case .removal(let uuid): uuid.description
    case .unbinding(let device, _): device
    case .unregistration(let parent): parent
    }
  }
}

/// A write that starts when it gets a lock.
struct LockedWrite: Hashable, Sendable {
  let bytes: [UInt8]
  let attribute: Attribute
  let node: SysfsTree.NodeID
}

/// A step that is still to be taken, and whose write gets its result with it.
struct PendingStep: Sendable {
  let wait: Wait
  /// None for what `mdevsim ctl` asked for.
  var ticket: SimulatedKernel.Ticket?
  var count = 0
}

extension SimulatedKernel {
  /// When the next step is due that waits for nothing but time.
  package var nextDeadline: Duration? {
    pending.compactMap { step in
      switch step.wait {
      case .creation(_, let until), .directory(_, let until): until
      // One that waits for a VM is due at no time.
      case .functions(_, _, let until): until > now ? until : nil
      case .removal, .unbinding, .unregistration, .lock: nil
      }
    }
    .min()
  }

  /// Takes the steps that are due at `time`, counted from the start.
  package mutating func advance(to time: Duration) {
    now = max(now, time)
    takePendingSteps()
  }

  /// Takes every step that no longer has to wait, in the order in which they were asked for.
  mutating func takePendingSteps() {
    continueRemovals()
    while let index = pending.firstIndex(where: { isDue($0.wait) }) {
      let step = pending.remove(at: index)
      let outcome = take(step)
      guard let ticket = step.ticket, outcome != .waiting(ticket) else { continue }
      finished.append(FinishedWrite(ticket: ticket, outcome: finish(ticket.number, outcome)))
    }
  }

  private func isDue(_ wait: Wait) -> Bool {
    switch wait {
    case .creation(_, let until), .directory(_, let until): until <= now
    case .removal(let uuid): !faults.held.contains(uuid.description)
    case .unbinding(let device, _):
      !faults.held.contains(device) && !mdevs.values.contains { $0.parent == device }
        && !isAwaitingFunctions(device)
    case .unregistration(let parent): !mdevs.values.contains { $0.parent == parent }
    case .functions(let card, let count, let until):
      until <= now && (count > 0 || !hasUsedFunctions(card))
    case .lock(let device, _): !isLocked(device)
    }
  }

  private mutating func take(_ step: PendingStep) -> WriteOutcome {
    do {
      switch step.wait {
      case .creation(let uuid, _): try completeCreation(of: uuid)
      case .removal(let uuid): completeRemoval(of: uuid)
      case .unbinding(let device, let bus): completeUnbinding(of: device, on: bus)
      case .unregistration(let parent): completeUnregistration(of: parent)
      case .functions(let card, let count, _): try completeFunctions(count, of: card)
      case .lock(_, let write): return try retry(write, step)
      case .directory(let function, _): addVGPUDirectory(function)
      }
      return .accepted(step.count)
    } catch {
      return .refused(error)
    }
  }

  /// Starts a write that has its lock now, and that may wait for more.
  private mutating func retry(
    _ write: LockedWrite, _ step: PendingStep
  ) throws(KernelError) -> WriteOutcome {
    let wait = try storeLocking(write.bytes, in: write.attribute, node: write.node)
    guard let wait, let ticket = step.ticket else { return .accepted(step.count) }
    pending.append(PendingStep(wait: wait, ticket: ticket, count: step.count))
    return .waiting(ticket)
  }
}

/// The faults that a test or a user asked for (`mdevsim ctl`).
struct FaultPlan: Sendable {
  /// The time that each creation takes.
  var createLatency: Duration = .zero
  /// Devices that a VM holds open.
  var held: Set<String> = []
  /// What is wrong with cards, by address.
  var cards: [String: CardFaults] = [:]
  private var errors: [FileAccess: [String: [KernelError]]] = [:]

  /// The next access to `path` fails so.
  mutating func add(_ error: KernelError, at path: String, _ access: FileAccess) {
    errors[access, default: [:]][path, default: []].append(error)
  }

  /// Fails once for each error that was added.
  mutating func strike(_ path: String, _ access: FileAccess) throws(KernelError) {
    guard let error = errors[access]?[path]?.first else { return }
    errors[access]?[path]?.removeFirst()
    throw error
  }
}

/// What is done to a file.
package enum FileAccess: Hashable, Sendable {
  case reading
  case writing
}
