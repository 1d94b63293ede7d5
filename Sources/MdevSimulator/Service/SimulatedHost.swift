// SPDX-License-Identifier: Apache-2.0

import CFuse
import Glibc

/// The running host: the kernel, the files that are open in it, and the writes that wait.
///
/// A class, since the callbacks of two FUSE sessions and the control socket share it. All of them
/// run on one thread; a write that waits is a request without a reply, so nothing blocks.
@safe
final class SimulatedHost {
  var kernel: SimulatedKernel
  /// The text of each open attribute as it was at the last read from its start.
  private var texts: [UInt64: [UInt8]] = [:]
  private var listings: [UInt64: [(name: String, id: SysfsTree.NodeID)]] = [:]
  private var files: [UInt64: SysfsTree.NodeID] = [:]
  private var nextHandle: UInt64 = 1
  private var waiting: [SimulatedKernel.Ticket: OpaquePointer] = unsafe [:]
  private var waitingReads: [WaitingRead] = unsafe []
  private let start = ContinuousClock.now
  let owner = (user: geteuid(), group: getegid())

  /// The time of every file.
  let birth: timespec
  /// Where the host's udev has its rules.
  private let rules: String

  init(_ kernel: SimulatedKernel, rules: String) {
    self.kernel = kernel
    self.rules = rules
    var now = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &now)
    birth = now
  }

  /// The number for a newly opened file or directory.
  func makeHandle(_ id: SysfsTree.NodeID) -> UInt64 {
    defer { nextHandle += 1 }
    files[nextHandle] = id
    return nextHandle
  }

  /// Tells whether somebody has a file open, which may be gone from its directory by now.
  func isOpen(_ id: SysfsTree.NodeID) -> Bool {
    files.values.contains(id)
  }

  func close(_ handle: UInt64) {
    files[handle] = nil
    texts[handle] = nil
    listings[handle] = nil
  }

  /// A part of an attribute's text; reading from the start makes it anew, as sysfs does.
  func read(
    _ id: SysfsTree.NodeID, handle: UInt64, offset: Int, count: Int
  ) throws(KernelError) -> ArraySlice<UInt8> {
    if offset == 0 || texts[handle] == nil {
      texts[handle] = try kernel.readLogging(id)
    }
    let text = texts[handle] ?? []
    return text[min(offset, text.count)..<min(offset + count, text.count)]
  }

  /// The entries of a directory as they were when it was opened.
  func listing(_ id: SysfsTree.NodeID, handle: UInt64, offset: Int)
    -> ArraySlice<(name: String, id: SysfsTree.NodeID)>
  {
    if offset == 0 || listings[handle] == nil {
      let parent = kernel.tree[id]?.parent ?? id
      listings[handle] = [(".", id), ("..", parent)] + kernel.tree.entries(of: id)
    }
    return (listings[handle] ?? []).dropFirst(offset)
  }

  /// Does what `mdevsim ctl` asks for and returns what there is to print.
  func carryOut(_ request: ControlRequest) throws(KernelError) -> String {
    try kernel.carryOut(request) { UdevRules(directory: rules) }
  }

  /// Answers a request to read, at once unless the file waits for a lock.
  func read(_ read: WaitingRead) {
    guard !kernel.isReadBlocked(unsafe read.id) else { return unsafe waitingReads.append(read) }
    unsafe answer(read)
  }

  private func answer(_ read: WaitingRead) {
    do throws(KernelError) {
      let bytes = unsafe try self.read(
        read.id, handle: read.handle, offset: read.offset, count: read.count)
      unsafe FuseReply.bytes(bytes, to: read.request)
    } catch {
      unsafe FuseReply.error(error, to: read.request)
    }
  }

  /// Keeps the request of a write that waits.
  func wait(_ ticket: SimulatedKernel.Ticket, _ request: OpaquePointer) {
    unsafe waiting[ticket] = request
  }

  /// Moves the host's time on and answers the writes that have their results.
  func settle() {
    kernel.advance(to: ContinuousClock.now - start)
    for write in kernel.takeFinishedWrites() {
      guard let request = unsafe waiting.removeValue(forKey: write.ticket) else { continue }
      unsafe FuseReply.write(write.outcome, to: request)
    }
    guard unsafe !waitingReads.isEmpty else { return }
    let reads = unsafe waitingReads
    unsafe waitingReads = []
    unsafe reads.forEach { unsafe self.read($0) }
  }

  /// The time until there is something to do, in milliseconds for `poll`; -1 for ever.
  var timeout: Int32 {
    guard let deadline = kernel.nextDeadline else { return -1 }
    let rest = deadline - (ContinuousClock.now - start)
    return Int32(clamping: max(0, rest / .milliseconds(1)).rounded(.up))
  }
}

/// A request to read a part of a file.
@unsafe
struct WaitingRead {
  let request: OpaquePointer
  let id: SysfsTree.NodeID
  let handle: UInt64
  let offset: Int
  let count: Int
}

extension Int32 {
  fileprivate init(clamping value: Double) {
    self = value < 1_000_000 ? Int32(value) : 1_000_000
  }
}
