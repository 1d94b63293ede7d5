// SPDX-License-Identifier: Apache-2.0

import MdevStore

extension CallerLock? {
  /// Holds the lock while `body` runs, and longer if the caller had it before.
  func during(
    _ patience: Duration, _ body: () throws -> CalloutReply
  ) throws -> CalloutReply {
    guard let lock = self else { return try body() }
    let isTaken: Bool
    do throws(StoreError) {
      isTaken = try lock.take(patience: patience)
    } catch {
      return CalloutReply.notLocked(error)
    }
    let reply = Result { try body() }
    if isTaken { try lock.release() }
    return try reply.get()
  }

  /// Holds the lock from `body` on, unless that is no consent: then the caller tells of no end.
  func fromNow(
    _ patience: Duration, _ body: () throws -> CalloutReply
  ) throws -> CalloutReply {
    guard let lock = self else { return try body() }
    do throws(StoreError) {
      _ = try lock.take(patience: patience)
    } catch {
      return CalloutReply.notLocked(error)
    }
    let reply = Result { try body() }
    if (try? reply.get().isConsent) != true { try lock.release() }
    return try reply.get()
  }
}

extension CalloutReply {
  fileprivate static func notLocked(_ error: StoreError) -> CalloutReply {
    .refusal(["Failed to acquire configuration lock: \(error)"])
  }
}
