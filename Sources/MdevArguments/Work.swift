// SPDX-License-Identifier: Apache-2.0

/// The work of a command whose arguments are in order.
package enum Work: Sendable {
  /// It waits for nothing, so it needs no other thread than the calling one.
  case immediate(@Sendable () throws -> Void)
  case waiting(@Sendable () async throws -> Void)
}

/// The end of a command that has said all that there is to say, with a status that is not 0.
package struct ExitStatus: Error, Equatable {
  package let code: Int32

  package init(_ code: Int32) { self.code = code }
}
