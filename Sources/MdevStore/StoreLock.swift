// SPDX-License-Identifier: Apache-2.0

import MdevHost

/// Takes the lock that every change of what is on disk is made under.
func storeLock(of root: SystemRoot) throws(StoreError) -> FileLock {
  do throws(HostError) {
    return try FileLock("store.lock", in: root.path("/run/mdevctl"), patience: .seconds(90))
  } catch {
    throw .host(error)
  }
}

/// Runs host calls whose errors are store errors of that kind.
func onHost<Value>(_ body: () throws(HostError) -> Value) throws(StoreError) -> Value {
  do throws(HostError) {
    return try body()
  } catch {
    throw .host(error)
  }
}
