// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MdevModel

struct APQueueTests {
  @Test(arguments: [
    ("05.0004", 0x05, 0x0004), ("5.4", 5, 4), ("ff.00ff", 255, 255), ("FF.ab", 255, 0xab),
    ("0.0", 0, 0),
  ])
  func `a queue is two hexadecimal numbers`(_ text: String, _ adapter: UInt8, _ domain: UInt8)
    throws
  {
    #expect(try APQueue(text) == APQueue(adapter: adapter, domain: domain))
  }

  @Test func `all queues are shown as they are read, and sort as their text does`() throws {
    var previous = ""
    for adapter in UInt8.min...UInt8.max {
      for domain in UInt8.min...UInt8.max {
        let queue = APQueue(adapter: adapter, domain: domain)
        let text = queue.description
        guard text > previous, text.utf8.count == 7 else {
          Issue.record("\(text) after \(previous)")
          return
        }
        previous = text
      }
    }
    #expect(try APQueue("ff.00ff").description == previous)
  }

  @Test(arguments: [
    ("", APSelectionError.Fault.empty), ("05.", .notAQueue("05.")), (".0004", .notAQueue(".0004")),
    ("05", .notAQueue("05")), ("256.0", .outOfRange("256")),
    ("05.0100", .outOfRange("0100", meant: APQueue(adapter: 5, domain: 100))),
    ("05.00004", .outOfRange("00004", meant: APQueue(adapter: 5, domain: 4))),
    ("05.4.4", .notAQueue("05.4.4")),
    ("0x5.4", .notAQueue("0x5.4")), ("5-4.1", .reversed("5-4")), ("5-6.1", .notAQueue("5-6.1")),
    ("+5.1", .notAQueue("+5.1")), ("5.1,5.2", .notAQueue("5.1,5.2")),
  ])
  func `anything else is refused`(_ text: String, _ fault: APSelectionError.Fault) {
    #expect(throws: APSelectionError(text, fault)) { try APQueue(text) }
  }

  static let existing = [0x04, 0x05, 0x06, 0x0a].flatMap { (adapter: UInt8) in
    [4, 6, 0x2b, 0xab].map { APQueue(adapter: adapter, domain: $0) }
  }

  @Test(arguments: [
    ("05", ["05.0004", "05.0006", "05.002b", "05.00ab"]),
    ("card05", ["05.0004", "05.0006", "05.002b", "05.00ab"]),
    ("05.0004,05.00ab", ["05.0004", "05.00ab"]),
    ("5.ab,5.4,5.4", ["05.0004", "05.00ab"]),
    ("04-06.0004", ["04.0004", "05.0004", "06.0004"]),
    ("06-ff.0-2a", ["06.0004", "06.0006", "0a.0004", "0a.0006"]),
  ])
  func `a selection names queues that there are`(_ text: String, _ queues: [String]) throws {
    #expect(try APSelection(text).queues(of: Self.existing).map(\.description) == queues)
  }

  @Test(arguments: [
    ("", APSelectionError.Fault.empty), ("05,", .empty), ("05.", .notAQueue("05.")),
    ("card05.0004", .notAQueue("card05.0004")), ("06-05", .reversed("06-05")),
    ("05.6-4", .reversed("6-4")), ("07", .none("07")), ("05.0004,05.0007", .none("05.0007")),
    ("100", .outOfRange("100")),
    ("5.171", .outOfRange("171", meant: APQueue(adapter: 5, domain: 0xab))),
    ("10.6", .none("10.6", meant: APQueue(adapter: 10, domain: 6))),
    ("16.0006", .none("16.0006")),
  ])
  func `a selection that names none is refused`(_ text: String, _ fault: APSelectionError.Fault) {
    #expect(throws: APSelectionError(text, fault)) {
      try APSelection(text).queues(of: Self.existing)
    }
  }
}
