// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevOperations

/// A device in the words of who gives it to a guest.
struct GuestForm: Equatable {
  /// The program that reads it.
  enum Reader {
    /// Options of QEMU's command line.
    case qemu
    /// A `<hostdev>` of a domain (https://libvirt.org/formatdomain.html#host-device-assignment).
    case libvirt
    /// What `virsh nodedev-define` takes (https://libvirt.org/formatnode.html).
    case nodedev
  }

  /// The place in the guest; `nil` for whichever is free.
  var address: GuestAddress?
  /// True if the guest's screen is that of the device.
  var hasDisplay = false

  /// The text for `reader`, without a newline at its end.
  func text(of device: ShownDevice, for reader: Reader) throws(GuestFormError) -> String {
    switch (device, reader) {
    case (.mediated(let device), .qemu): try qemu(device)
    case (.mediated(let device), .libvirt): try libvirt(device)
    case (.mediated(let device), .nodedev): nodedev(device)
    case (.host(let device), .qemu):
      try functions(of: device)
        .map { function throws(GuestFormError) in
          "-device vfio-pci,host=\(function.host)\(try place(function))"
        }
        .joined(separator: "\n")
    case (.host(let device), .libvirt): try libvirt(device)
    case (.host(let device), .nodedev): throw .notDefinable(device.name)
    }
  }
}

extension GuestForm {
  /// What has to be done before a guest can have the devices.
  func warnings(about devices: [ShownDevice], for reader: Reader) -> [Warning] {
    guard reader != .nodedev else { return [] }
    return devices.compactMap { device in
      switch device {
      case .mediated(let device) where !device.isRunning:
        Warning("\(device.identity.uuid) does not run, and a guest needs it running")
      case .host(let device) where device.vgpu?.isNVIDIA == true && device.vgpu?.type == nil:
        Warning("'\(device.name)' has no vGPU type yet, and a guest needs it with one")
      case .mediated, .host: nil
      }
    }
  }
}

extension ContainerDevices {
  /// The devices as a container is given them.
  init(of devices: [ShownDevice], beside common: [String]) throws(GuestFormError) {
    var known: [Device] = []
    for device in devices {
      let (name, nodes) =
        switch device {
        case .mediated(let device): ("\(device.identity.uuid)", device.nodes)
        case .host(let device): (device.facts.name.name, device.nodes)
        }
      guard !nodes.isEmpty else { throw .noNode(name) }
      known.append(Device(name: name, nodes: nodes.map(\.path)))
    }
    self.init(common: common, devices: known)
  }
}

// MARK: - Mediated devices

/// The interfaces of mediated devices for which there is a device of a guest.
private enum DeviceAPI: String {
  case pci = "vfio-pci"
  case channel = "vfio-ccw"
  case queues = "vfio-ap"
}

extension GuestForm {
  /// The interface of a device, if the address and the display are right for it.
  private func deviceAPI(of device: ShownMediatedDevice) throws(GuestFormError) -> DeviceAPI {
    guard let text = device.deviceAPI else { throw .unknownAPI(device.identity) }
    guard let api = DeviceAPI(rawValue: text) else { throw .strangeAPI(device.identity, text) }
    switch (api, address) {
    case (_, nil), (.pci, .pci?), (.channel, .channel?): break
    case (.pci, .channel?), (.channel, .pci?): throw .otherAddress(text)
    case (.queues, .some): throw .noAddress
    }
    guard !hasDisplay || api == .pci else { throw .noDisplay(text) }
    return api
  }

  private func qemu(_ device: ShownMediatedDevice) throws(GuestFormError) -> String {
    let api = try deviceAPI(of: device)
    let model = hasDisplay ? "vfio-pci-nohotplug" : api.rawValue
    let display = hasDisplay ? ",display=on,ramfb=on" : ""
    let path = "sysfsdev=/sys/bus/mdev/devices/\(device.identity.uuid)"
    return "-device \(model),\(path)\(display)\(try place(address))"
  }

  private func place(_ address: GuestAddress?) throws(GuestFormError) -> String {
    switch address {
    case nil: ""
    case .channel(let set, let number)?: ",devno=fe.\(set).\(number.hexadecimal(digits: 4))"
    case .pci(let address)?: try place(address)
    }
  }

