// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel
import TestSupport
import Testing

struct HostFileJSONTests {
  private static func parse(_ text: String) throws -> HostFile {
    try HostFile(json: JSONValue(parsing: Array(text.utf8)))
  }

  // MARK: - What is read

  @Test func `each member says what it says`() throws {
    var file = HostFile(owner: try GivenName("web"))
    let channel = BusDeviceName(unchecked: "0.0.2b09")
    let nic = BusDevice(bus: .pci, name: BusDeviceName(unchecked: "0000:01:00.0"))
    file.drivers = [
      WantedDriver(
        name: "css/dev:0.0.2b09", target: .subchannel(of: channel), driver: .vfioCCW),
      WantedDriver(
        name: "ap/05.0004", target: .device(BusDevice(APQueue(adapter: 5, domain: 4))),
        driver: .vfioAP),
      WantedDriver(name: "pci/0000:01:00.0", target: .device(nic), driver: .nobody),
    ]
    file.masks = [.apmask: APMask([0...4, 6...255].flatMap { $0 }), .aqmask: .none]
    let address = PCIAddress(bus: 3, device: 0, function: 0)
    var card = WantedCard(name: "0000:03:00.0", address: address)
    card.functions = 16
    card.mixesSizes = true
    card.driver = .vfioPCI
    card.vram = 2 << 30
    card.types = [
      .number(0): .name("NVIDIA L40S-4Q"), .number(12): .id(1147),
      .address(PCIAddress(bus: 3, device: 0, function: 4)): .name("L40S-1Q"),
    ]
    var free = WantedCard(
      name: "0000:04:00.0", address: PCIAddress(bus: 4, device: 0, function: 0))
    free.types = [:]
    let untouched = WantedCard(
      name: "0000:05:00.0", address: PCIAddress(bus: 5, device: 0, function: 0))
    file.cards = [card, free, untouched]
    var dasd = WantedDevice(
      parent: .subchannel(of: channel), definition: DeviceDefinition(type: .vfioCCW, start: .auto))
    dasd.name = try GivenName("web1-dasd")
    var gpus = WantedDevice(
      parent: .named(try ParentName("0000:3b:00.0")),
      definition: DeviceDefinition(type: try TypeName("GRID T4-2Q"), start: .manual))
    gpus.name = try GivenName("web-gpu")
    gpus.count = 2
    var crypto = WantedDevice(
      parent: .named(.matrix),
      definition: DeviceDefinition(
        type: .vfioAP, start: .auto,
        attributes: try [
          ("assign_adapter", "5"), ("assign_domain", "0xab"), ("assign_adapter", ""),
        ]
        .map { DeviceAttribute(name: try AttributeName($0), value: $1) }))
    crypto.uuid = try DeviceUUID(HostFileSamples.uuid)
    crypto.note = "öäü"
    file.devices = [dasd, gpus, crypto]

    #expect(try Self.parse(HostFileSamples.whole) == file)
    #expect(file.json.text(.compact) == HostFileSamples.whole)
  }

  @Test(arguments: [
    (#"{"version":1,"owner":"web"}"#, #"{"version":1,"owner":"web","devices":[]}"#),
    (
      #"{"owner":"w","devices":[],"ap":{},"vgpus":{},"drivers":{},"version":1}"#,
      #"{"version":1,"owner":"w","devices":[]}"#
    ),
    // How a number is written, and what is left to be said, is not kept.
    (
      #"{"version":1,"owner":"w","ap":{"apmask":"0x10-0x1f,5,020","aqmask":"0-255"}}"#,
      #"{"version":1,"owner":"w","ap":{"apmask":"5,16-31","aqmask":"0-255"},"devices":[]}"#
    ),
    (
      #"{"version":1,"owner":"w","vgpus":{"03:00.0":{"mixed_sizes":false,"types":{"003":"7"}}}}"#,
      #"{"version":1,"owner":"w","vgpus":{"03:00.0":{"types":{"3":7}}},"devices":[]}"#
    ),
    (
      #"{"version":1,"owner":"w","devices":[{"parent":"p","mdev_type":"t","name":"n","attrs":[]}]}"#,
      #"{"version":1,"owner":"w","devices":[{"name":"n","parent":"p","mdev_type":"t","start":"manual"}]}"#
    ),
  ])
  func `what may be left out is left out`(_ text: String, written: String) throws {
    let file = try Self.parse(text)
    #expect(file.json.text(.compact) == written)
    #expect(try HostFile(json: file.json) == file)
  }

  // MARK: - What is refused

  @Test(arguments: HostFileSamples.refused)
  func `what can't be is refused with the way to it and the reason`(
    _ text: String, _ reason: String
  ) throws {
    let json = try JSONValue(parsing: Array(text.utf8))
    let error = #expect(throws: MemberError.self) { try HostFile(json: json) }
    #expect(error.map(\.description) == reason)
  }

  @Test(arguments: [
    (#"{"version":1,"owner":"a","owner":"b"}"#, 1),
    ("{\"version\":1,\n\"drivers\":{\"pci/a\":\"x\",\n \"pci/a\":\"x\"},\"owner\":\"a\"}", 3),
  ])
  func `a member that is there twice is refused with its line`(_ text: String, line: Int) {
    let error = #expect(throws: JSONError.self) {
      try JSONValue(parsing: Array(text.utf8), refusingDuplicates: true)
    }
    guard case .syntax(let found, _, let reason)? = error else {
      Issue.record("no error of syntax")
      return
    }
    #expect(found == line)
    #expect(reason.hasPrefix("duplicate object key"), "\(reason)")
  }
}
