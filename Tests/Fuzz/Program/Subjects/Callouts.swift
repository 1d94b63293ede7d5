// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel

@testable import MdevCallouts

/// The answers of a script, and what another manager writes to our stdin.
func testCallouts(_ bytes: [UInt8]) {
  _ = Capabilities(answer: bytes)
  if let attributes = value({ () throws(JSONError) in try [DeviceAttribute](answer: bytes) }) {
    let again = own("our own attributes are none") { () throws(JSONError) in
      try [DeviceAttribute](answer: Array(attributes.json.text(.compact).utf8))
    }
    expectEqual(again, attributes, "attributes are not read as they were written")
  }
  let input = value { () throws(JSONError) in try DeviceDefinition(calloutInput: bytes) }
  if let input {
    let again = own("our own input is none") { () throws(JSONError) in
      try DeviceDefinition(calloutInput: Array(input.json.text(.compact).utf8))
    }
    expectEqual(again, input, "input is not read as it was written")
  }
}
