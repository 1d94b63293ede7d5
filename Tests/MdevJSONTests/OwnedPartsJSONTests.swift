// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel
import Testing

struct OwnedPartsJSONTests {
  private static let uuid = "669d9b23-fe1b-4ecb-be08-a2fabca99b71"

  private static func parts() throws -> OwnedParts {
    var parts = OwnedParts(owner: try GivenName("web"))
    parts.isUnfinished = true
    parts.drivers = [
      BusDevice(bus: .css, name: try BusDeviceName("0.0.0313")),
      BusDevice(APQueue(adapter: 5, domain: 4)),
    ]
    parts.masks = [.aqmask, .apmask]
    parts.cards = [PCIAddress(bus: 3, device: 0, function: 0)]
    let (uuid, parent) = (try DeviceUUID(Self.uuid), try ParentName("0000:3b:00.0"))
    parts.devices = [
      DeviceIdentity(parent: .matrix, uuid: uuid): OwnedParts.Tag(note: "a \"note\""),
      DeviceIdentity(parent: parent, uuid: uuid): OwnedParts.Tag(
        label: DeviceLabel(name: try GivenName("web-gpu"), number: 2)),
      DeviceIdentity(parent: parent, uuid: .zero): OwnedParts.Tag(),
    ]
    return parts
  }

  @Test func `what is remembered is read again`() throws {
    let parts = try Self.parts()
    #expect(
      parts.json.text(.compact) == """
        {"version":1,"owner":"web","unfinished":true,"drivers":["ap/05.0004","css/0.0.0313"],\
        "ap":["apmask","aqmask"],"vgpus":["0000:03:00.0"],"devices":{\
        "0000:3b:00.0":["00000000-0000-0000-0000-000000000000","\(Self.uuid) web-gpu/2"],\
        "matrix":["\(Self.uuid)"]},"notes":{"matrix":{"\(Self.uuid)":"a \\"note\\""}}}
        """)
    #expect(try OwnedParts(json: JSONValue(parsing: Array(parts.json.text(.pretty).utf8))) == parts)
  }

  @Test func `nothing is remembered as nothing`() throws {
    let parts = OwnedParts(owner: try GivenName("web"))
    #expect(try OwnedParts(json: parts.json) == parts)
    #expect(parts.isEmpty)
  }

  @Test(arguments: [
    (#"{"owner":"web"}"#, "'version' is missing"),
    (#"{"version":2,"owner":"web"}"#, "version: must be 1, not 2"),
    (#"{"version":1}"#, "'owner' is missing"),
    (
      #"{"version":1,"owner":"web","more":1}"#,
      "more: is no member that is known here (there are version, owner, unfinished, drivers, ap, "
        + "vgpus, devices, notes)"
    ),
    (#"{"version":1,"owner":"web","ap":["adm"]}"#, "ap[0]: is no mask"),
    (#"{"version":1,"owner":"web","vgpus":["card"]}"#, "vgpus[0]: is no PCI address"),
    (#"{"version":1,"owner":"web","drivers":["css"]}"#, "drivers[0]: device name '' is empty"),
    (#"{"version":1,"owner":"web","devices":[]}"#, "devices: must be an object, not an array"),
    (
      #"{"version":1,"owner":"web","devices":{"..":[]}}"#,
      "devices.\"..\": parent name '..' is a directory reference"
    ),
    (
      #"{"version":1,"owner":"web","devices":{"p":["x"]}}"#,
      "devices.p[0]: begins with no uuid"
    ),
    (
      #"{"version":1,"owner":"web","devices":{"p":["\#(uuid) a/0"]}}"#,
      "devices.p[0]: ends with no name of a device"
    ),
    (
      #"{"version":1,"owner":"web","devices":{"p":[]},"notes":{"p":{"\#(uuid)":"n"}}}"#,
      "notes.p.\"\(uuid)\": is the note of no device that is here"
    ),
  ])
  func `another shape is refused with the reason`(_ text: String, _ reason: String) throws {
    let json = try JSONValue(parsing: Array(text.utf8))
    let error = #expect(throws: MemberError.self) { try OwnedParts(json: json) }
    #expect(error.map(\.description) == reason)
  }
}
