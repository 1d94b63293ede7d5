// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import MdevModel

struct DeviceUUIDTests {
  static let canonical = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"

  @Test(arguments: [
    canonical,
    "83B8F4F2-509F-382F-3C1E-E6BFE0FA1001",
    "83b8f4f2509f382f3c1ee6bfe0fa1001",
    "{83b8f4f2-509f-382f-3c1e-e6bfe0fa1001}",
    "{83b8f4f2509f382f3c1ee6bfe0fa1001}",
    "urn:uuid:83b8f4f2-509f-382f-3c1e-e6bfe0fa1001",
    "URN:UUID:83B8F4F2-509F-382F-3C1E-E6BFE0FA1001",
  ])
  func `every accepted form is shown hyphenated in lower case`(_ text: String) throws {
    #expect(try DeviceUUID(text).description == Self.canonical)
  }

  @Test(arguments: [
    "", "-", "{}", "83b8f4f2", "83b8f4f2-509f-382f-3c1e-e6bfe0fa100",
    "83b8f4f2-509f-382f-3c1e-e6bfe0fa10011", "83b8f4f2-509f-382f-3c1e-e6bfe0fa100g",
    "83b8f4f2_509f_382f_3c1e_e6bfe0fa1001", "83b8f4f25-09f-382f-3c1e-e6bfe0fa1001",
    " 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001", "{83b8f4f2-509f-382f-3c1e-e6bfe0fa1001",
    "urn:uuid:83b8f4f2509f382f3c1ee6bfe0fa1001xxxx", "83b8f4f2-509f-382f-3c1e-e6bfe0fa100é",
  ])
  func `anything else is refused with the text`(_ text: String) {
    #expect(throws: DeviceUUIDError(text: text)) { try DeviceUUID(text) }
  }

  @Test(arguments: TestSeed.fresh)
  func `uuids sort as their text does`(seed: Int) throws {
    var generator = ReproducibleNumbers(seed: seed)
    let uuids = (0..<200).map { _ in DeviceUUID.random(using: &generator) }
    #expect(uuids.sorted().map(\.description) == uuids.map(\.description).sorted())
  }

  @Test(arguments: TestSeed.fresh)
  func `a random uuid says that it is version 4, variant 1`(seed: Int) {
    var generator = ReproducibleNumbers(seed: seed)
    for _ in 0..<100 {
      let text = Array(DeviceUUID.random(using: &generator).description)
      #expect(text[14] == "4")
      #expect("89ab".contains(text[19]))
    }
  }
}
