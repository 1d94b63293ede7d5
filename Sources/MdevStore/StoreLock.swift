// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// Takes the lock that every change of what is on disk is made under, for the write alone.
///
/// Where /run/mdevctl can't have a lock, as on a system with a /run that can't be written, the
/// directory of the definitions is locked itself, which `notice` is told.
func storeLock(
  of root: SystemRoot, notice: @Sendable (Warning) -> Void = { _ in }
) async throws -> FileLock {
  do {
    let patience = Duration.seconds(90)
    do {
      return try await FileLock.take("store.lock", in: root.runDirectory, patience: patience)
    } catch let error as HostError where error.isLackOfPlace {
      notice(.lockedOtherwise(error))
      let store = root.path("/etc/mdevctl.d")
      try makeDirectory(store)
      return try await FileLock.take(onDirectory: store, patience: patience)
    }
  } catch let error as HostError {
    throw StoreError.host(error)
  }
}

/// The locks of single devices, each held while a change of one is asked about and made, so that of
/// two one comes after the other and changes of others go on.
package struct DeviceLocks: Sendable {
  private let directory: String

  package init(root: SystemRoot) {
    directory = "\(root.runDirectory)/devices"
  }

  /// Runs `body` while nobody else changes or starts the device.
  ///
  /// Where /run/mdevctl can't have a lock it goes on without one: what is stored is compared again
  /// before it is written, under a lock that tells of that, and what runs the kernel arbitrates.
  package func withLock<Value>(
    on uuid: DeviceUUID, _ body: () async throws -> Value
  ) async throws -> Value {
    let lock: FileLock
    do {
      lock = try await FileLock.takeShortLived(
        "\(uuid)", in: directory, patience: .seconds(90))
    } catch let error as HostError where error.isLackOfPlace {
      return try await body()
    } catch let error as HostError {
      throw StoreError.host(error)
    }
    do {
      let value = try await body()
      lock.removeFile(at: "\(directory)/\(uuid)")
      return value
    } catch {
      lock.removeFile(at: "\(directory)/\(uuid)")
      throw error
    }
  }
}

extension SystemRoot {
  /// The directory of locks, and of what is remembered until the next boot.
  package var runDirectory: String { path("/run/mdevctl") }
}

extension Warning {
  /// Changes go on though their usual lock can't be had.
  package static func lockedOtherwise(_ reason: HostError) -> Warning {
    Warning("locking /etc/mdevctl.d itself, since nothing can be locked in /run: \(reason)")
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
