// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
package import MdevModel
import SystemPackage

/// The changes of a host, from the moment in which this is made: those that uevents tell of, and
/// those in directories.
///
/// What happens is kept until it is asked for, so who makes this first and looks at the host then
/// misses nothing. Cancelling the task ends it. A class, since the sequence and its iterator share
/// what is open.
package final class HostChanges: AsyncSequence, AsyncIteratorProtocol {
  /// A change, or that some are not known.
  package enum Change: Hashable, Sendable {
    case kernel(KernelChange)
    case files(FileChange)
    /// They came faster than they were asked for.
    case lost
  }

  /// What else ends the sequence.
  package enum Ending: Sendable {
    case never
    /// INT, TERM or HUP, or that nobody is left who reads stdout.
    case dismissal
  }

  private let monitor: UdevMonitor?
  private var files: FileWatch
  private let signals: EndingSignalFile?
  private let wakeUp: OpenFile
  private let request: PollRequest
  private var pending: ArraySlice<Change> = []

  /// Begins to listen to uevents, if they are wanted.
  package init(uevents source: UeventSource?, until ending: Ending = .never) throws(HostError) {
    // Before the first other thread, which would get the signals otherwise.
    var ends: [CInt] = []
    switch ending {
    case .never: signals = nil
    case .dismissal:
      let file = try EndingSignalFile()
      ends.append(file.descriptor)
      signals = consume file
    }
    var sources: [CInt] = []
    if let source {
      let listener = try UdevMonitor(source)
      sources.append(listener.descriptor)
      monitor = consume listener
    } else {
      monitor = nil
    }
    files = try FileWatch()
    do throws(Errno) {
      wakeUp = OpenFile(owning: try checked(CLinux_eventfd(O_CLOEXEC)))
    } catch {
      throw HostError(.open, "eventfd", error)
    }
    request = PollRequest(
      ends: ends + [wakeUp.descriptor],
      output: ending == .dismissal ? StandardStream.output.rawValue : -1,
      sources: sources + [files.descriptor])
  }

  /// Watches a directory until it is gone; false if there is none.
  @discardableResult
  package func watch(_ path: String) throws(HostError) -> Bool { try files.watch(path) }

  /// Watches a directory whenever there is one; true if there is now, and when one comes later, that
  /// is a change.
  @discardableResult
  package func follow(_ path: String) throws(HostError) -> Bool { try files.follow(path) }

  package func makeAsyncIterator() -> HostChanges { self }

  package func next() async throws -> Change? { try await next(until: nil) }

  /// The next change; `nil` at the end, or when the deadline has passed.
  package func next(until deadline: ContinuousClock.Instant?) async throws -> Change? {
    while pending.isEmpty {
      guard try await isReadable(until: deadline) else { return nil }
      try collect()
    }
    return pending.popFirst()
  }

  /// Reads what there is; where some was lost, the rest is thrown away, since what is seen after it
  /// is newer.
  private func collect() throws(HostError) {
    var changes: [Change] = []
    var isWhole = true
    // Those that come meanwhile wait for the next time, so that an end is seen.
    while changes.count < 4096, let message = try monitor?.receive() {
      switch message {
      case .uevent(let uevent):
        if let change = KernelChange(uevent) { changes.append(.kernel(change)) }
      case .lost: isWhole = false
      }
    }
    let others = try files.changes()
    if isWhole, let others {
      pending = changes[...] + others.map { .files($0) }
    } else {
      while try request.answer(until: .now) == true {
        _ = try monitor?.receive()
        _ = try files.changes()
      }
      pending = [.lost]
    }
  }

  /// Waits until there is something to read; false at the end.
  private func isReadable(until deadline: ContinuousClock.Instant?) async throws -> Bool {
    // Where there is something already, no other thread is needed.
    if let answer = try request.answer(until: .now) { return answer }
    if let deadline, deadline <= .now { return false }
    let (request, wakeUp) = (request, wakeUp.descriptor)
    let answer = try await withTaskCancellationHandler {
      try await onOwnThread { try request.answer(until: deadline) }
    } onCancel: {
      var one: UInt64 = 1
      _ = unsafe write(wakeUp, &one, MemoryLayout.size(ofValue: one))
    }
    return answer ?? false
  }
}

/// The files that a wait is for (`poll`); one of -1 is none.
private struct PollRequest: Sendable {
  /// Those that end it when they can be read.
  let ends: [CInt]
  /// One that ends it when nobody reads what is written to it.
  let output: CInt
  let sources: [CInt]

  /// True when a source can be read, false at the end; `nil` when the deadline has passed.
  func answer(until deadline: ContinuousClock.Instant?) throws(HostError) -> Bool? {
    while true {
      var files = ends.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      files.append(pollfd(fd: output, events: 0, revents: 0))
      let end = files.count
      files += sources.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      let count: CInt
      do throws(Errno) {
        count = try repeatingWhenInterrupted {
          unsafe poll(&files, nfds_t(files.count), PollRequest.milliseconds(until: deadline))
        }
      } catch {
        throw HostError(.read, "changes of the host", error)
      }
      if files[..<end].contains(where: { $0.revents != 0 }) { return false }
      if count > 0 { return true }
      if let deadline, deadline <= .now { return nil }
    }
  }

  private static func milliseconds(until deadline: ContinuousClock.Instant?) -> CInt {
    guard let deadline else { return -1 }
    let rest = (deadline - .now) / .milliseconds(1)
    return CInt(min(max(0, rest.rounded(.up)), 1_000_000))
  }
}
