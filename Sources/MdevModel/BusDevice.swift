// SPDX-License-Identifier: Apache-2.0

/// A bus by its name in /sys/bus: `pci`, `css`, `ap`.
package struct BusName: PathComponent {
  package static let noun = "bus"
  package let name: String
  package init(unchecked name: String) { self.name = name }

  package static let pci = BusName(unchecked: "pci")
  package static let css = BusName(unchecked: "css")
  package static let ap = BusName(unchecked: "ap")
}

/// A driver by its name on its bus: `vfio-pci`, `vfio_ccw`.
package struct DriverName: PathComponent {
  package static let noun = "driver"
  package let name: String
  package init(unchecked name: String) { self.name = name }

  package static let vfioPCI = DriverName(unchecked: "vfio-pci")
  package static let vfioCCW = DriverName(unchecked: "vfio_ccw")
  package static let vfioAP = DriverName(unchecked: "vfio_ap")

  /// NVIDIA's driver, which hands vGPUs to guests itself.
  package static let nvidia = DriverName(unchecked: "nvidia")

  /// The driver that NVIDIA's program gives a card to while it makes functions.
  package static let pciPFStub = DriverName(unchecked: "pci-pf-stub")

  /// The host's own driver of queues.
  package static let hostQueue = DriverName(unchecked: "cex4queue")

  /// The host's own driver of I/O subchannels.
  package static let ioSubchannel = DriverName(unchecked: "io_subchannel")

  /// The name that driverctl has for no driver at all.
  package static let nobody = DriverName(unchecked: "none")

  /// The driver that a device has for which this name is stored; `nil` for none.
  package var ofDevice: DriverName? { self == .nobody ? nil : self }

  /// True if it hands devices out to user space.
  package var isVFIO: Bool { name.hasPrefix("vfio-") || name.hasPrefix("vfio_") }
}

/// A device by its name on its bus: `0000:00:03.0`, `0.0.0313`, `05.0004`.
package struct BusDeviceName: PathComponent {
  package static let noun = "device"
  package let name: String
  package init(unchecked name: String) { self.name = name }
}

/// A device on a bus.
package struct BusDevice: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let bus: BusName
  package let name: BusDeviceName

  package init(bus: BusName, name: BusDeviceName) {
    self.bus = bus
    self.name = name
  }

  package init(_ queue: APQueue) {
    self.init(bus: .ap, name: BusDeviceName(unchecked: queue.description))
  }

  /// False of what is on the AP bus beside the queues, since only these can be given away.
  package var canHaveDriver: Bool { bus != .ap || APQueue(deviceName: name.name) != nil }

  /// `BUS/DEVICE`, as commands take it.
  package var description: String { "\(bus)/\(name)" }

  /// The name of its file in driverctl's store, `BUS-DEVICE`.
  package var overrideFileName: String { "\(bus)-\(name)" }

  package static func < (left: BusDevice, right: BusDevice) -> Bool {
    left.bus == right.bus ? left.name < right.name : left.bus < right.bus
  }
}

/// The device or queues whose driver a user wants changed.
package enum DriverTarget: Hashable, Sendable {
  case device(BusDevice)
  /// The subchannel behind a channel device, `css/dev:0.0.2b09`.
  case subchannel(of: BusDeviceName)
  /// Queues of the AP bus, `ap/05.0004,06`.
  case queues(APSelection)

  /// The bus that it is on.
  package var bus: BusName {
    switch self {
    case .device(let device): device.bus
    case .subchannel: .css
    case .queues: .ap
    }
  }

  /// Reads `DEVICE` on `bus`, or `BUS/DEVICE`.
  package init(_ text: String, on bus: BusName) throws(DriverTargetError) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts[parts.count - 1])
    let bus = parts.count == 1 ? bus : try DriverTarget.checked(String(parts[0]))
    switch bus {
    case .ap: self = .queues(try DriverTarget.selection(name))
    case .css where name.hasPrefix("dev:"):
      self = .subchannel(of: try DriverTarget.checked(String(name.dropFirst(4))))
    case .pci:
      // What lspci prints may be without the domain that the kernel's name has.
      let address = PCIAddress(text: name)?.description ?? name
      self = .device(BusDevice(bus: bus, name: try DriverTarget.checked(address)))
    default: self = .device(BusDevice(bus: bus, name: try DriverTarget.checked(name)))
    }
  }

  private static func checked<Name: PathComponent>(
    _ text: String
  ) throws(DriverTargetError) -> Name {
    do throws(PathComponentError) {
      return try Name(text)
    } catch {
      throw .name(error)
    }
  }

  private static func selection(_ text: String) throws(DriverTargetError) -> APSelection {
    do throws(APSelectionError) {
      return try APSelection(text)
    } catch {
      throw .queues(error)
    }
  }
}

/// A text that names nothing whose driver could be changed.
package enum DriverTargetError: Error, Equatable, CustomStringConvertible {
  case name(PathComponentError)
  case queues(APSelectionError)

  package var description: String {
    switch self {
    case .name(let error): "\(error)"
    case .queues(let error): "\(error)"
    }
  }
}
