// SPDX-License-Identifier: Apache-2.0

import MdevHost

/// Takes the lock that every change of what is on disk is made under.
func storeLock(of root: SystemRoot) async throws -> FileLock {
  do {
    return try await FileLock.take(
      "store.lock", in: root.path("/run/mdevctl"), patience: .seconds(90))
  } catch let error as HostError {
    throw StoreError.host(error)
  }
}

/// Runs host calls whose errors are store errors of that kind.
func onHost<Value: ~Copyable>(_ body: () throws(HostError) -> Value) throws(StoreError) -> Value {
  do throws(HostError) {
    return try body()
  } catch {
    throw .host(error)
  }
}

/// Refuses a file that is a link, so that something else looks after it.
func refuseLinkedFile(at path: String) throws(StoreError) {
  let kind = try onHost { () throws(HostError) in try FileKind(at: path) }
  if case .link(let target)? = kind { throw .link(path: path, target: target) }
}
