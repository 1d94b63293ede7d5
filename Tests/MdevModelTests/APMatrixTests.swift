// SPDX-License-Identifier: Apache-2.0

import MdevModel
import TestSupport
import Testing

struct APMatrixTests {
  private static func matrix(
    _ adapters: [UInt8], _ domains: [UInt8], _ controlDomains: [UInt8] = []
  ) -> APMatrix {
    APMatrix(
      adapters: APMask(adapters), domains: APMask(domains), controlDomains: APMask(controlDomains))
  }

  private static func definition(_ attributes: [String]) throws -> DeviceDefinition {
    var definition = DeviceDefinition(type: try TypeName("vfio_ap-passthrough"), start: .auto)
    for attribute in attributes {
      let parts = attribute.split(separator: "=", maxSplits: 1).map(String.init)
      definition.attributes.append(
        DeviceAttribute(name: try AttributeName(parts[0]), value: parts.count > 1 ? parts[1] : ""))
    }
    return definition
  }

  private static let config =
    "0x04" + String(repeating: "0", count: 62) + ",0x08" + String(repeating: "0", count: 62)
    + ",0x01" + String(repeating: "0", count: 62)

  @Test(
    arguments: [
      ([], [], [], []),
      (["assign_adapter=5", "assign_domain=0xab"], [5], [0xab], []),
      (["assign_adapter=5,06,0x7\n"], [5, 6, 7], [], []),
      (["assign_control_domain=0xab", "assign_control_domain=4"], [], [], [4, 0xab]),
      (
        ["assign_control_domain=4,5", "unassign_control_domain=4", "unassign_domain=9"], [], [], [5]
      ),
      (["assign_adapter=9", "assign_control_domain=9", "ap_config=\(config)"], [5], [4], [7]),
      (["ap_config=\(config)\n", "assign_domain=6"], [5], [4, 6], [7]),
      (["ap_config=0x8,0x4,0x0", "unassign_adapter=0", "assign_adapter="], [], [1], []),
    ] as [([String], [UInt8], [UInt8], [UInt8])])
  func `a definition gives what its attributes give one after the other`(
    _ attributes: [String], _ adapters: [UInt8], _ domains: [UInt8], _ controlDomains: [UInt8]
  ) throws {
    let definition = try Self.definition(attributes)
    #expect(definition.matrix == Self.matrix(adapters, domains, controlDomains))
    #expect(try definition.checkedMatrix() == definition.matrix)
  }

  @Test(
    arguments: [
      (
        "guest_matrix=1",
        "attribute 'guest_matrix' with value '1' is invalid: it is not a matrix attribute"
          + " (ap_config, or assign_ or unassign_ with adapter, domain or control_domain)",
        []
      ),
      (
        "assign_adapters=1",
        "attribute 'assign_adapters' with value '1' is invalid: it is not a matrix attribute"
          + " (ap_config, or assign_ or unassign_ with adapter, domain or control_domain)",
        []
      ),
      (
        "assign_adapter=5,x",
        "attribute 'assign_adapter' with value '5,x' is invalid:"
          + " 'x' is not a number such as 5 or 0xab",
        [5]
      ),
      (
        "assign_adapter=0x-1",
        "attribute 'assign_adapter' with value '0x-1' is invalid:"
          + " '0x-1' is not a number such as 5 or 0xab",
        []
      ),
      (
        "assign_adapter=08",
        "attribute 'assign_adapter' with value '08' is invalid:"
          + " '08' is not a number such as 5 or 0xab",
        []
      ),
      (
        "assign_adapter=256,99999999999999999999",
        "attribute 'assign_adapter' with value '256,99999999999999999999' is invalid:"
          + " '256' is above 255",
        []
      ),
      (
        "ap_config=0x1,0x2",
        "attribute 'ap_config' with value '0x1,0x2' is invalid:"
          + " it is not three masks separated by commas",
        []
      ),
      (
        "ap_config=0x1,2,0x3",
        "attribute 'ap_config' with value '0x1,2,0x3' is invalid:"
          + " '2' is not a mask (expected 0x and up to 64 hexadecimal digits)",
        []
      ),
    ] as [(String, String, [UInt8])])
  func `what makes no sense is named, and gives nothing`(
    _ attribute: String, _ message: String, _ adapters: [UInt8]
  ) throws {
    let definition = try Self.definition([attribute])
    #expect(definition.matrix == Self.matrix(adapters, []))
    let error = #expect(throws: APMatrixError.self) { try definition.checkedMatrix() }
    #expect(error.map(\.description) == message)
  }

