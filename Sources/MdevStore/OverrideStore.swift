// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// The driver overrides under /etc/driverctl.d: a file `BUS-DEVICE` for each, with the driver's
/// name, as driverctl has them.
///
/// A file of the same name under /etc/driverctl.early.d, which driverctl does not know, has the
/// device get that driver from the initrd on.
package struct OverrideStore: Sendable {
  /// The directory of the overrides.
  package let directory: String
  /// The directory of the marks of early devices.
  package let earlyDirectory: String
  private let root: SystemRoot
  private let notice: @Sendable (Warning) -> Void

  /// No driver's name comes near this many bytes.
  private static let largest = 4096

  /// The overrides of the host at `root`; `notice` is told of what changes survive.
  package init(root: SystemRoot, notice: @escaping @Sendable (Warning) -> Void = { _ in }) {
    self.root = root
    self.notice = notice
    directory = root.path("/etc/driverctl.d")
    earlyDirectory = root.path("/etc/driverctl.early.d")
  }

  /// The driver that is stored for a device; `nil` if there is none.
  package func driver(for device: BusDevice) throws(StoreError) -> DriverName? {
    let path = "\(directory)/\(device.overrideFileName)"
    let bytes: [UInt8]
    do throws(HostError) {
      bytes = try readTrustedFile(path, limit: OverrideStore.largest, root: root)
    } catch let error where error.meaning == .missing {
      return nil
    } catch {
      throw .host(error)
    }
    return try OverrideStore.driver(in: bytes[...], at: path)
  }

  private static func driver(
    in bytes: ArraySlice<UInt8>, at path: String
  ) throws(StoreError) -> DriverName {
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
    guard !line.isEmpty else { throw .empty(path: path) }
    do throws(PathComponentError) {
      return try DriverName(String(decoding: line, as: UTF8.self))
    } catch {
      throw .noDriver(path: path, error)
    }
  }

  /// Tells whether something is stored for a device, whatever it is.
  package func hasEntry(for device: BusDevice) throws(StoreError) -> Bool {
    let path = "\(directory)/\(device.overrideFileName)"
    return try onHost { () throws(HostError) in try FileKind(at: path) } != nil
  }

  /// The devices of a bus for which something is stored, sorted, whatever it is.
  package func devices(on bus: BusName) throws(StoreError) -> [BusDevice] {
    try devices(in: directory).filter { $0.bus == bus }
  }

  /// Tells whether a device is to have its stored driver from the initrd on.
  package func isEarly(_ device: BusDevice) throws(StoreError) -> Bool {
    let path = "\(earlyDirectory)/\(device.overrideFileName)"
    return try onHost { () throws(HostError) in try FileKind(at: path) } != nil
  }

  /// The devices that are to have their stored driver from the initrd on, sorted, whether one is
  /// stored or not.
  package func earlyDevices() throws(StoreError) -> [BusDevice] {
    try devices(in: earlyDirectory)
  }

  /// The files and the directory that say which devices have which driver from the initrd on,
  /// whether they are there or not.
  package func earlyPaths() throws(StoreError) -> [String] {
    try [earlyDirectory]
      + earlyDevices().map(\.overrideFileName).flatMap {
        ["\(earlyDirectory)/\($0)", "\(directory)/\($0)"]
      }
  }

  /// Everything that is stored, and why what can't be read can't.
  package func contents() throws(StoreError) -> OverrideContents {
    var contents = OverrideContents()
    guard let directory = try open(directory) else { return contents }
    var buffer: [UInt8] = []
    for (device, entry) in try OverrideStore.overrides(in: directory) {
      do throws(StoreError) {
        contents.drivers[device] = try OverrideStore.driver(in: directory, entry, &buffer, root)
      } catch {
        contents.unreadable.append(UnreadableOverride(device: device, reason: error))
      }
    }
    return contents
  }

  /// Reads an override; `nil` if it vanished since the directory was read.
  private static func driver(
    in directory: borrowing Directory, _ entry: Directory.Entry, _ buffer: inout [UInt8],
    _ root: SystemRoot
  ) throws(StoreError) -> DriverName? {
    let count: Int
    do throws(HostError) {
      count = try directory.readTrusted(
        entry.name, isLink: entry.kind != .file, into: &buffer, limit: largest, root: root)
    } catch let error where error.meaning == .missing {
      return nil
    } catch {
      throw .host(error)
    }
    return try driver(in: buffer[..<count], at: "\(directory.path)/\(entry.name)")
  }

  private func devices(in directory: String) throws(StoreError) -> [BusDevice] {
    guard let directory = try open(directory) else { return [] }
    return try OverrideStore.overrides(in: directory).map(\.device)
  }

  private func open(_ path: String) throws(StoreError) -> Directory? {
    do throws(HostError) {
      return try Directory(trusted: path, root: root)
    } catch let error where error.meaning == .missing {
      return nil
    } catch {
      throw .host(error)
    }
  }

  private static func overrides(
    in directory: borrowing Directory
  ) throws(StoreError) -> [(device: BusDevice, entry: Directory.Entry)] {
    try onHost { () throws(HostError) in
      try directory.readEntries()
        .compactMap { entry in device(ofFile: entry.name).map { ($0, entry) } }
        .sorted { $0.0 < $1.0 }
    }
  }

  /// The device that a file of this name is about; `nil` if it is none of the store's.
  ///
  /// A bus has no hyphen in its name, so the first one ends it.
  package static func device(ofFile name: String) -> BusDevice? {
    let parts = name.split(separator: "-", maxSplits: 1)
    guard parts.count == 2, !name.hasPrefix(".") else { return nil }
    return BusDevice(
      bus: BusName(unchecked: String(parts[0])), name: BusDeviceName(unchecked: String(parts[1])))
  }

  /// Runs `change` while nobody else changes an override.
  package func withLock<Value>(
    _ change: (borrowing OverrideChange) async throws -> Value
  ) async throws -> Value {
    let lock = try await storeLock(of: root, notice: notice)
    return try await change(
      OverrideChange(directory: directory, earlyDirectory: earlyDirectory, lock: lock))
  }
}

