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
        "ap":["apmask","aqmask"],"vgpus":["0000:03:00.0"],"devices":[\
        {"uuid":"00000000-0000-0000-0000-000000000000","parent":"0000:3b:00.0"},\
        {"uuid":"\(Self.uuid)","parent":"0000:3b:00.0","name":"web-gpu/2"},\
        {"uuid":"\(Self.uuid)","parent":"matrix","note":"a \\"note\\""}]}
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
        + "vgpus, devices)"
    ),
    (#"{"version":1,"owner":"web","ap":["adm"]}"#, "ap[0]: is no mask"),
    (#"{"version":1,"owner":"web","vgpus":["card"]}"#, "vgpus[0]: is no PCI address"),
    (#"{"version":1,"owner":"web","drivers":["css"]}"#, "drivers[0]: device name '' is empty"),
    (
      #"{"version":1,"owner":"web","devices":[{"parent":"p"}]}"#, "devices[0]: 'uuid' is missing"
    ),
    (
      #"{"version":1,"owner":"web","devices":[{"uuid":"x","parent":"p"}]}"#,
      "devices[0].uuid: 'x' is not a uuid (expected one such as "
        + "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001)"
    ),
    (
      #"{"version":1,"owner":"web","devices":[{"uuid":"\#(uuid)","parent":"p","name":"a/0"}]}"#,
      "devices[0].name: is no name of a device"
    ),
  ])
  func `another shape is refused with the reason`(_ text: String, _ reason: String) throws {
    let json = try JSONValue(parsing: Array(text.utf8))
    let error = #expect(throws: MemberError.self) { try OwnedParts(json: json) }
    #expect(error.map(\.description) == reason)
  }
}