  @Test func `ap_config is read as it is written`() throws {
    #expect(try APMatrix(Self.config) == Self.matrix([5], [4], [7]))
    #expect("\(Self.matrix([5], [4], [7]))" == Self.config)
    #expect("\(Self.matrix([], []))".utf8.count == 200)
  }

  @Test(
    arguments: [
      ("", "", [], [], []),
      ("05.\n06.", "", [5, 6], [], []),
      (".0004\n.00ab", "0004", [], [4, 0xab], [4]),
      ("05.0004\n05.00ab\n06.0004\n06.00ab\n", "0004\n00ab\n", [5, 6], [4, 0xab], [4, 0xab]),
    ] as [(String, String, [UInt8], [UInt8], [UInt8])])
  func `the lists of an older kernel tell the same`(
    _ text: String, _ control: String, _ adapters: [UInt8], _ domains: [UInt8],
    _ controlDomains: [UInt8]
  ) throws {
    #expect(
      try APMatrix(listing: text, controlDomains: control)
        == Self.matrix(adapters, domains, controlDomains))
  }

  @Test(arguments: [("05", "", "05"), (".", "", "."), ("05.0100", "", "05.0100"), ("", "x", "x")])
  func `a line that names nothing is an error`(_ text: String, _ control: String, _ line: String) {
    #expect(throws: APMatrixError.Fault.notALine(line)) {
      try APMatrix(listing: text, controlDomains: control)
    }
  }

  @Test func `two matrices share the product of what both have`() {
    let (one, other) = (Self.matrix([4, 5], [4, 6]), Self.matrix([5, 6], [6, 7]))
    #expect(one.queuesShared(with: other).map(\.description) == ["05.0006"])
    #expect(
      one.queues(beyond: other).map(\.description) == ["04.0004", "04.0006", "05.0004"])
    #expect(Self.matrix([5], []).queuesShared(with: Self.matrix([5], [6])) == [])
  }

  @Test func `steps are few, and in the order that is safe`() {
    let old = Self.matrix([4, 5], [4, 6], [4])
    #expect(old.steps(to: old) == [])
    #expect(
      old.steps(to: Self.matrix([5, 0xa], [6, 0xab], [0xab]))
        .map { "\($0.attribute) \($0.value)" } == [
          "unassign_adapter 0x04", "unassign_domain 0x0004", "unassign_control_domain 0x0004",
          "assign_adapter 0x0a", "assign_domain 0x00ab", "assign_control_domain 0x00ab",
        ])
  }

  @Test(arguments: TestSeed.fresh)
  func `on the way from any matrix to another no queue is had that neither has`(seed: Int) {
    var generator = ReproducibleNumbers(seed: seed)
    for _ in 0..<500 {
      let (old, new) = (Self.random(using: &generator), Self.random(using: &generator))
      let before = Set(old.queues)
      let after = Set(new.queues)
      var matrix = old
      var isComing = false
      for step in old.steps(to: new) {
        matrix.apply(step)
        let queues = Set(matrix.queues)
        isComing = isComing || !queues.isSubset(of: before)
        #expect(queues.isSubset(of: isComing ? after : before), "\(old) to \(new), \(step)")
        #expect(queues.isSuperset(of: before.intersection(after)), "\(old) to \(new), \(step)")
      }
      #expect(matrix == new)
    }
  }

  private static func random(using generator: inout ReproducibleNumbers) -> APMatrix {
    func some() -> [UInt8] {
      [0, 1, 63, 64, 127, 128, 200, 255].filter { _ in Bool.random(using: &generator) }
    }
    return matrix(some(), some(), some())
  }
}
