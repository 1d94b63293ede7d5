// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// The way to a value in a document, `devices[2].count`.
package struct JSONPath: Hashable, Sendable, CustomStringConvertible {
  /// A member of an object, or an element of an array.
  package enum Step: Hashable, Sendable {
    case member(String)
    /// From 0 up.
    case element(Int)
  }

  package let steps: [Step]

  private init(steps: [Step]) {
    self.steps = steps
  }

  /// The document itself.
  package static let root = JSONPath(steps: [])

  package subscript(member: String) -> JSONPath { appending(.member(member)) }

  package subscript(element: Int) -> JSONPath { appending(.element(element)) }

  func appending(_ step: Step) -> JSONPath { JSONPath(steps: steps + [step]) }

  /// Names that could be read otherwise stand in quotes: `drivers."pci/0000:01:00.0"`.
  package var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .element(let index): text += "[\(index)]"
      case .member(let name):
        let isPlain = name.utf8.allSatisfy {
          ($0 | 0x20) >= UInt8(ascii: "a") && ($0 | 0x20) <= UInt8(ascii: "z")
            || $0 == UInt8(ascii: "_")
        }
        text += (text.isEmpty ? "" : ".") + (isPlain && !name.isEmpty ? name : "\"\(name.shown)\"")
      }
    }
    return text
  }

  /// The line, from 1 up, in which the value begins in a text that is valid JSON; of a value that is
  /// not there, that of what it should be in.
  package func line(in text: [UInt8]) -> Int {
    var scanner = JSONScanner(text)
    for step in steps {
      guard scanner.enter(step) else { break }
    }
    return scanner.start
  }

  /// The lines in which the elements of the array begin, found by one walk; none of what is no array.
  package func linesOfElements(in text: [UInt8]) -> [Int] {
    var scanner = JSONScanner(text)
    for step in steps {
      guard scanner.enter(step) else { return [] }
    }
    return scanner.linesOfElements()
  }
}

/// A walk through valid JSON that counts lines.
private struct JSONScanner {
  private let text: [UInt8]
  private var place = 0
  private var line = 1
  /// The line in which what was entered last begins; a member, in that of its name.
  private(set) var start = 1

  init(_ text: [UInt8]) {
    self.text = text
    skipBlanks()
    start = line
  }

  /// Goes to a part of the value at the place; stays, and says so, if it has no such part.
  mutating func enter(_ step: JSONPath.Step) -> Bool {
    let origin = self
    switch (step, current) {
    case (.member(let name), UInt8(ascii: "{")):
      advance()
      while let byte = current, byte != UInt8(ascii: "}") {
        start = line
        let key = string()
        skip(UInt8(ascii: ":"))
        if JSONScanner.name(key) == name { return true }
        skipValue()
        skip(UInt8(ascii: ","))
      }
    case (.element(let index), UInt8(ascii: "[")):
      advance()
      for passed in 0...index {
        guard let byte = current, byte != UInt8(ascii: "]") else { break }
        start = line
        if passed == index { return true }
        skipValue()
        skip(UInt8(ascii: ","))
      }
    default: break
    }
    self = origin
    return false
  }

  mutating func linesOfElements() -> [Int] {
    var lines: [Int] = []
    guard current == UInt8(ascii: "[") else { return lines }
    advance()
    while let byte = current, byte != UInt8(ascii: "]") {
      lines.append(line)
      skipValue()
      skip(UInt8(ascii: ","))
    }
    return lines
  }

  private var current: UInt8? { place < text.count ? text[place] : nil }

  private mutating func step() {
    if text[place] == UInt8(ascii: "\n") { line += 1 }
    place += 1
  }

  private mutating func advance() {
    step()
    skipBlanks()
  }

  private mutating func skipBlanks() {
    while let byte = current, byte <= UInt8(ascii: " ") { step() }
  }

  private mutating func skip(_ byte: UInt8) {
    if current == byte { advance() }
  }

  /// Passes a string with its quotes, and the blanks behind it.
  private mutating func string() -> ArraySlice<UInt8> {
    let start = place
    step()
    while let byte = current, byte != UInt8(ascii: "\"") {
      if byte == UInt8(ascii: "\\") { step() }
      if place < text.count { step() }
    }
    if place < text.count { step() }
    let bytes = text[start..<place]
    skipBlanks()
    return bytes
  }

  private static func name(_ quoted: ArraySlice<UInt8>) -> String? {
    let document = try? JSONValue(parsing: [UInt8(ascii: "[")] + quoted + [UInt8(ascii: "]")])
    guard case .array(let elements)? = document, case .string(let name)? = elements.first else {
      return nil
    }
    return name
  }

  private mutating func skipValue() {
    var depth = 0
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""): _ = string()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        advance()
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return }
        depth -= 1
        advance()
      case UInt8(ascii: ","):
        if depth == 0 { return }
        advance()
      default: advance()
      }
      if depth == 0, let next = current, next == UInt8(ascii: ",") { return }
    }
  }
}
