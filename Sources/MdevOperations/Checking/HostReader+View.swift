// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevStore

extension HostReader {
  /// The part of a host that is looked at.
  enum Extent {
    /// All that decides which devices start.
    case starts
    /// Also who uses devices, who could change files, and the IOMMU groups.
    case everything
  }

  /// The whole host, and what of it can't be read.
  func view(_ extent: Extent) -> (view: HostView, faults: [Finding]) {
    var contents = StoreContents()
    var stored = OverrideContents()
    var faults = reading("the definitions") {
      contents = try store.contents()
      guard extent == .everything else { return contents.findings }
      return contents.findings + store.pathsWritableByOthers(contents).map { .writable($0) }
    }
    faults += reading("the stored overrides") {
      stored = try overrides.contents()
      guard extent == .everything else { return stored.findings }
      let writable = [overrides.directory, apRules.path].filter(isWritableByOthers)
      return stored.findings + writable.map { .writable($0) }
    }
    var view = HostView(
      definitions: contents.definitions.map(\.device),
      scene: StartScene(running: [], offers: [:]), storedOverrides: stored.drivers)
    faults += readDevices(into: &view, extent) + readDrivers(into: &view, extent)
    return (view, faults)
  }

  private func readDevices(into view: inout HostView, _ extent: Extent) -> [Finding] {
    var faults = reading("the mediated devices") {
      view.scene.running = try runningDevices()
      guard extent == .everything, !view.scene.running.isEmpty else { return [] }
      let defined = Set(view.definitions.map(\.identity.uuid))
      let orphans = view.scene.running.map(\.device.identity.uuid).filter { !defined.contains($0) }
      view.holders = try DeviceClaim.holders(of: orphans, on: bus, root: root)
        .mapValues { $0.map(\.description) }
      return []
    }
    faults += reading("the parents") {
      let parents = try bus.parents()
      let types = try bus.types(among: parents)
      for parent in types.value { view.scene.setOffer(of: parent.parent, to: parent.types) }
      view.scene.idleParents = Set(parents.value).subtracting(view.scene.offers.keys)
      return types.warnings.map { Finding(.unreadable, .warning, .now, $0.description) }
    }
    return faults
  }

  private func readDrivers(into view: inout HostView, _ extent: Extent) -> [Finding] {
    var faults = reading("the AP bus") {
      let ap = try apHost(
        stored: view.storedOverrides, wanted: HostReader.queuesWanted(by: view.definitions))
      view.scene.ap = ap.value
      return ap.warnings.map { Finding(.unreadable, .error, .boot, $0.description) }
    }
    faults += reading("the subchannels") {
      view.subchannels = try subchannels(under: view.scene.running.map(\.device))
      return []
    }
    faults += reading("the overridden devices") {
      for device in view.storedOverrides.keys {
        view.overridden[device] = try state(of: device)
      }
      return []
    }
    guard extent == .everything else { return faults }
    faults += reading("the IOMMU groups") {
      view.groups = try IOMMUGroup.all(root: root)
      return []
    }
    return faults
  }

  /// The subchannels; `nil` on a machine without them.
  private func subchannels(under running: [ActiveDevice]) throws(DriverError) -> [Subchannel]? {
    let subsystem: ChannelSubsystem
    do throws(DriverError) {
      subsystem = try ChannelSubsystem(root: root)
    } catch .noBus {
      return nil
    }
    return try subsystem.subchannels(under: running)
  }

  /// The driver and override of a device; `nil` of one that is not there.
  private func state(of device: BusDevice) throws(DriverError) -> DriverState? {
    do throws(DriverError) {
      return try DriverBus(device.bus, root: root).state(of: device.name)
    } catch .noDevice, .noBus {
      return nil
    }
  }
}

/// Does what reads a part of the host; that it can't be read is a finding.
func reading(_ part: String, _ body: () throws -> [Finding]) -> [Finding] {
  do {
    return try body()
  } catch {
    return [Finding(.unreadable, .error, .always, "\(part) can't be read: \(error)")]
  }
}

extension Finding {
  fileprivate static func writable(_ path: String) -> Finding {
    Finding(
      .writableByOthers, .warning, resources: [path],
      "others than its owner can write to '\(path)'", remedy: "chmod go-w '\(path)'")
  }
}

extension OverrideContents {
  /// The overrides that can't be used.
  fileprivate var findings: [Finding] {
    unreadable.map {
      Finding(
        .overrideUnreadable, .error, .boot, resources: ["\($0.device)"],
        "the driver stored for \($0.device) can't be told: \($0.reason)",
        remedy: "mdevctl driver unset \($0.device)")
    }
  }
}

extension StoreContents {
  /// The definitions that can't be used.
  fileprivate var findings: [Finding] {
    unreadableParents.map {
      Finding(
        .unreadableDefinition, .error, resources: [$0.parent.name],
        "the definitions of '\($0.parent)' can't be read: \($0.reason)")
    }
      + unreadable.map {
        Finding(
          .unreadableDefinition, .error, devices: [$0.identity],
          "the definition of \($0.identity.uuid) on '\($0.identity.parent)' can't be used: "
            + "\($0.reason)")
      }
      + warnings.map { Finding(.unreadableDefinition, .warning, .always, $0.description) }
  }
}
