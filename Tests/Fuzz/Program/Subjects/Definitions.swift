// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel

/// What is read is written, and read again the same.
func testDefinitions(_ bytes: [UInt8]) {
  guard let json = value({ () throws(JSONError) in try JSONValue(parsing: bytes) }) else { return }
  for layout in [JSONValue.Layout.compact, .pretty] {
    let again = own("our own JSON is none") { () throws(JSONError) in
      try JSONValue(parsing: Array(json.text(layout).utf8))
    }
    expectEqual(again, json, "JSON is not read as it was written")
  }
  guard let definition = value({ () throws(JSONError) in try DeviceDefinition(json: json) }) else {
    return
  }
  let again = own("our own definition is none") { () throws(JSONError) in
    try DeviceDefinition(json: definition.json)
  }
  expectEqual(again, definition, "a definition is not read as it was written")
  testMatrix(of: definition)
}

/// The attributes that a matrix gives give that matrix.
func testMatrix(of definition: DeviceDefinition) {
  let reach = definition.reach
  for resource in APMatrix.Resource.allCases {
    expect(
      definition.matrix[resource].isSubset(of: reach[resource]), "a matrix is beyond its reach")
  }
  guard
    let matrix = value({ () throws(APMatrixError) in try definition.checkedMatrix() })
  else { return }
  expectEqual(matrix, definition.matrix, "a valid matrix is read in two ways")
  var copy = definition
  copy.attributes = matrix.attributes
  expectEqual(copy.matrix, matrix, "the attributes of a matrix give another")
  var walked = APMatrix(adapters: .all, domains: [4, 0xab].mask)
  for step in walked.steps(to: matrix) { walked.apply(step) }
  expectEqual(walked, matrix, "the steps to a matrix lead to another")
}

extension [UInt8] {
  var mask: APMask { APMask(self) }
}
