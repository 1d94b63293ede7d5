// SPDX-License-Identifier: Apache-2.0

/// The record of a simulated host, in order: every write with its result, every uevent.
package struct Journal: Sendable {
  /// One line of the journal.
  package struct Entry: Sendable, Equatable {
    /// Counts from 1.
    package let number: Int
    package var event: Event
  }

  /// The event in a line.
  package enum Event: Sendable, Equatable {
    case write(path: String, text: String, result: WriteResult)
    /// A uevent: the action, the path below /sys, and what the kernel adds to it.
    case uevent(action: String, path: String, details: [String])
    /// A line of the kernel's own log.
    case message(String)
  }

  /// The result of a write.
  package enum WriteResult: Sendable, Equatable {
    case waiting
    case accepted
    case refused(KernelError)
  }

  /// From the first one on.
  package private(set) var entries: [Entry] = []

  /// A journal in which nothing has happened.
  package init() {}

  mutating func append(_ event: Event) -> Int {
    entries.append(Entry(number: entries.count + 1, event: event))
    return entries.count
  }

  mutating func finish(_ number: Int, _ result: WriteResult) {
    guard case .write(let path, let text, _) = entries[number - 1].event else { return }
    entries[number - 1].event = .write(path: path, text: text, result: result)
  }

  /// The writes alone, as `path text result`.
  package var writes: [Entry] {
    entries.filter {
      if case .write = $0.event { true } else { false }
    }
  }
}

extension Journal.Entry: CustomStringConvertible {
  package var description: String {
    switch event {
    case .write(let path, let text, let result):
      "\(number) write \(path) '\(Journal.escaped(text))' \(result)"
    case .uevent(let action, let path, let details):
      ([String(number), "uevent", action, path] + details).joined(separator: " ")
    case .message(let text): "\(number) kernel \(text)"
    }
  }
}

extension Journal.WriteResult: CustomStringConvertible {
  package var description: String {
    switch self {
    case .waiting: "waiting"
    case .accepted: "ok"
    case .refused(let error): "\(error)"
    }
  }
}

extension Journal {
  /// Text on one line: line ends and control characters as in C.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "'", "\\": result += "\\\(scalar)"
      case "\0"..<" ": result += "\\x" + hexadecimal(Int(scalar.value), digits: 2)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// A number in lower-case hexadecimal digits, with leading zeros.
func hexadecimal(_ number: some BinaryInteger, digits: Int) -> String {
  let text = String(number, radix: 16)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}
