// SPDX-License-Identifier: Apache-2.0

/// A queue of the AP bus: what one adapter offers to one domain; `05.0004`.
package struct APQueue: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let adapter: UInt8
  package let domain: UInt8

  package init(adapter: UInt8, domain: UInt8) {
    self.adapter = adapter
    self.domain = domain
  }

  /// The queue that a text such as `05.0004` or `5.4` names; both numbers are hexadecimal, as
  /// the bus names its devices.
  package init(_ text: String) throws(APSelectionError) {
    let entry = try APSelection.Entry(text[...], in: text)
    guard entry.adapters.count == 1, let domains = entry.domains, domains.count == 1 else {
      throw APSelectionError(text, .notAQueue(text))
    }
    self.init(adapter: entry.adapters.lowerBound, domain: domains.lowerBound)
  }

  /// The queue of a device of the bus; `nil` for a card.
  package init?(deviceName name: String) {
    self.init(deviceName: Array(name.utf8).span)
  }

  /// Parses the bytes of a name in the bus's directory.
  package init?(deviceName name: Span<UInt8>) {
    guard name.count == 7, name[2] == UInt8(ascii: "."),
      let adapter = APQueue.number(in: name.extracting(..<2)),
      let domain = APQueue.number(in: name.extracting(3...)), domain <= UInt8.max
    else { return nil }
    self.init(adapter: UInt8(adapter), domain: UInt8(domain))
  }

  private static func number(in digits: Span<UInt8>) -> Int? {
    var number = 0
    for index in digits.indices {
      guard let value = digits[index].hexadecimalValue else { return nil }
      number = number << 4 | value
    }
    return number
  }

  /// The name of the queue's device.
  package var description: String { "\(APQueue.hex(adapter, 2)).\(APQueue.hex(domain, 4))" }

  /// By adapter, then by domain: kernel order.
  package static func < (left: APQueue, right: APQueue) -> Bool {
    (left.adapter, left.domain) < (right.adapter, right.domain)
  }

  /// A number as the bus writes it.
  package static func hex(_ number: UInt8, _ digits: Int) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: digits - text.utf8.count) + text
  }
}

/// Queues that a user names: whole cards `05`, single queues `05.0004`, ranges of either number
/// `04-06.0004-0007`, and lists of those.
package struct APSelection: Hashable, Sendable, CustomStringConvertible {
  /// One entry of the list; without domains, whole cards.
  package struct Entry: Hashable, Sendable {
    package let adapters: ClosedRange<UInt8>
    package let domains: ClosedRange<UInt8>?

    package func includes(_ queue: APQueue) -> Bool {
      adapters.contains(queue.adapter) && (domains?.contains(queue.domain) ?? true)
    }
  }

  package let entries: [Entry]
  package let description: String

  package init(_ text: String) throws(APSelectionError) {
    var entries: [Entry] = []
    for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
      entries.append(try Entry(entry, in: text))
    }
    self.entries = entries
    description = text
  }

  /// The queues that are meant, of those there are; every entry must mean one.
  package func queues(of existing: [APQueue]) throws(APSelectionError) -> [APQueue] {
    for (entry, text) in zip(entries, description.split(separator: ",")) {
      guard existing.contains(where: entry.includes) else {
        let meant = APSelection.decimalReading(of: text).flatMap { meant in
          existing.contains(meant) ? meant : nil
        }
        throw APSelectionError(description, .none(String(text), meant: meant))
      }
    }
    return existing.filter { queue in entries.contains { $0.includes(queue) } }.sorted()
  }
}

extension APSelection {
  /// The queue that `5.22` is to who writes decimal numbers, as masks and s390-tools have them.
  fileprivate static func decimalReading(of entry: Substring) -> APQueue? {
    let parts = entry.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let adapter = UInt8(parts[0]), let domain = UInt8(parts[1]) else {
      return nil
    }
    return APQueue(adapter: adapter, domain: domain)
  }
}

extension APSelection.Entry {
  fileprivate init(_ entry: Substring, in text: String) throws(APSelectionError) {
    guard !entry.isEmpty else { throw APSelectionError(text, .empty) }
    let card = entry.hasPrefix("card") ? entry.dropFirst(4) : entry
    let parts = card.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.count == 1 || card.count == entry.count else {
      throw APSelectionError(text, .notAQueue(String(entry)))
    }
    adapters = try Self.range(parts[0], digits: 2, of: entry, in: text)
    domains = parts.count == 1 ? nil : try Self.range(parts[1], digits: 4, of: entry, in: text)
  }

  private static func range(
    _ part: Substring, digits: Int, of entry: Substring, in text: String
  ) throws(APSelectionError) -> ClosedRange<UInt8> {
    let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let first = try number(ends[0], digits: digits, of: entry, in: text)
    let last = ends.count == 1 ? first : try number(ends[1], digits: digits, of: entry, in: text)
    guard first <= last else { throw APSelectionError(text, .reversed(String(part))) }
    return first...last
  }

  private static func number(
    _ part: Substring, digits: Int, of entry: Substring, in text: String
  ) throws(APSelectionError) -> UInt8 {
    guard !part.isEmpty, part.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
      throw APSelectionError(text, .notAQueue(String(entry)))
    }
    guard part.utf8.count <= max(digits, 3), let number = UInt8(part, radix: 16) else {
      throw APSelectionError(
        text, .outOfRange(String(part), meant: APSelection.decimalReading(of: entry)))
    }
    return number
  }
}

/// A text that was to name queues and does not.
package struct APSelectionError: Error, Equatable, CustomStringConvertible {
  /// The kind of mistake.
  package enum Fault: Equatable, Sendable {
    case empty
    case notAQueue(String)
    /// Above `ff`, but decimal numbers may be meant.
    case outOfRange(String, meant: APQueue? = nil)
    case reversed(String)
    /// There is no such queue on this host, but one that the numbers may mean in decimal.
    case none(String, meant: APQueue? = nil)
  }

  package let text: String
  package let fault: Fault

  init(_ text: String, _ fault: Fault) {
    self.text = text
    self.fault = fault
  }

  package var description: String {
    switch fault {
    case .empty where text.isEmpty: "the name of a queue is empty"
    case .empty: "'\(text)' has an empty entry"
    case .notAQueue(let entry):
      "'\(entry)' is not a queue or card (expected one such as 05.0004 or 05)"
    case .outOfRange(let number, nil):
      "'\(number)' in '\(text)' is above ff (numbers of queues are hexadecimal, those of masks "
        + "decimal)"
    case .outOfRange(let number, let meant?):
      "'\(number)' in '\(text)' is above ff (numbers of queues are hexadecimal; APQN "
        + "\(meant.adapter).\(meant.domain) in decimal is queue \(meant))"
    case .reversed(let range): "'\(range)' in '\(text)' is a range that ends before it begins"
    case .none(let entry, nil): "the AP bus has no queue '\(entry)'"
    case .none(let entry, let meant?):
      "the AP bus has no queue '\(entry)', whose numbers are hexadecimal; APQN "
        + "\(meant.adapter).\(meant.domain) in decimal is queue \(meant)"
    }
  }
}
