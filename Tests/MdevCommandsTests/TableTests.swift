// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MdevCommands

struct TableTests {
  private struct Thing {
    let name: String
    let size: Int
    var about = ""
    var remark = ""

    static let columns: [Column<Thing>] = [
      Column("name", "The name.") { $0.name },
      Column("size", "The size.", .number) { "\($0.size)" },
      Column("about", "A text.", .freeText) { $0.about },
      Column("remark", "Another text.", .freeText, isUsual: false) { $0.remark },
    ]
  }

  private static let things = [
    Thing(name: "83b8f4f2-509f-382f", size: 5, about: "a rather long text", remark: "more of it"),
    Thing(name: "b", size: 12345, about: "", remark: "a\nb"),
  ]

  private func text(of things: [Thing] = Self.things, in style: TableStyle) -> String {
    Thing.columns.table(
      of: things, in: style, summary: "\(things.count) things",
      notes: { $0.about.isEmpty ? ["it has no text"] : [] }
    ).text(in: style)
  }

  private func screen(_ width: Int?) -> Screen { Screen(width: width, ellipsis: "~") }

  @Test func `columns are as wide as their cells, numbers stand to the right, a dash for nothing`()
  {
    #expect(
      text(in: TableStyle()) == """
        NAME                 SIZE  ABOUT
        83b8f4f2-509f-382f      5  a rather long text
        b                   12345  -
          it has no text

        """)
  }

  @Test func `who asks for columns gets these in that order, and nothing below the lines`() {
    #expect(
      text(in: TableStyle(columns: ["remark", "name"])) == """
        REMARK      NAME
        more of it  83b8f4f2-509f-382f
        a\\nb        b

        """)
  }

  @Test func `without a heading there are the rows alone`() {
    #expect(
      text(in: TableStyle(columns: ["size"], hasHeading: false, screen: screen(80)))
        == "    5\n12345\n")
  }

  @Test func `a listing of nothing has no heading`() {
    #expect(text(of: [], in: TableStyle()) == "")
    #expect(text(of: [], in: TableStyle(screen: screen(80))) == "0 things\n")
  }

  @Test func `on a terminal the last text is cut first, and what is no text never`() {
    let all = ["name", "size", "about", "remark"]
    #expect(
      text(in: TableStyle(columns: all, screen: screen(54))) == """
        NAME                 SIZE  ABOUT               REMARK
        83b8f4f2-509f-382f      5  a rather long text  more o~
        b                   12345  -                   a\\nb
        2 things

        """)
    #expect(
      text(in: TableStyle(columns: all, screen: screen(10))) == """
        NAME                 SIZE  ABOUT   REMARK
        83b8f4f2-509f-382f      5  a rat~  more ~
        b                   12345  -       a\\nb
        2 things

        """)
    #expect(
      text(in: TableStyle(columns: ["name", "about"], screen: screen(nil))) == """
        NAME                ABOUT
        83b8f4f2-509f-382f  a rather long text
        b                   -
        2 things

        """)
  }

  @Test func `characters count, not bytes`() {
    let things = [Thing(name: "größer", size: 1), Thing(name: "kleiner", size: 1)]
    #expect(
      text(of: things, in: TableStyle(columns: ["name", "size"]))
        == "NAME     SIZE\ngrößer      1\nkleiner     1\n")
  }
}
