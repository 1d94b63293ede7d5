// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel
import MdevStore

/// A device in a listing.
package struct ListedDevice: Hashable, Sendable {
  package var device: MediatedDevice
  /// True if it is both defined and active.
  package let isDefinedAndActive: Bool
}

/// The listing of devices.
package struct ListDevices: Sendable {
  let store: DefinitionStore
  let bus: MediatedDeviceBus
  let attributes: RunningAttributes

  /// Lists the devices that exist in the kernel, with the start policy of their definitions and the
  /// attributes that scripts report.
  ///
  /// A script that fails costs its device's attributes and a warning; definitions that can't be
  /// read, as by an ordinary user, cost a warning.
  package func active(matching filter: DeviceFilter) throws -> Outcome<[ListedDevice]> {
    let active = try bus.activeDevices(matching: filter)
    let devices = active.value
    guard !devices.isEmpty else { return Outcome([], warnings: active.warnings) }
    var warnings = active.warnings
    let stored = stored(of: devices, &warnings)
    let policies = Dictionary(
      uniqueKeysWithValues: stored.definitions.map {
        ($0.device.identity, $0.device.definition.start)
      })
    let unreadable = Set(stored.unreadable.map(\.identity))
    let listed = devices.map { device in
      ListedDevice(
        device: MediatedDevice(
          identity: device.identity,
          definition: DeviceDefinition(
            type: device.type, start: policies[device.identity] ?? .manual)),
        isDefinedAndActive: policies[device.identity] != nil
          || unreadable.contains(device.identity))
    }
    return try withAttributes(listed, warnings: warnings + stored.allWarnings)
  }

  private func stored(
    of devices: [ActiveDevice], _ warnings: inout [Warning]
  ) -> StoreContents {
    do throws(StoreError) {
      return try store.contents(matching: DeviceFilter(devices.map(\.identity)))
    } catch {
      warnings.append(Warning("which devices are defined is not known: \(error)"))
      return StoreContents()
    }
  }

  /// Asks the scripts of different devices at the same time, if there are any.
  private func withAttributes(
    _ devices: [ListedDevice], warnings: [Warning]
  ) throws -> Outcome<[ListedDevice]> {
    var (attributes, warnings) = (attributes, warnings)
    do {
      guard try devices.contains(where: { try attributes.areReported(of: $0.device) }) else {
        return Outcome(devices, warnings: warnings)
      }
    } catch {
      warnings.append(Warning("no script is asked for attributes: \(error)"))
      attributes.callouts = nil
    }
    let answers = try blocking { [attributes] in
      await concurrently(devices) { listed -> Result<[DeviceAttribute], any Error> in
        do {
          return .success(try await attributes.attributes(of: listed.device) ?? [])
        } catch {
          return .failure(error)
        }
      }
    }
    var outcome = Outcome(devices, warnings: warnings)
    for (index, answer) in answers.enumerated() {
      switch answer {
      case .success(let attributes):
        outcome.value[index].device.definition.attributes = attributes
      case .failure(let error):
        outcome.warnings.append(
          Warning("no attributes of \(devices[index].device.identity.uuid): \(error)"))
      }
    }
    return outcome
  }

  /// Lists the definitions, and which of them run now.
  ///
  /// A definition that can't be read is passed over with a warning, unless it is the only one
  /// that was asked for.
  package func defined(matching filter: DeviceFilter) throws -> Outcome<[ListedDevice]> {
    let stored = try store.contents(matching: filter)
    if filter.uuids != nil, stored.definitions.isEmpty { try stored.throwIfIncomplete() }
    guard !stored.definitions.isEmpty else { return Outcome([], warnings: stored.allWarnings) }
    let active = try bus.activeDevices()
    let running = Set(active.value)
    let listed = stored.definitions.map { stored in
      ListedDevice(
        device: stored.device,
        isDefinedAndActive: running.contains(
          ActiveDevice(identity: stored.device.identity, type: stored.device.definition.type)))
    }
    return Outcome(listed, warnings: stored.allWarnings + active.warnings)
  }
}
