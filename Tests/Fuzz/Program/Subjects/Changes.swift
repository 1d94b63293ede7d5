// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel

@testable import MdevStore

/// The note of a change in two places is written as it was read.
func testChanges(_ bytes: [UInt8]) {
  guard
    let json = value({ () throws(JSONError) in try JSONValue(parsing: bytes) }),
    let change = value({ () throws(JSONError) in try TwofoldChange(json: json) })
  else { return }
  let again = own("our own note is none") { () throws(JSONError) in
    try TwofoldChange(json: JSONValue(parsing: Array(change.json.text(.pretty).utf8)))
  }
  expectEqual(again, change, "a note is not read as it was written")
  switch change {
  case .drivers(let drivers):
    for driver in drivers {
      expect(driver.isOnTheWay(in: driver.before), "a driver is not on its own way", driver)
    }
  case .masks(let masks, _):
    expect(masks.isOnTheWay(masks.before), "masks are not on their own way", masks)
  case .matrix(_, let matrix, _):
    expect(matrix.isOnTheWay(matrix.after), "a matrix is not on its own way", matrix)
  }
}
