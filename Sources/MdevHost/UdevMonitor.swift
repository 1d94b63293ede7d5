// SPDX-License-Identifier: Apache-2.0

import CUdev
import Glibc
import MdevModel
import SystemPackage

/// The uevents from the moment in which it is made (`udev_monitor`).
@safe
struct UdevMonitor: ~Copyable {
  private let library: UdevMonitorLibrary
  private let context: OpaquePointer
  private let monitor: OpaquePointer

  /// Something received.
  enum Message {
    case uevent(Uevent)
    /// Some could not be received, since they came faster than they were read, or make no sense.
    case lost
  }

  /// Listens; the kernel keeps what is not read yet.
  init(_ source: UeventSource) throws(HostError) {
    let library = try UdevMonitorLibrary()
    guard let context = unsafe library.newContext() else { throw UdevMonitor.failure() }
    guard let monitor = unsafe library.listen(to: source, context) else {
      let failure = UdevMonitor.failure()
      _ = unsafe library.unrefContext(context)
      throw failure
    }
    self.library = library
    unsafe self.context = context
    unsafe self.monitor = monitor
  }

  deinit {
    _ = unsafe library.unrefMonitor(monitor)
    _ = unsafe library.unrefContext(context)
  }

  /// The file to wait for (`udev_monitor_get_fd`).
  var descriptor: CInt { unsafe library.descriptor(monitor) }

  /// Receives the next message (`udev_monitor_receive_device`); `nil` if there is none now.
  func receive() throws(HostError) -> Message? {
    errno = 0
    guard let device = unsafe library.receiveDevice(monitor) else {
      switch Errno(rawValue: errno) {
      case .init(rawValue: 0), .resourceTemporarilyUnavailable, .interrupted: return nil
      case .noBufferSpace, .invalidArgument, .badMessage: return .lost
      case let reason: throw HostError(.read, UdevMonitor.name, reason)
      }
    }
    defer { _ = unsafe library.unrefDevice(device) }
    guard let action = unsafe property("ACTION", of: device),
      let path = unsafe property("DEVPATH", of: device)
    else { return .lost }
    var properties: [String: String] = [:]
    for key in Uevent.keys { properties[key] = unsafe property(key, of: device) }
    return .uevent(
      Uevent(
        action: action, path: path, subsystem: unsafe property("SUBSYSTEM", of: device) ?? "",
        properties: properties))
  }

  @unsafe
  private func property(_ key: String, of device: OpaquePointer) -> String? {
    unsafe library.property(device, key).map { unsafe String(cString: $0) }
  }

  private static let name = "the kernel's uevents"

  private static func failure() -> HostError {
    HostError(.open, name, Errno(rawValue: errno))
  }
}

/// The sender of uevents.
package enum UeventSource: String, Hashable, Sendable {
  /// udev, when its rules are done: links and rights of files are there.
  case udev
  case kernel

  /// udev where it runs, by the file that libudev looks for as well, and else the kernel.
  package static var ofHost: UeventSource {
    unsafe access("/run/udev/control", F_OK) == 0 ? .udev : .kernel
  }
}

/// The functions of libudev that a monitor calls.
@safe
private struct UdevMonitorLibrary {
  let newContext: CUdev_new
  let unrefContext: CUdev_unref
  let newMonitor: CUdev_monitor_new_from_netlink
  let unrefMonitor: CUdev_monitor_unref
  let setBufferSize: CUdev_monitor_set_receive_buffer_size
  let enableReceiving: CUdev_monitor_enable_receiving
  let descriptor: CUdev_monitor_get_fd
  let receiveDevice: CUdev_monitor_receive_device
  let unrefDevice: CUdev_device_unref
  let property: CUdev_device_get_property_value

  init() throws(HostError) {
    let symbols = try LibrarySymbols(of: UdevLibrary.name)
    unsafe newContext = try symbols.function("udev_new")
    unsafe unrefContext = try symbols.function("udev_unref")
    unsafe newMonitor = try symbols.function("udev_monitor_new_from_netlink")
    unsafe unrefMonitor = try symbols.function("udev_monitor_unref")
    unsafe setBufferSize = try symbols.function("udev_monitor_set_receive_buffer_size")
    unsafe enableReceiving = try symbols.function("udev_monitor_enable_receiving")
    unsafe descriptor = try symbols.function("udev_monitor_get_fd")
    unsafe receiveDevice = try symbols.function("udev_monitor_receive_device")
    unsafe unrefDevice = try symbols.function("udev_device_unref")
    unsafe property = try symbols.function("udev_device_get_property_value")
  }

  /// A monitor that receives from now on; `nil` with an `errno` if there can be none.
  @unsafe
  func listen(to source: UeventSource, _ context: OpaquePointer) -> OpaquePointer? {
    guard let monitor = unsafe newMonitor(context, source.rawValue) else { return nil }
    // As much as udevd; to an ordinary user the kernel gives what is the most for all
    // (net.core.rmem_max).
    _ = unsafe setBufferSize(monitor, 128 << 20)
    guard unsafe enableReceiving(monitor) >= 0 else {
      let failure = errno
      _ = unsafe unrefMonitor(monitor)
      errno = failure
      return nil
    }
    return unsafe monitor
  }
}