  /// The bus of an address is called by a name in QEMU, which it does not have from its number.
  private func place(_ address: PCIAddress?) throws(GuestFormError) -> String {
    guard let address else { return "" }
    guard address.domain == 0, address.bus == 0 else { throw .namedBus(address) }
    return ",addr=\(address.device.hexadecimal(digits: 2)).\(address.function)"
  }

  private func libvirt(_ device: ShownMediatedDevice) throws(GuestFormError) -> String {
    let api = try deviceAPI(of: device)
    let display = hasDisplay ? " display='on' ramfb='on'" : ""
    return """
      <hostdev mode='subsystem' type='mdev' model='\(api.rawValue)'\(display)>
        <source>
          <address uuid='\(device.identity.uuid)'/>
        </source>
      \(address.map { "  \($0.xml)\n" } ?? "")</hostdev>
      """
  }

  private func nodedev(_ device: ShownMediatedDevice) -> String {
    let attributes = device.attributes.map { attribute in
      "    <attr name='\(attribute.name.description.inXML)' value='\(attribute.value.inXML)'/>\n"
    }
    return """
      <device>
        <name>\("mdev_\(device.identity.uuid)_\(device.identity.parent)".inNodeName)</name>
        <parent>\(device.parent.nodeName)</parent>
        <capability type='mdev'>
          <type id='\(device.type.name.inXML)'/>
          <uuid>\(device.identity.uuid)</uuid>
      \(attributes.joined())  </capability>
      </device>
      """
  }
}

extension ParentFacts {
  /// libvirt's name of the device: its subsystem and its own name (`udevGenerateDeviceName`); the
  /// matrix has one of its own.
  fileprivate var nodeName: String {
    guard name != .matrix else { return "ap_matrix" }
    let subsystem = device?.bus.name ?? name.name
    return "\(subsystem)_\(name)".inNodeName
  }
}

extension String {
  /// The text with `_` in place of whatever is neither letter nor digit, as in libvirt's names.
  fileprivate var inNodeName: String {
    String(
      unicodeScalars.map { scalar in
        scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
          ? Character(scalar) : "_"
      })
  }
}

// MARK: - PCI functions

extension ShownHostDevice {
  /// Its name, with its bus.
  var name: String { facts.device.map { "\($0)" } ?? facts.name.name }
}

extension GuestForm {
  /// A function of the host, and its place in the guest.
  private struct PassedFunction {
    let host: PCIAddress
    let guest: PCIAddress?
    /// True if others follow in the same slot of the guest.
    let isFirstOfSeveral: Bool
  }

  /// The functions that a guest has to be given together: all of the group that are no bridges.
  private func functions(
    of device: ShownHostDevice
  ) throws(GuestFormError) -> [PassedFunction] {
    guard !hasDisplay else { throw .noDisplay("vfio-pci") }
    guard let own = device.facts.device, own.bus == .pci,
      let address = PCIAddress(text: own.name.name)
    else { throw .notGiven(device.name) }
    guard let group = device.group else { throw .noGroup(address) }
    let members = group.members.filter { $0.pciClass?.isBridge != true || $0.device == own }
      .compactMap { PCIAddress(text: $0.device.name.name) }
    guard let place = self.address else {
      return members.map { PassedFunction(host: $0, guest: nil, isFirstOfSeveral: false) }
    }
    guard case .pci(let place) = place else { throw .otherAddress("vfio-pci") }
    guard members.count > 1 else {
      return [PassedFunction(host: address, guest: place, isFirstOfSeveral: false)]
    }
    guard members.allSatisfy({ $0.slot == address.slot }), place.function == 0 else {
      throw .severalSlots(group.number, members)
    }
    return members.map { member in
      PassedFunction(
        host: member,
        guest: PCIAddress(
          domain: place.domain, bus: place.bus, device: place.device, function: member.function),
        isFirstOfSeveral: member.function == 0)
    }
  }

