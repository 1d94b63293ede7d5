// SPDX-License-Identifier: Apache-2.0

import MdevModel
import Testing

struct PCIAddressTests {
  @Test(arguments: [
    ("0000:03:00.4", "0000:03:00.4"), ("03:00.4", "0000:03:00.4"), ("3b:1f.7", "0000:3b:1f.7"),
    ("10000:e1:00.0", "10000:e1:00.0"), ("0:3:0.0", "0000:03:00.0"), ("AF:0A.1", "0000:af:0a.1"),
  ])
  func `an address is read as lspci prints it`(text: String, shown: String) throws {
    #expect(try PCIAddress(text).description == shown)
  }

  @Test(arguments: [
    "", "03:00", "03:20.0", "03:00.8", "03:00.x", "g3:00.0", "0000:03:00.0.1", "0000:0000:03:00.0",
    "100:00.0", "03:00.-1", "+3:00.0", "03:00.0\n", "matrix", "123456789:03:00.0", ":03:00.0",
  ])
  func `anything else is refused`(text: String) {
    #expect(throws: PCIAddressError(text: text)) { try PCIAddress(text) }
  }

  @Test func `addresses sort by number`() throws {
    let sorted = try ["0000:03:00.7", "0000:03:01.0", "0000:0a:00.0", "0001:00:00.0"]
      .map { try PCIAddress($0) }
    #expect(sorted.reversed().sorted() == sorted)
  }
}
