// SPDX-License-Identifier: Apache-2.0

/// Host files, for all who read them.
package enum HostFileSamples {
  package static let uuid = "669d9b23-fe1b-4ecb-be08-a2fabca99b71"

  /// A file with all that there is.
  package static let whole = """
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

  /// Files that nobody may take, with what is said of them.
  package static let refused = [files, drivers, masks, cards, devices].flatMap { $0 }

  /// A file with one more member.
  package static func file(_ member: String) -> String {
    #"{"version":1,"owner":"web",\#(member)}"#
  }

  /// A file with a second device, without its braces.
  package static func file(device: String) -> String {
    file(#""devices":[{"name":"n","parent":"p","mdev_type":"t"},{\#(device)}]"#)
  }

  /// A file with a card, without its braces.
  package static func file(card: String) -> String {
    file(#""vgpus":{"0000:03:00.0":{\#(card)}}"#)
  }

  private static let base = #""name":"n","parent":"p","mdev_type":"t""#
  private static let path = #"vgpus."0000:03:00.0""#

  private static let files: [(String, String)] = [
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

  private static let drivers: [(String, String)] = [
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

  private static let masks: [(String, String)] = [
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

  private static let cards: [(String, String)] = [
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

  private static let devices: [(String, String)] = [
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
}
