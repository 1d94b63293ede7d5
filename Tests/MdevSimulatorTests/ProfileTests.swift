// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevSimulator
import SimulatorSupport
import TestSupport
import Testing

struct ProfileTests {
  private func reason(_ text: String) throws -> String? {
    let json = try JSONValue(parsing: Array(text.utf8))
    do {
      _ = try Profile(json: json, path: "p.json")
      return nil
    } catch {
      return "\(error)"
    }
  }

  private static let many =
    #"{"name": "a", "count": 40000, "class": "a", "mdev": {"driver": "a", "pool": 1, "types": []}}"#
  private static let card =
    #"{"address": "0000:00:00.0", "vendor": "0x1", "device": "0x1", "class": "0x1", "virtual_functions""#
    + #": {"total": 40000, "device": "0x1"}}"#

  @Test(arguments: [
    (#"[]"#, "expected an object, found an array"),
    (
      #"{"pc": {}}"#,
      "unknown member 'pc' (known are description, kernel, power, modules, virtual, pci, css, ap)"
    ),
    (
      #"{"kernel": "new"}"#, "kernel: expected a version such as '6.12', found 'new'"
    ),
    (#"{"power": 1}"#, "power: expected true or false, found a number"),
    (#"{"pci": {}}"#, "pci: 'devices' is missing"),
    (#"{"pci": {"devices": [{}]}}"#, "pci.devices[0]: 'address' is missing"),
    (
      #"{"pci": {"devices": [{"address": "0000:00:00.0", "vendor": 8086}]}}"#,
      "pci.devices[0].vendor: expected a string, found a number"
    ),
    (
      #"{"pci": {"devices": [{"address": "0000:00:00.0", "vendor": "8086"}]}}"#,
      "pci.devices[0].vendor: expected a number such as '0x8086', found '8086'"
    ),
    (
      #"{"pci": {"devices": [], "drivers": [{"name": "a", "loaded": false}]}}"#,
      "pci.drivers[0]: a driver that is not loaded needs a 'module' to load it with"
    ),
    (
      #"{"css": {"subchannels": [{"id": "0.0.0001", "type": 4}]}}"#,
      "css.subchannels[0]: 'type' must be 0 (I/O), 1 (chsc), 2 (message) or 3 (eadm)"
    ),
    (
      #"{"ap": {"cards": [{"id": "0x100"}], "domains": []}}"#,
      "ap.cards[0].id: no adapter or domain is above 0xff"
    ),
    (
      #"{"ap": {"cards": [], "domains": [], "apmask": "yes"}}"#,
      "ap.apmask: expected a mask such as '\(APBits.all)'"
    ),
    (
      #"{"virtual": [{"name": "a", "class": "a", "mdev": {"driver": "a", "pool": -1}}]}"#,
      "virtual[0].mdev.pool: expected a non-negative number, found -1"
    ),
    (
      #"{"virtual": [{"name": "a", "class": "a", "mdev": {"driver": "a", "pool": 16777216}}]}"#,
      "virtual[0].mdev.pool: expected a number up to 16777215, found 16777216"
    ),
    (
      #"{"virtual": [{"name": "a", "count": 99999999999, "class": "a", "mdev": {"driver": "a", "pool": 1, "types": []}}]}"#,
      "virtual[0].count: expected a number up to 65536, found 99999999999"
    ),
    (
      #"{"ap": {"cards": [\#(String(repeating: #"{"id": "0x01"}, "#, count: 256)){}], "domains": []}}"#,
      "ap.cards: expected at most 256 elements, found 257"
    ),
    (
      #"{"ap": {"cards": [], "domains": [\#(String(repeating: #""0x01", "#, count: 256))"0x01"]}}"#,
      "ap.domains: expected at most 256 elements, found 257"
    ),
    (#"{"ap": {"cards": [], "domains": ["0x1", "0x01"]}}"#, "ap.domains[1]: is listed twice"),
    (
      #"{"ap": {"cards": [], "domains": [], "max_domain": 256}}"#,
      "ap.max_domain: expected a number up to 255, found 256"
    ),
    (
      #"{"css": {"subchannels": [\#(String(repeating: "1,", count: 65536))1]}}"#,
      "css.subchannels: expected at most 65536 elements, found 65537"
    ),
    (
      #"{"css": {"subchannels": [{"id": "0.0.0001"}, {"id": "0.0.0001"}]}}"#,
      "css.subchannels[1]: is listed twice"
    ),
    (
      #"{"virtual": [{"name": "a", "class": "a", "mdev": {"driver": "a", "pool": 1, "full": "EX"}}]}"#,
      "virtual[0].mdev.full: unknown errno"
    ),
    (
      #"{"virtual": [{"name": "a", "class": "a", "mdev": {"driver": "a", "pool": 1, "types": [{"type": "t", "takes": 0}]}}]}"#,
      "virtual[0].mdev.types[0]: 'takes' must be more than 0"
    ),
    // Each list was bounded, and the hosts that many of them made together took all memory.
    (
      #"{"virtual": [\#(many), \#(many)]}"#,
      "virtual[1]: more than 65536 parents with those before it"
    ),
    (
      #"{"pci": {"devices": [\#(card), \#(card)]}}"#,
      "pci: more than 65535 virtual functions together"
    ),
  ])
  func `a mistake in a profile is named with its place`(text: String, message: String) throws {
    #expect(try reason(text) == "profile 'p.json': \(message)")
  }

  @Test func `a profile's running devices are there from the start`() throws {
    let uuid = Scene.uuid(1)
    let text = """
      {"virtual": [{"name": "a{number}", "count": 2, "class": "a", "mdev": {"driver": "a", \
      "pool": 3, "types": [{"type": "t", "takes": 2}], \
      "devices": [{"uuid": "\(uuid)", "type": "t"}]}}]}
      """
    let kernel = SimulatedKernel(
      try Profile(json: JSONValue(parsing: Array(text.utf8)), path: "p.json"))
    #expect(kernel.mdevDevices.map { "\($0.parent) \($0.type) \($0.uuid)" } == ["a0 t \(uuid)"])
    #expect(kernel.mdevParents.keys.sorted() == ["a0", "a1"])
    #expect(kernel.journal.entries.isEmpty)
  }
}