/// The overrides that are stored.
package struct OverrideContents: Equatable, Sendable {
  package var drivers: [BusDevice: DriverName] = [:]
  package var unreadable: [UnreadableOverride] = []

  /// Nothing.
  package init() {}
}

/// An override that can't be taken for one.
package struct UnreadableOverride: Equatable, Sendable {
  package let device: BusDevice
  package let reason: StoreError
}

/// The right to change overrides, for as long as the store's lock is held.
package struct OverrideChange: ~Copyable {
  private let directory: String
  private let earlyDirectory: String
  private let lock: FileLock

  init(directory: String, earlyDirectory: String, lock: consuming FileLock) {
    self.directory = directory
    self.earlyDirectory = earlyDirectory
    self.lock = lock
  }

  /// Refuses a device whose file is a link, so that something else looks after it.
  package func refuseLink(for device: BusDevice) throws(StoreError) {
    try refuseLinkedFile(at: "\(directory)/\(device.overrideFileName)")
  }

  /// Stores the driver for a device, or that there is none.
  package func put(_ driver: DriverName?, for device: BusDevice) throws(StoreError) {
    try refuseLink(for: device)
    try put(driver.map { "\($0)\n" }, at: device.overrideFileName, in: directory)
  }

  /// Has a device get its stored driver from the initrd on, or no longer.
  package func put(isEarly: Bool, for device: BusDevice) throws(StoreError) {
    try put(isEarly ? "" : nil, at: device.overrideFileName, in: earlyDirectory)
  }

  private func put(
    _ text: String?, at name: String, in directory: String
  ) throws(StoreError) {
    try onHost { () throws(HostError) in
      guard let text else {
        if try FileKind(at: "\(directory)/\(name)") != nil {
          try removeDurably(name, from: directory)
        }
        return
      }
      try makeDirectory(directory)
      // No rule asks for a name that begins with a dot.
      try StagedFile(at: "\(directory)/.mdevctl.new").put(text, at: name, in: directory)
    }
  }
}
