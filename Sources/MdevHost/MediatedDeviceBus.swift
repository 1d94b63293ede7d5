// SPDX-License-Identifier: Apache-2.0

import Glibc
package import MdevModel
import SystemPackage

/// The kernel's mediated devices, as /sys/bus/mdev and /sys/class/mdev_bus show them
/// (drivers/vfio/mdev; Documentation/driver-api/vfio-mediated-device.rst).
///
/// Devices and parents can come and go while they are read. What went away is passed over in
/// silence, what is there and makes no sense is named in a warning. A directory is not there as long
/// as mdev, or the parent's driver, is not loaded.
package struct MediatedDeviceBus: Sendable {
  private let root: SystemRoot

  package init(root: SystemRoot) {
    self.root = root
  }

  var devicesDirectory: String { root.path("/sys/bus/mdev/devices") }
  var parentsDirectory: String { root.path("/sys/class/mdev_bus") }

  /// The directory of the device `uuid`, by the bus's link to it.
  package func directory(of uuid: DeviceUUID) -> String { "\(devicesDirectory)/\(uuid)" }

  /// The directory of a type of a parent.
  package func directory(of type: TypeName, on parent: ParentName) -> String {
    "\(parentsDirectory)/\(parent)/mdev_supported_types/\(type)"
  }

  /// All devices that there are now, in no order.
  package func activeDevices() throws(HostError) -> Outcome<[ActiveDevice]> {
    var outcome = Outcome<[ActiveDevice]>([])
    guard let directory = try Directory.existing(devicesDirectory) else { return outcome }
    for entry in try directory.readEntries() {
      guard entry.kind != .undecodable, let uuid = DeviceUUID(text: entry.name) else {
        outcome.warnings.append(
          Warning("ignoring '\(directory.path)/\(entry.name)': its name is no uuid"))
        continue
      }
      do throws(HostError) {
        if let device = try activeDevice(uuid, link: entry.name, in: directory) {
          outcome.value.append(device)
        }
      } catch {
        outcome.warnings.append(Warning("ignoring mdev \(uuid): \(error)"))
      }
    }
    outcome.warnings.sort()
    return outcome
  }

  /// The uuids of the devices that there are now, by their names alone.
  package func uuids() throws(HostError) -> Set<DeviceUUID> {
    guard let directory = try Directory.existing(devicesDirectory) else { return [] }
    return Set(try directory.readEntries().compactMap { DeviceUUID(text: $0.name) })
  }

  /// The devices that there are now and that a filter includes, sorted.
  package func activeDevices(
    matching filter: DeviceFilter
  ) throws(HostError) -> Outcome<[ActiveDevice]> {
    var devices = try activeDevices()
    devices.value.removeAll { !filter.includes($0.identity) }
    devices.value.sort { $0.identity < $1.identity }
    return devices
  }

  /// All devices that there are now, sorted; those that are just appearing are waited for.
  package func settledDevices() async throws -> [ActiveDevice] {
    var devices: [ActiveDevice] = []
    for entry in try Directory.existing(devicesDirectory)?.readEntries() ?? [] {
      guard let uuid = DeviceUUID(text: entry.name), let device = try await activeDevice(uuid)
      else { continue }
      devices.append(device)
    }
    return devices.sorted { $0.identity < $1.identity }
  }

  /// The devices of a parent that there are now, in no order: the directories in its own that are
  /// named by a uuid (`mdev_device_create` in drivers/vfio/mdev/mdev_core.c).
  package func devices(of parent: ParentName) throws(HostError) -> [ActiveDevice] {
    guard let directory = try Directory.existing("\(parentsDirectory)/\(parent)") else { return [] }
    var devices: [ActiveDevice] = []
    for entry in try directory.readEntries() {
      guard let uuid = DeviceUUID(text: entry.name),
        let link = try target(of: "\(entry.name)/mdev_type", in: directory),
        let type = link.pathComponents.last, let type = try? TypeName(String(type))
      else { continue }
      devices.append(
        ActiveDevice(identity: DeviceIdentity(parent: parent, uuid: uuid), type: type))
    }
    return devices
  }

  /// The devices of these uuids that there are now.
  package func currentDevices(
    among uuids: Set<DeviceUUID>
  ) throws(HostError) -> [ActiveDevice] {
    guard let directory = try Directory.existing(devicesDirectory) else { return [] }
    var devices: [ActiveDevice] = []
    for uuid in uuids {
      do throws(HostError) {
        if let device = try activeDevice(uuid, link: uuid.description, in: directory) {
          devices.append(device)
        }
      } catch let error where error.errno == .noSuchFileOrDirectory {
        // It is just appearing or vanishing; who wants its uuid is told by the kernel.
        continue
      }
    }
    return devices
  }

  /// The device `uuid`; `nil` if there is none.
  ///
  /// One that is just appearing or vanishing is waited for, up to half a second.
  package func activeDevice(_ uuid: DeviceUUID) async throws -> ActiveDevice? {
    let settled = try await poll(
      every: .milliseconds(10), until: .now + .milliseconds(500)
    ) { () throws(HostError) -> ActiveDevice?? in
      do throws(HostError) {
        return .some(try currentDevice(uuid))
      } catch let error where error.meaning == .missing {
        return .none
      }
    }
    return if let settled { settled } else { try currentDevice(uuid) }
  }

  /// The device as its links tell now; an error of `ENOENT` while it appears or vanishes.
  private func currentDevice(_ uuid: DeviceUUID) throws(HostError) -> ActiveDevice? {
    guard let directory = try Directory.existing(devicesDirectory) else { return nil }
    return try activeDevice(uuid, link: uuid.description, in: directory)
  }

  /// Reads the two links that say what a device is; `nil` if there is none.
  ///
  /// `mdev_type` appears after the device and vanishes before it
  /// (drivers/vfio/mdev/mdev_sysfs.c): a device without it is an error of `ENOENT`.
  private func activeDevice(
    _ uuid: DeviceUUID, link: String, in directory: borrowing Directory
  ) throws(HostError) -> ActiveDevice? {
    guard let path = try target(of: link, in: directory) else { return nil }
    let type: String
    do throws(HostError) {
      type = try directory.target(of: "\(link)/mdev_type")
    } catch {
      if try target(of: link, in: directory) == nil { return nil }
      throw error
    }
    guard let parent = path.pathComponents.dropLast().last,
      let parent = try? ParentName(String(parent)),
      let type = type.pathComponents.last, let type = try? TypeName(String(type))
    else { throw HostError(.resolve, "\(directory.path)/\(link)", .strange(target: path)) }
    return ActiveDevice(identity: DeviceIdentity(parent: parent, uuid: uuid), type: type)
  }

  private func target(
    of link: String, in directory: borrowing Directory
  ) throws(HostError) -> String? {
    do throws(HostError) {
      return try directory.target(of: link)
    } catch let error where error.errno == .noSuchFileOrDirectory {
      return nil
    }
  }

  /// Makes the device: the kernel has it, driver bound, when this returns (`create_store` in
  /// drivers/vfio/mdev/mdev_sysfs.c).
  package func create(_ uuid: DeviceUUID, type: TypeName, on parent: ParentName) throws(HostError) {
    try SysfsAttribute("\(directory(of: type, on: parent))/create").write(uuid.description)
  }

  /// Removes the device; waits without limit while somebody has it open (`remove_store`).
  package func remove(_ uuid: DeviceUUID) throws(HostError) {
    try SysfsAttribute("\(directory(of: uuid))/remove").write("1")
  }
}