  private func libvirt(_ device: ShownHostDevice) throws(GuestFormError) -> String {
    // libvirt would give it to vfio-pci, which can't have it, or take it from there again at the end.
    let isManaged =
      device.vgpu?.isNVIDIA != true && device.facts.driver?.hasPrefix("vfio") != true
    return try functions(of: device).map { function in
      """
      <hostdev mode='subsystem' type='pci' managed='\(isManaged ? "yes" : "no")'>
        <source>
          \(function.host.xml(type: false))
        </source>
      \(function.guest.map { "  \($0.xml(isFirstOfSeveral: function.isFirstOfSeveral))\n" } ?? "")\
      </hostdev>
      """
    }.joined(separator: "\n")
  }

  private func place(_ function: PassedFunction) throws(GuestFormError) -> String {
    try place(function.guest) + (function.isFirstOfSeveral ? ",multifunction=on" : "")
  }
}

extension PCIAddress {
  fileprivate var slot: PCIAddress {
    PCIAddress(domain: domain, bus: bus, device: device, function: 0)
  }
}

// MARK: - XML

extension GuestAddress {
  fileprivate var xml: String {
    switch self {
    case .channel(let set, let number):
      "<address type='ccw' cssid='0xfe' ssid='0x\(set)' devno='0x\(number.hexadecimal(digits: 4))'/>"
    case .pci(let address): address.xml()
    }
  }
}

extension PCIAddress {
  fileprivate func xml(type hasType: Bool = true, isFirstOfSeveral: Bool = false) -> String {
    let numbers = [
      ("domain", domain.hexadecimal(digits: 4)),
      ("bus", bus.hexadecimal(digits: 2)), ("slot", device.hexadecimal(digits: 2)),
      ("function", "\(function)"),
    ]
    return "<address\(hasType ? " type='pci'" : "")"
      + numbers.map { " \($0)='0x\($1)'" }.joined()
      + (isFirstOfSeveral ? " multifunction='on'" : "") + "/>"
  }
}

extension String {
  /// The text in an attribute in single quotes, or an element.
  fileprivate var inXML: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "'": text += "&apos;"
      case "\n", "\t", "\r": text += "&#\(scalar.value);"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}

/// A device that can't be given to a guest, or not so.
enum GuestFormError: Error, Equatable, CustomStringConvertible {
  /// The parent is not there, and the type alone does not tell.
  case unknownAPI(DeviceIdentity)
  case strangeAPI(DeviceIdentity, String)
  case otherAddress(String)
  case noAddress
  case noDisplay(String)
  case namedBus(PCIAddress)
  case severalSlots(Int, [PCIAddress])
  case notDefinable(String)
  case notGiven(String)
  case noGroup(PCIAddress)
  case noNode(String)

  var description: String {
    switch self {
    case .unknownAPI(let device):
      "which kind of device \(device.uuid) is tells only its parent '\(device.parent)', which is not there"
    case .strangeAPI(let device, let api):
      "\(device.uuid) is a device of '\(api)', and no guest takes those"
    case .otherAddress("vfio-ccw"):
      "a channel device has a number such as fe.0.1234 in a guest, and no PCI address"
    case .otherAddress: "a PCI function has an address such as 0000:06:00.0 in a guest"
    case .noAddress: "crypto queues have no address in a guest: leave out '--guest'"
    case .noDisplay(let api):
      "only a vGPU of mdev can have the guest's screen, not a device of '\(api)': leave out '--display'"
    case .namedBus(let address):
      "QEMU knows the bus of '\(address)' by a name that only its command line has: give slot and "
        + "function alone, and add ',bus=NAME' yourself"
    case .severalSlots(let group, let members):
      "IOMMU group \(group) has \(members.map(\.description).joined(separator: ", ")): with one "
        + "address they follow each other from its function 0, if they are of one slot; else leave out "
        + "'--guest'"
    case .notDefinable(let name): "'\(name)' is no mediated device, and only those are defined"
    case .notGiven(let name):
      "'\(name)' is given to no guest itself, only mediated devices on it are"
    case .noNode(let name):
      "'\(name)' has no node below /dev/vfio now, so a container can't be given it"
    case .noGroup(let address):
      "'\(address)' is in no IOMMU group, so it can't be given to a guest safely ('mdevctl groups' "
        + "tells why)"
    }
  }
}
