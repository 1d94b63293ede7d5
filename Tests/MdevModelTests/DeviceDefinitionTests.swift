// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MdevModel

struct DeviceDefinitionTests {
  static func definition(_ names: String...) throws -> DeviceDefinition {
    DeviceDefinition(
      type: try TypeName("t"), start: .manual, attributes: try names.map { try attribute($0) })
  }

  static func attribute(_ name: String) throws -> DeviceAttribute {
    DeviceAttribute(name: try AttributeName(name), value: "v")
  }

  @Test(arguments: [(nil, "abX"), (0, "Xab"), (1, "aXb"), (2, "abX")] as [(Int?, String)])
  func `an attribute is added before the index, or at the end`(
    _ index: Int?, _ expected: String
  ) throws {
    var definition = try Self.definition("a", "b")
    try definition.add(Self.attribute("X"), at: index)
    #expect(definition.attributes.map(\.name.path).joined() == expected)
  }

  @Test(arguments: [(nil, "ab"), (0, "bc"), (1, "ac"), (2, "ab")] as [(Int?, String)])
  func `an attribute is removed at the index, or from the end`(
    _ index: Int?, _ expected: String
  ) throws {
    var definition = try Self.definition("a", "b", "c")
    try definition.removeAttribute(at: index)
    #expect(definition.attributes.map(\.name.path).joined() == expected)
  }

  @Test(
    arguments: [
      ([], 1, "Attribute index 1 is invalid: the device has no attributes"),
      (["a"], 2, "Attribute index 2 is invalid: the device has one attribute, at index 0"),
      (
        ["a", "b"], 7, "Attribute index 7 is invalid: the device has 2 attributes, at index 0 to 1"
      ),
    ] as [([String], Int, String)])
  func `an index beyond the list names what there is`(
    _ names: [String], _ index: Int, _ message: String
  ) throws {
    let attributes = try names.map { try Self.attribute($0) }
    let definition = DeviceDefinition(
      type: try TypeName("t"), start: .auto, attributes: attributes)
    var changed = definition
    let adding = #expect(throws: AttributeIndexError.self) {
      try changed.add(Self.attribute("X"), at: index)
    }
    let removing = #expect(throws: AttributeIndexError.self) {
      try changed.removeAttribute(at: index)
    }
    #expect(adding?.description == message)
    #expect(removing?.description == message)
    #expect(changed == definition)
  }
}
