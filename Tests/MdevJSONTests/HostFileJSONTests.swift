// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel
import Testing

struct HostFileJSONTests {
  private static let uuid = "669d9b23-fe1b-4ecb-be08-a2fabca99b71"

  private static func parse(_ text: String) throws -> HostFile {
    try HostFile(json: JSONValue(parsing: Array(text.utf8)))
  }

  // MARK: - What is read

  /// A file with all that there is.
  private static let text = """
    {"version":1,"owner":"web",\
    "drivers":{"css/dev:0.0.2b09":"vfio_ccw","ap/05.0004":"vfio_ap","pci/0000:01:00.0":"none"},\
    "ap":{"apmask":"0-4,6-255","aqmask":""},\
    "vgpus":{"0000:03:00.0":{"functions":16,"mixed_sizes":true,"driver":"vfio-pci",\
    "vram_quota":2147483648,"types":{"0":"NVIDIA L40S-4Q","12":1147,"0000:03:00.4":"L40S-1Q"}},\
    "0000:04:00.0":{"types":{}},"0000:05:00.0":{}},\
    "devices":[\
    {"name":"web1-dasd","parent":"css/dev:0.0.2b09","mdev_type":"vfio_ccw-io","start":"auto"},\
    {"name":"web-gpu","count":2,"parent":"0000:3b:00.0","mdev_type":"GRID T4-2Q","start":"manual"},\
    {"uuid":"\(uuid)","parent":"matrix","mdev_type":"vfio_ap-passthrough","start":"auto",\
    "attrs":[{"assign_adapter":"5"},{"assign_domain":"0xab"},{"assign_adapter":""}],"note":"öäü"}]}
    """

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
    crypto.uuid = try DeviceUUID(Self.uuid)
    crypto.note = "öäü"
    file.devices = [dasd, gpus, crypto]

    #expect(try Self.parse(Self.text) == file)
    #expect(file.json.text(.compact) == Self.text)
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

  /// A file with one more member.
  private static func file(_ member: String) -> String {
    #"{"version":1,"owner":"web",\#(member)}"#
  }

