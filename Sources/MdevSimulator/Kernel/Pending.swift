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

  /// The device that is in use, for the kernel's log.
  var device: String? {
    switch self {
    case .creation: nil
    case .removal(let uuid): uuid.description
    case .unbinding(let device, _): device
    case .unregistration(let parent): parent
    }
  }
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
    pending.compactMap { if case .creation(_, let until) = $0.wait { until } else { nil } }.min()
  }

  /// Takes the steps that are due at `time`, counted from the start.
  package mutating func advance(to time: Duration) {
    now = max(now, time)
    takePendingSteps()
  }

  /// Takes every step that no longer has to wait, in the order in which they were asked for.
  mutating func takePendingSteps() {
    while let index = pending.firstIndex(where: { isDue($0.wait) }) {
      let step = pending.remove(at: index)
      let outcome = take(step)
      guard let ticket = step.ticket else { continue }
      finished.append(FinishedWrite(ticket: ticket, outcome: finish(ticket.number, outcome)))
    }
  }

  private func isDue(_ wait: Wait) -> Bool {
    switch wait {
    case .creation(_, let until): until <= now
    case .removal(let uuid): !faults.held.contains(uuid.description)
    case .unbinding(let device, _):
      !faults.held.contains(device) && !mdevs.values.contains { $0.parent == device }
    case .unregistration(let parent): !mdevs.values.contains { $0.parent == parent }
    }
  }

  private mutating func take(_ step: PendingStep) -> WriteOutcome {
    do {
      switch step.wait {
      case .creation(let uuid, _): try completeCreation(of: uuid)
      case .removal(let uuid): completeRemoval(of: uuid)
      case .unbinding(let device, let bus): completeUnbinding(of: device, on: bus)
      case .unregistration(let parent): completeUnregistration(of: parent)
      }
      return .accepted(step.count)
    } catch {
      return .refused(error)
    }
  }
}

/// The faults that a test or a user asked for (`mdevsim ctl`).
struct FaultPlan: Sendable {
  /// The time that each creation takes.
  var createLatency: Duration = .zero
  /// Devices that a VM holds open.
  var held: Set<String> = []
  private var errors: [String: [KernelError]] = [:]

  /// The next write to `path` fails so.
  mutating func add(_ error: KernelError, at path: String) {
    errors[path, default: []].append(error)
  }

  /// Fails once for each error that was added.
  mutating func strike(_ path: String) throws(KernelError) {
    guard let error = errors[path]?.first else { return }
    errors[path]?.removeFirst()
    throw error
  }
}
