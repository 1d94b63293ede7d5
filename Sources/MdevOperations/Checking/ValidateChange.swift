// SPDX-License-Identifier: Apache-2.0

package import MdevCallouts
import MdevDrivers
import MdevHost
package import MdevModel
import MdevPlanning
import MdevStore

/// The answer to another mdevctl, to which this program is a callout.
package struct ValidateChange: Sendable {
  let reader: HostReader
  let conflicts: ConflictJudge
  let matrices: ChangeMatrix

  /// The definition that the caller wrote, or why it can't be used.
  package typealias Definition = Result<DeviceDefinition, CalloutInputError>

  /// Tells if the caller writes a definition to stdin that the answer depends on.
  package func needsDefinition(for request: CalloutRequest) -> Bool {
    guard request.type.isVFIOAP && request.identity.parent == .matrix || request.type == .vfioCCW
    else { return false }
    return switch (request.event, request.action) {
    case (.pre, .define), (.pre, .modify), (.pre, .start): true
    case (.live, .modify): request.type.isVFIOAP
    default: false
    }
  }

  /// Answers a call.
  ///
  /// It serves the types whose devices share what is not seen from one of them alone. Of others it
  /// knows nothing that is worth more than the scripts which would not be asked any more.
  ///
  /// The lock of s390-tools is taken in the caller's name, as ap-check does; who has it is waited
  /// for until `patience` is over.
  package func run(
    _ request: CalloutRequest, definition: Definition?, patience: Duration = .seconds(30)
  ) throws -> CalloutReply {
    let isAP = request.type.isVFIOAP
    guard isAP || request.type == .vfioCCW else { return .notServed }
    guard !isAP || request.identity.parent == .matrix else {
      return .unable("Invalid parent specified")
    }
    let lock = isAP ? CallerLock(root: reader.root) : nil
    switch (request.event, request.action) {
    case (.get, .capabilities): return .capabilities(.own(changingLive: isAP))
    case (.get, .attributes):
      return try lock.during(patience) { try attributes(of: request.identity, isAP: isAP) }
    case (.live, _): return try lock.during(patience) { try changeLive(request, definition) }
    case (.pre, let action?):
      guard let action = DeviceChange.Action(rawValue: action.rawValue) else { return .consent([]) }
      return try reply(to: request, before: action, definition, lock, patience)
    case (.post, _):
      try lock?.release()
      return .consent([])
    default: return .consent([])
    }
  }

  /// Has the lock held from a consent on until the caller tells how the change ended.
  private func reply(
    to request: CalloutRequest, before action: DeviceChange.Action, _ definition: Definition?,
    _ lock: CallerLock?, _ patience: Duration
  ) throws -> CalloutReply {
    if let reply = try hindrance(to: action, request) { return reply }
    return try lock.fromNow(patience) {
      switch action {
      case .stop, .undefine: return .consent([])
      case .start:
        return try withDevice(of: request, definition) { device in
          let obstacles = try conflicts.verdict(onStarting: device).certainObstacles
            .filter(\.yieldsToForce)
          return obstacles.isEmpty ? .consent([]) : .cannotStart(device, obstacles)
        }
      case .define, .modify:
        return try withDevice(of: request, definition) { device in
          // As ap-check, which takes the masks in force for those that no rule sets.
          let consequences = try conflicts.consequences(ofDefining: device, .active)
          return consequences.refusals.isEmpty
            ? .consent(consequences.warnings)
            : .definitionConflict(device.identity, consequences)
        }
      }
    }
  }

  /// Finds what speaks against a change whatever the definition says.
  private func hindrance(
    to action: DeviceChange.Action, _ request: CalloutRequest
  ) throws -> CalloutReply? {
    switch action {
    case .define: return try isStored(request.identity) ? .refusal(["Config already exists"]) : nil
    case .modify: return try isStored(request.identity) ? nil : .refusal(["Config doesn't exist"])
    case .start where request.type.isVFIOAP:
      let isLoaded = try FileKind(at: reader.root.path("/sys/devices/vfio_ap")) != nil
      return isLoaded ? nil : .unable("vfio_ap module is not loaded")
    case .start, .stop, .undefine: return nil
    }
  }

  private func isStored(_ identity: DeviceIdentity) throws -> Bool {
    try !reader.store.fileNames(of: identity).isEmpty
  }

  /// Hands on the device that the caller's definition makes.
  private func withDevice(
    of request: CalloutRequest, _ definition: Definition?,
    _ body: (MediatedDevice) throws -> CalloutReply
  ) throws -> CalloutReply {
    let read: DeviceDefinition
    do throws(CalloutInputError) {
      guard let definition else { return .unreadable() }
      read = try definition.get()
    } catch {
      return .unreadable("\(error)")
    }
    guard read.type == request.type else {
      return .refusal(["Invalid mdev_type: \(read.type)"])
    }
    return try body(MediatedDevice(identity: request.identity, definition: read))
  }

  // MARK: Running devices

  private func attributes(of identity: DeviceIdentity, isAP: Bool) throws -> CalloutReply {
    // A device of vfio_ccw has none.
    guard isAP else { return .attributes([]) }
    do throws(DriverError) {
      return .attributes(try running(identity).matrix().attributes)
    } catch .host(let error) where error.meaning == .missing {
      // As ap-check does, of a device that is not there.
      return .consent([])
    } catch {
      return .refusal(["\(error)"])
    }
  }

  private func changeLive(
    _ request: CalloutRequest, _ definition: Definition?
  ) throws -> CalloutReply {
    guard request.type.isVFIOAP, request.action == .modify else {
      return .refusal(["Devices of \(request.type) can't be changed so while they run"])
    }
    return try withDevice(of: request, definition) { device in
      do {
        _ = try matrices.run(device)
        return .consent([])
      } catch OperationError.cannotChange(_, let obstacles) {
        return .cannotStart(device, obstacles)
      } catch let error as DriverError {
        return .refusal(["\(error)"])
      } catch let error as APMatrixError {
        return .refusal(["\(error)"])
      }
    }
  }

  private func running(_ identity: DeviceIdentity) -> MatrixDevice {
    MatrixDevice(identity.uuid, root: reader.root)
  }
}

extension CalloutReply {
  fileprivate static func unreadable(_ reason: String...) -> CalloutReply {
    .refusal(["Failed to read device config"] + reason)
  }
}

extension StartVerdict {
  /// The obstacles for which the kernel will refuse a start.
  fileprivate var certainObstacles: [StartObstacle] {
    if case .fails(let obstacles) = self { obstacles } else { [] }
  }
}