  /// A file with a second device, without its braces.
  private static func file(device: String) -> String {
    file(#""devices":[{"name":"n","parent":"p","mdev_type":"t"},{\#(device)}]"#)
  }

  /// A file with a card, without its braces.
  private static func file(card: String) -> String {
    file(#""vgpus":{"0000:03:00.0":{\#(card)}}"#)
  }

  private static let base = #""name":"n","parent":"p","mdev_type":"t""#
  private static let path = #"vgpus."0000:03:00.0""#

  static let files: [(String, String)] = [
    ("[]", "must be an object, not an array"),
    ("{}", "'version' is missing"),
    (#"{"version":1}"#, "'owner' is missing"),
    (#"{"owner":"web"}"#, "'version' is missing"),
    (#"{"version":2,"owner":"web"}"#, "version: must be 1, not 2"),
    (#"{"version":"1","owner":"web"}"#, "version: must be 1, not a string"),
    (#"{"version":1.5,"owner":"web"}"#, "version: must be 1, not a number with a fraction"),
    (#"{"version":1,"owner":7}"#, "owner: must be a string, not a number"),
    (
      #"{"version":1,"owner":"../x"}"#,
      "owner: '../x' is no name (expected 1 to 64 letters, digits, '.', '_' and '-', a letter or "
        + "digit first)"
    ),
    (
      file(#""device":[]"#),
      "device: is no member that is known here (there are version, owner, drivers, ap, vgpus, "
        + "devices)"
    ),
    (
      file(#""a\nb.c":[]"#),
      #""a\nb.c": is no member that is known here (there are version, owner, drivers, ap, vgpus, "#
        + "devices)"
    ),
  ]

  static let drivers: [(String, String)] = [
    (file(#""drivers":[]"#), "drivers: must be an object, not an array"),
    (
      file(#""drivers":{"pci/0000:01:00.0":null}"#),
      #"drivers."pci/0000:01:00.0": must be a string, not null"#
    ),
    (
      file(#""drivers":{"pci/0000:01:00.0":"a/b"}"#),
      #"drivers."pci/0000:01:00.0": driver name 'a/b' contains a slash"#
    ),
    (
      file(#""drivers":{"0000:01:00.0":"vfio-pci"}"#),
      #"drivers."0000:01:00.0": is no device of a bus (expected one such as pci/0000:01:00.0)"#
    ),
    (
      file(#""drivers":{"pci/a/b":"vfio-pci"}"#),
      #"drivers."pci/a/b": device name 'a/b' contains a slash"#
    ),
    (
      file(#""drivers":{"/x":"vfio-pci"}"#), #"drivers."/x": bus name '' is empty"#
    ),
    (
      file(#""drivers":{"css/dev:":"vfio_ccw"}"#), #"drivers."css/dev:": device name '' is empty"#
    ),
    (
      file(#""drivers":{"ap/05.0004,06":"vfio_ap"}"#),
      #"drivers."ap/05.0004,06": names several queues, and each has a driver of its own"#
    ),
  ]

  static let masks: [(String, String)] = [
    (file(#""ap":"0-255""#), "ap: must be an object, not a string"),
    (
      file(#""ap":{"adm":"0"}"#),
      "ap.adm: is no member that is known here (there are apmask, aqmask)"
    ),
    (file(#""ap":{"apmask":5}"#), "ap.apmask: must be a string, not a number"),
    (
      file(#""ap":{"apmask":"+5"}"#),
      "ap.apmask: '+5' changes a mask, and does not say what it is to be"
    ),
    (
      file(#""ap":{"apmask":"5,-6"}"#), "ap.apmask: '5,-6' mixes entries with and without a sign"
    ),
    (file(#""ap":{"aqmask":"0-256"}"#), "ap.aqmask: '0-256' in '0-256' is above 255"),
    (
      file(#""ap":{"aqmask":"7-5"}"#),
      "ap.aqmask: '7-5' in '7-5' is a range that ends before it begins"
    ),
    (file(#""ap":{"aqmask":"5,"}"#), "ap.aqmask: '5,' has an empty entry"),
    (
      file(#""ap":{"aqmask":"all"}"#),
      "ap.aqmask: 'all' in 'all' is not a number or range such as 5 or 0x10-20 (0x makes a number "
        + "hexadecimal, a leading 0 octal)"
    ),
  ]

  static let cards: [(String, String)] = [
    (file(#""vgpus":[]"#), "vgpus: must be an object, not an array"),
    (
      file(#""vgpus":{"card":{}}"#),
      "vgpus.card: is no PCI address (expected one such as 0000:03:00.0)"
    ),
    (
      file(#""vgpus":{"0000:03:00.0":{},"03:00.0":{}}"#),
      #"vgpus."03:00.0": is a card that is there twice"#
    ),
    (file(#""vgpus":{"0000:03:00.0":4}"#), "\(path): must be an object, not a number"),
    (
      file(card: #""function":4"#),
      "\(path).function: is no member that is known here (there are functions, mixed_sizes, "
        + "driver, vram_quota, types)"
    ),
    (
      file(card: #""functions":0"#),
      "\(path).functions: must be a whole number from 1 to 65535, not 0"
    ),
    (
      file(card: #""functions":"4""#),
      "\(path).functions: must be a whole number from 1 to 65535, not a string"
    ),
    (
      file(card: #""functions":2.5"#),
      "\(path).functions: must be a whole number from 1 to 65535, not a number with a fraction"
    ),
    (
      file(card: #""mixed_sizes":1"#), "\(path).mixed_sizes: must be true or false, not a number"
    ),
    (file(card: #""driver":"""#), "\(path).driver: driver name '' is empty"),
    (
      file(card: #""vram_quota":-1"#),
      "\(path).vram_quota: must be a whole number from 1 to 9223372036854775807, not -1"
    ),
    (file(card: #""types":["a"]"#), "\(path).types: must be an object, not an array"),
    (
      file(card: #""types":{"first":"a"}"#),
      "\(path).types.first: is no function (expected its number, or its PCI address)"
    ),
    (
      file(card: #""types":{"-0":"a"}"#),
      #"\#(path).types."-0": is no function (expected its number, or its PCI address)"#
    ),
    (
      file(card: #""types":{"0":"a","00":"b"}"#),
      #"\#(path).types."00": is a function that is there twice"#
    ),
    (
      file(card: #""types":{"0":0}"#),
      #"\#(path).types."0": must be a whole number from 1 to 9223372036854775807, not 0"#
    ),
    (
      file(card: #""types":{"0":"-3"}"#),
      #"\#(path).types."0": is no type (expected its name, or its number)"#
    ),
    (
      file(card: #""types":{"0":""}"#),
      #"\#(path).types."0": is no type (expected its name, or its number)"#
    ),
    (file(card: #""types":{"0":true}"#), #"\#(path).types."0": must be a string, not a boolean"#),
  ]

  static let devices: [(String, String)] = [
    (file(#""devices":{}"#), "devices: must be an array, not an object"),
    (file(#""devices":["a"]"#), "devices[0]: must be an object, not a string"),
    (file(device: #""name":"n","mdev_type":"t""#), "devices[1]: 'parent' is missing"),
    (file(device: #""name":"n","parent":"p""#), "devices[1]: 'mdev_type' is missing"),
    (
      file(device: #""parent":"p","mdev_type":"t""#),
      "devices[1]: 'name' is missing, of which a uuid is made where none is given"
    ),
    (
      file(device: #"\#(base),"type":"t""#),
      "devices[1].type: is no member that is known here (there are name, uuid, count, parent, "
        + "mdev_type, start, attrs, note)"
    ),
    (
      file(device: #""name":"","parent":"p","mdev_type":"t""#),
      "devices[1].name: '' is no name (expected 1 to 64 letters, digits, '.', '_' and '-', a letter "
        + "or digit first)"
    ),
    (
      file(device: #"\#(base),"uuid":"669d9b23""#),
      "devices[1].uuid: '669d9b23' is not a uuid (expected one such as "
        + "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001)"
    ),
    (
      file(device: #"\#(base),"uuid":"\#(uuid)","count":2"#),
      "devices[1]: 'count' and 'uuid' exclude each other: several devices have several uuids"
    ),
    (
      file(device: #"\#(base),"count":0"#),
      "devices[1].count: must be a whole number from 1 to 65536, not 0"
    ),
    (
      file(device: #"\#(base),"count":65537"#),
      "devices[1].count: must be a whole number from 1 to 65536, not 65537"
    ),
    (
      file(device: #""name":"n","parent":"a/b","mdev_type":"t""#),
      "devices[1].parent: parent name 'a/b' contains a slash"
    ),
    (
      file(device: #""name":"n","parent":"css/dev:","mdev_type":"t""#),
      "devices[1].parent: device name '' is empty"
    ),
    (
      file(device: #""name":"n","parent":"p","mdev_type":".""#),
      "devices[1].mdev_type: type name '.' is a directory reference"
    ),
    (
      file(device: #"\#(base),"start":"boot""#),
      "devices[1].start: must be 'auto' or 'manual', not 'boot'"
    ),
    (file(device: #"\#(base),"start":true"#), "devices[1].start: must be a string, not a boolean"),
    (file(device: #"\#(base),"note":null"#), "devices[1].note: must be a string, not null"),
    (file(device: #"\#(base),"attrs":{}"#), "devices[1].attrs: must be an array, not an object"),
    (
      file(device: #"\#(base),"attrs":[{"a":"1"},"b"]"#),
      "devices[1].attrs[1]: must be an object, not a string"
    ),
    (
      file(device: #"\#(base),"attrs":[{"a":"1","b":"2"}]"#),
      "devices[1].attrs[0]: must have exactly one member"
    ),
    (
      file(device: #"\#(base),"attrs":[{}]"#), "devices[1].attrs[0]: must have exactly one member"
    ),
    (
      file(device: #"\#(base),"attrs":[{"a":5}]"#),
      "devices[1].attrs[0].a: must be a string, not a number"
    ),
    (
      file(device: #"\#(base),"attrs":[{"../remove":"1"}]"#),
      #"devices[1].attrs[0]."../remove": attribute name '../remove' is not a relative path inside "#
        + "the device's directory"
    ),
  ]

  @Test(arguments: [files, drivers, masks, cards, devices].flatMap { $0 })
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
