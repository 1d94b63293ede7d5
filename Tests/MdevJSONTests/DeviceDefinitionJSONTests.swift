// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel
import Testing

struct DeviceDefinitionJSONTests {
  static func parse(_ text: String) throws -> DeviceDefinition {
    try DeviceDefinition(json: JSONValue(parsing: Array(text.utf8)))
  }

  @Test(arguments: [
    (#"{"mdev_type":"t","start":"auto"}"#, StartPolicy.auto),
    (#"{"mdev_type":"t","start":"manual","attrs":[]}"#, .manual),
    (#"{"attrs":null,"start":"whatever","mdev_type":"t","extra":{"x":1}}"#, .manual),
    (#"{"mdev_type":"t","start":true}"#, .manual),
  ])
  func `attrs may be missing and any other start is manual`(
    _ text: String, _ start: StartPolicy
  ) throws {
    #expect(try Self.parse(text) == DeviceDefinition(type: TypeName("t"), start: start))
  }

  @Test func `attributes keep their order`() throws {
    let text = #"{"mdev_type":"t","start":"auto","attrs":[{"b":"1"},{"a":""},{"b":"0x2"}]}"#
    let definition = try Self.parse(text)
    #expect(definition.attributes.map(\.name.path) == ["b", "a", "b"])
    #expect(definition.attributes.map(\.value) == ["1", "", "0x2"])
    #expect(definition.json.text(.compact) == text)
  }

  @Test(arguments: [
    ("[]", "expected an object, found an array"),
    (#"{"start":"auto"}"#, "'mdev_type' is missing"),
    (#"{"mdev_type":7,"start":"auto"}"#, "'mdev_type' must be a string, not a number"),
    (#"{"mdev_type":"../x","start":"auto"}"#, "type name '../x' contains a slash"),
    (#"{"mdev_type":"t"}"#, "'start' is missing"),
    (#"{"mdev_type":"t","start":"auto","attrs":{}}"#, "'attrs' must be an array, not an object"),
    (
      #"{"mdev_type":"t","start":"auto","attrs":[{"a":"1","b":"2"}]}"#,
      "attribute 0 must be an object with exactly one member"
    ),
    (
      #"{"mdev_type":"t","start":"auto","attrs":[{"a":"1"},{}]}"#,
      "attribute 1 must be an object with exactly one member"
    ),
    (
      #"{"mdev_type":"t","start":"auto","attrs":[{"a":5}]}"#,
      "attribute 0, 'a', must be a string, not a number"
    ),
    (
      #"{"mdev_type":"t","start":"auto","attrs":[{"../remove":"1"}]}"#,
      "attribute 0: attribute name '../remove' is not a relative path inside the device's directory"
    ),
  ])
  func `another shape is refused with the reason`(_ text: String, _ reason: String) {
    #expect(throws: JSONError.shape(reason)) { try Self.parse(text) }
  }
}
