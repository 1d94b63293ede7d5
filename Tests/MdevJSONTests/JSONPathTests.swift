// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import TestSupport
import Testing

struct JSONPathTests {
  @Test(arguments: [
    (JSONPath.root, ""), (.root["devices"], "devices"), (.root["devices"][2], "devices[2]"),
    (.root["devices"][2]["mdev_type"], "devices[2].mdev_type"), (.root[0]["a"], "[0].a"),
    (.root["drivers"]["pci/0000:01:00.0"], #"drivers."pci/0000:01:00.0""#),
    (.root[""], #""""#), (.root["a.b"]["c d"], #""a.b"."c d""#), (.root["0"], #""0""#),
    (.root["a\u{1b}[2J\n"], #""a\x1b[2J\n""#),
  ])
  func `a way is written as programs write it`(_ path: JSONPath, _ text: String) {
    #expect(path.description == text)
  }

  private static let document = """

    {
      "one": 1, "two": { "three":
        3, "four": "}{ ][ ,: \\\\\\" \\n",

        "five": [ true,
          [ ], { },
          null
        , "x" ]
      },
      "six\\"\\u0041": { "6": -1.5e3 },
      "one ": [
        [1, 2],
        {"a": 1,
          "b": [[[
          7]]]}]
    }
    """

  @Test(arguments: [
    (JSONPath.root, 2), (.root["one"], 3), (.root["two"], 3),
    // A member is where its name is.
    (.root["two"]["three"], 3), (.root["two"]["four"], 4), (.root["two"]["five"], 6),
    (.root["two"]["five"][0], 6), (.root["two"]["five"][1], 7), (.root["two"]["five"][2], 7),
    (.root["two"]["five"][3], 8), (.root["two"]["five"][4], 9), (.root["six\"A"], 11),
    (.root["six\"A"]["6"], 11), (.root["one "], 12), (.root["one "][0][1], 13),
    (.root["one "][1], 14), (.root["one "][1]["b"], 15), (.root["one "][1]["b"][0][0][0], 16),
    // Of what is not there, it is the line of what it should be in.
    (.root["three"], 2), (.root[0], 2), (.root["two"]["one"], 3), (.root["two"]["five"][5], 6),
    (.root["two"]["five"]["a"], 6), (.root["two"]["five"][1][0], 7),
    (.root["two"]["five"][2]["a"], 7), (.root["one"]["a"], 3), (.root["one "][1]["c"]["d"], 14),
  ])
  func `a value is found in its line`(_ path: JSONPath, _ line: Int) {
    #expect(path.line(in: Array(Self.document.utf8)) == line)
    let others = Self.document.replacing("\n", with: "\r\n")
    #expect(path.line(in: Array(others.utf8)) == line)
    let flat = Self.document.replacing("\n", with: "\t")
    #expect(path.line(in: Array(flat.utf8)) == 1)
  }

  @Test(arguments: ["", " \n ", "{", #"{"a"#, #"{"a\"#, "[1,"])
  func `a text that ends early has lines as well`(_ text: String) {
    #expect(JSONPath.root["a"]["b"].line(in: Array(text.utf8)) >= 1)
    #expect(JSONPath.root[1][2].line(in: Array(text.utf8)) >= 1)
  }

  // MARK: - Random documents

  /// A document that is written at random, and knows in which line each of its values stands.
  private struct RandomDocument {
    private(set) var text = ""
    private(set) var lines: [(path: JSONPath, line: Int)] = []
    private var line = 1
    private var random: ReproducibleNumbers

    init(seed: Int) {
      random = ReproducibleNumbers(seed: seed)
      blank()
      add(at: .root, line: nil, depth: 0, isContainer: true)
      blank()
    }

    private mutating func write(_ part: String) {
      text += part
      line += part.utf8.count { $0 == UInt8(ascii: "\n") }
    }

    private mutating func blank() {
      while Int.random(in: 0..<3, using: &random) == 0 {
        write([" ", "\t", "\n", "\r\n"].randomElement(using: &random) ?? "")
      }
    }

    private mutating func add(at path: JSONPath, line: Int?, depth: Int, isContainer: Bool) {
      lines.append((path, line ?? self.line))
      let count = Int.random(in: 0..<5, using: &random)
      switch Int.random(in: 0..<(isContainer ? 2 : depth < 5 ? 4 : 2), using: &random) {
      case isContainer ? 0 : 2:
        write("[")
        blank()
        for index in 0..<count {
          if index > 0 { separate() }
          add(at: path[index], line: nil, depth: depth + 1, isContainer: false)
          blank()
        }
        write("]")
      case isContainer ? 1 : 3:
        write("{")
        blank()
        for index in 0..<count {
          if index > 0 { separate() }
          let name = "\(index)" + word()
          let start = self.line
          write(JSONValue.array([.string(name)]).text(.compact).dropFirst().dropLast().description)
          blank()
          write(":")
          blank()
          add(at: path[name], line: start, depth: depth + 1, isContainer: false)
          blank()
        }
        write("}")
      default:
        write(
          ["1", "-2.5e3", "true", "null", #""""#, #""a,]}\"\\\\""#].randomElement(using: &random)
            ?? "")
      }
    }

    private mutating func separate() {
      write(",")
      blank()
    }

    private mutating func word() -> String {
      let parts = ["a", "\"", "\\", "\n", "{", "]", ",", ":", "é", "\u{1}"]
      return (0..<Int.random(in: 0..<4, using: &random))
        .map { _ in parts.randomElement(using: &random) ?? "" }.joined()
    }
  }

  @Test(arguments: TestSeed.each(of: 0..<200))
  func `each value of a random document is found in its line`(seed: Int) throws {
    let document = RandomDocument(seed: seed)
    let text = Array(document.text.utf8)
    _ = try JSONValue(parsing: text, refusingDuplicates: true)
    for (path, line) in document.lines {
      #expect(path.line(in: text) == line, "\(path) in \(document.text)")
      let elements = document.lines.filter { other in
        other.path.steps.dropLast() == path.steps[...] && other.path.isElement
      }
      #expect(path.linesOfElements(in: text) == elements.map(\.line), "\(path)")
    }
  }
}

extension JSONPath {
  fileprivate var isElement: Bool { if case .element? = steps.last { true } else { false } }
}
