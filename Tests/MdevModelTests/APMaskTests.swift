// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import MdevModel

/// Masks against plain sets of numbers.
struct APMaskTests {
  private static let full = "0x" + String(repeating: "f", count: 64)
  private static let empty = "0x" + String(repeating: "0", count: 64)
  private static let last = empty.dropLast() + "1"
  private static let tooLong = full + "0"

  @Test(arguments: [
    (full, APMask.all),
    (empty, .none),
    ("0x8", APMask([0])),
    ("0x1", APMask([3])),
    ("0x04", APMask([5])),
    ("0xF0", APMask([0, 1, 2, 3])),
    (String(last), APMask([255])),
    ("0x00000000000000008", APMask([64])),
  ])
  func `a full mask is read from the left and short ones are filled with zeros`(
    _ text: String, _ mask: APMask
  ) throws {
    #expect(try APMask(text) == mask)
  }

  @Test(arguments: [
    ("", APMaskError.Fault.notAMask), ("0x", .notAMask), ("x", .notAMask), ("ff", .notAMask),
    ("0xg", .notAMask), ("0x+f", .notAMask), ("0x1 ", .notAMask), ("0x１", .notAMask),
    (tooLong, .tooLong),
  ])
  func `anything else is refused`(_ text: String, _ fault: APMaskError.Fault) {
    #expect(throws: APMaskError(text, fault)) { try APMask(text) }
  }

  @Test(arguments: TestSeed.fresh)
  func `random masks do what sets do and survive being printed`(seed: Int) throws {
    var generator = ReproducibleNumbers(seed: seed)
    for _ in 0..<300 {
      let sets = (0..<2).map { _ in
        Set(
          (0..<Int.random(in: 0...256, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
          })
      }
      let masks = sets.map { APMask($0) }
      #expect(masks[0].members == sets[0].sorted())
      #expect(masks[0].count == sets[0].count)
      #expect(masks[0].union(masks[1]).members == sets[0].union(sets[1]).sorted())
      #expect(masks[0].intersection(masks[1]).members == sets[0].intersection(sets[1]).sorted())
      #expect(masks[0].subtracting(masks[1]).members == sets[0].subtracting(sets[1]).sorted())
      #expect(masks[0].description.utf8.count == 66)
      #expect(try APMask(masks[0].description) == masks[0])
      if !sets[0].isEmpty {
        #expect(try APMaskChange(masks[0].list).applied(to: masks[1]) == masks[0])
      }
    }
  }

  @Test(arguments: [
    ("0-120,129-255", APMask((0...255).filter { !(121...128).contains($0) })),
    ("5", APMask([5])),
    ("0x25", APMask([0x25])),
    ("0xa-12", APMask([10, 11, 12])),
    // chzdev and the kernel read numbers with base 0, so this is 8 and was taken for 10.
    ("010", APMask([8])), ("0,00", APMask([0])), ("0X1f,07-011", APMask([7, 8, 9, 0x1f])),
    ("+010,-024", APMask([1, 8, 21, 22, 0xab])),
    ("+5,-20-22,+4,-0xab", APMask([1, 4, 5])),
    ("-1", APMask([20, 21, 22, 0xab])),
    ("+0-255,-0-255,+7", APMask([7])),
    (full, .all),
  ])
  func `a change in chzdev's words makes a mask of the old one`(
    _ text: String, _ expected: APMask
  ) throws {
    #expect(try APMaskChange(text).applied(to: APMask([1, 20, 21, 22, 0xab])) == expected)
  }

  @Test(arguments: [
    ("", APMaskError.Fault.empty), ("5,", .empty), ("+", .empty), (",", .empty),
    ("5,+6", .mixed), ("+5,6", .mixed), ("256", .outOfRange("256")),
    ("0x100", .outOfRange("0x100")), ("99999999999999999999", .outOfRange("99999999999999999999")),
    ("22-20", .reversed("22-20")), ("-22-20", .reversed("22-20")), ("5-", .notANumber("5-")),
    ("a", .notANumber("a")), ("08", .notANumber("08")), ("++5", .notANumber("+5")),
    ("5.", .notANumber("5.")), ("0x", .notANumber("0x")),
    ("--5", .notANumber("-5")), ("5 ", .notANumber("5 ")), ("1-2-3", .notANumber("1-2-3")),
  ])
  func `a change that makes no sense is refused`(_ text: String, _ fault: APMaskError.Fault) {
    #expect(throws: APMaskError(text, fault)) { try APMaskChange(text) }
  }

  @Test(arguments: [
    (APMask.all, "0-255"), (.none, ""), (APMask([3]), "3"), (APMask([255]), "255"),
    (APMask([0, 1, 5, 254, 255]), "0-1,5,254-255"),
  ])
  func `a list joins neighbours`(_ mask: APMask, _ list: String) {
    #expect(mask.list == list)
  }
}
