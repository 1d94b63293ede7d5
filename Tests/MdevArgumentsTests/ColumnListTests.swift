// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import Testing

struct ColumnListTests {
  private static let list = ColumnList {
    [
      ColumnSyntax("uuid", help: "The uuid.", isUsual: true),
      ColumnSyntax("type", help: "The type.", isUsual: true),
      ColumnSyntax("attrs", help: "The attributes.", isUsual: false),
    ]
  }

  @Test(arguments: [
    ("type", ["type"]), ("attrs,uuid", ["attrs", "uuid"]), ("UUID", ["uuid"]),
    ("type,type", ["type", "type"]), ("+attrs", ["uuid", "type", "attrs"]),
    ("+uuid,attrs", ["uuid", "type", "attrs"]),
  ])
  func `names are taken in their order, behind the usual ones after a plus`(
    _ text: String, _ names: [String]
  ) throws {
    #expect(try Self.list.names(text) == names)
  }

  @Test(arguments: [
    ("size", "size"), ("uuid,,type", ""), ("", ""), ("+", ""), ("uuid, type", " type"),
    ("attrs,+uuid", "+uuid"),
  ])
  func `what is no column is named with those there are`(_ text: String, _ word: String) {
    #expect(throws: ValueError("there is no column '\(word)' (there are uuid, type, attrs)")) {
      try Self.list.names(text)
    }
  }

  @Test(arguments: [
    ("", "uuid type attrs"), ("t", "type"), ("uuid,", "uuid,type uuid,attrs"), ("+", "+attrs"),
    ("type,a", "type,attrs"), ("+attrs,", ""),
  ])
  func `a shell is offered the columns that are not there yet`(_ typed: String, _ words: String) {
    let root = CommandSyntax(
      "tool", "A tool.", examples: ["tool"],
      options: [
        .value("-o", "--columns", takes: ValueSyntax("COLUMNS", .columns(Self.list)), help: "Some.")
      ]
    ) { _ in .immediate {} }
    let request = CompletionRequest(["complete", "2", "tool", "-o", typed], of: root)
    let lines = request?.lines { _, _ in [] }
    #expect(lines == words.split(separator: " ").map(String.init))
  }
}
