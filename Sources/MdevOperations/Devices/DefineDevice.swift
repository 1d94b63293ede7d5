// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
package import MdevModel
import MdevStore

/// The source of a new definition.
package enum DefinitionSource: Hashable, Sendable {
  /// A type, or that of the running device, without attributes.
  case type(TypeName?, StartPolicy)
  /// A file in the format of the store.
  case file(String)
}

/// The making of a definition.
package struct DefineDevice: Sendable {
  let reader: HostReader
  let hooks: ChangeHooks
  let attributes: RunningAttributes
  let reporter: Reporter

  /// Writes the definition of a device that has none, and returns its uuid.
  ///
  /// A parent or type that is not given is taken from the running device of that uuid.
  package func run(
    _ uuid: DeviceUUID?, on parent: ParentName?, from source: DefinitionSource
  ) async throws -> DeviceUUID {
    let device = try await device(uuid, on: parent, from: source)
    try store.refuseReserved(device.identity.parent)
    if try reader.bus.registeredParents(among: [device.identity.parent]).isEmpty,
      let warning = try CardHint(root: reader.root).warning(about: device.identity.parent)
    {
      reporter.warn(warning)
    }
    return try await reader.locks.withLock(on: device.identity.uuid) {
      try refuseDefined(device.identity, from: source)
      try await hooks.carryOut(.define, of: device, in: store) { change in
        // Other tools know nothing of the device's lock.
        try refuseDefined(device.identity, from: source)
        try change.add(device)
      }
      return device.identity.uuid
    }
  }

  private var store: DefinitionStore { reader.store }

  private func refuseDefined(_ identity: DeviceIdentity, from source: DefinitionSource) throws {
    if let name = try store.fileNames(of: identity).first {
      throw refusal(of: identity, from: source, inFile: name)
    }
  }

  private func refusal(
    of identity: DeviceIdentity, from source: DefinitionSource, inFile name: String
  ) -> any Error {
    switch source {
    case .type:
      StoreError.exists(identity, path: "\(store.directory)/\(identity.parent)/\(name)")
    case .file: OperationError.refusingToOverwrite(identity)
    }
  }

  private func device(
    _ uuid: DeviceUUID?, on parent: ParentName?, from source: DefinitionSource
  ) async throws -> MediatedDevice {
    switch source {
    case .file(let path): return try MediatedDevice(uuid, on: parent, inFile: path)
    case .type(let type, let start):
      var active: ActiveDevice?
      do {
        if let uuid { active = try await reader.bus.activeDevice(uuid) }
      } catch {
        // Where both are given, nothing but attributes may be missing.
        guard parent != nil, type != nil else { throw error }
        reporter.warn(Warning("whether the device runs is not known: \(error)"))
      }
      guard let parent = parent ?? (type == nil ? active?.identity.parent : nil) else {
        throw OperationError.noParent(
          uuid.flatMap { reader.lookalikes(of: $0, missedIn: .running) })
      }
      guard var type = type ?? active?.type else { throw OperationError.noType }
      if type != active?.type {
        type = try TypeLookup(bus: reader.bus).type(type, on: parent, unknown: .passes)
      }
      var device = MediatedDevice(
        identity: DeviceIdentity(parent: parent, uuid: uuid ?? .random()),
        definition: DeviceDefinition(type: type, start: start))
      if active == ActiveDevice(device) {
        // Nobody is asked, or warned, about attributes that will not be stored.
        try refuseDefined(device.identity, from: source)
        device.definition.attributes = try await attributesNow(of: device)
      }
      return device
    }
  }

  /// The attributes of a running device; none, with a warning, if they can't be known.
  private func attributesNow(of device: MediatedDevice) async throws -> [DeviceAttribute] {
    do {
      if let known = try await attributes.attributes(of: device) { return known }
      if device.definition.type != .vfioCCW { warn(of: device, "no callout script tells them") }
    } catch let error as DriverError {
      warn(of: device, "\(error)")
    }
    return []
  }

  private func warn(of device: MediatedDevice, _ reason: String) {
    reporter.warn(
      Warning(
        "the attributes of the running device \(device.identity.uuid) are not known, so none are "
          + "stored: \(reason)"))
  }
}
