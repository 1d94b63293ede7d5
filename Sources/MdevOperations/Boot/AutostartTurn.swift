// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevStore

/// The right to start devices of some parents while no other run does.
///
/// Runs for one parent each, as the units of a boot are, go side by side; one for several
/// parents goes alone.
struct AutostartTurn: ~Copyable {
  private let all: FileLock?
  private let one: FileLock?

  private init(all: consuming FileLock?, one: consuming FileLock?) {
    self.all = all
    self.one = one
  }

  /// Waits for the turn of a run for these parents, up to five minutes.
  ///
  /// Where nothing can be locked it is this one's turn: the kernel lets one of two make a device.
  static func take(
    for parents: Set<ParentName>, root: SystemRoot, _ reporter: Reporter
  ) async throws -> AutostartTurn {
    do {
      return try await take(for: parents, root: root)
    } catch let error as HostError where error.isLackOfPlace {
      reporter.warn(Warning("starting devices without a lock: \(error)"))
      return AutostartTurn(all: nil, one: nil)
    }
  }

  private static func take(
    for parents: Set<ParentName>, root: SystemRoot
  ) async throws -> AutostartTurn {
    let directory = root.runDirectory
    let patience = Duration.seconds(300)
    let parent = parents.count == 1 ? parents.first : nil
    let all = try await FileLock.take(
      "autostart.lock", in: directory, reach: parent == nil ? .exclusive : .shared,
      patience: patience)
    guard let parent else { return AutostartTurn(all: all, one: nil) }
    let one = try await FileLock.take(
      "autostart-\(parent).lock", in: directory, patience: patience)
    return AutostartTurn(all: all, one: one)
  }
}
