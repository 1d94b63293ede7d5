// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel

/// A host file that is read can be written, and is the same when it is read again.
///
/// The same holds of what owners have applied. Of what is wrong the line is found, and it is one of the
/// text's.
func testHosts(_ bytes: [UInt8]) {
  guard
    let json = value({ () throws(JSONError) in
      try JSONValue(parsing: bytes, refusingDuplicates: true)
    })
  else { return }
  do throws(MemberError) {
    let file = try HostFile(json: json)
    let again = own("an exported host file is none") { () throws(MemberError) in
      try HostFile(json: file.json)
    }
    expectEqual(again.json, file.json, "an exported host file is another")
  } catch {
    expect(!"\(error)".isEmpty, "an error without words")
    let lines = 1 + bytes.count { $0 == UInt8(ascii: "\n") }
    expect((1...lines).contains(error.path.line(in: bytes)), "a line that is none", error)
  }
  guard let parts = value({ () throws(MemberError) in try OwnedParts(json: json) }) else { return }
  let again = own("a record of an owner is none") { () throws(MemberError) in
    try OwnedParts(json: parts.json)
  }
  expectEqual(again, parts, "a record of an owner is another")
}
