// SPDX-License-Identifier: Apache-2.0

import MdevModel
import Testing

struct UUIDBeginningTests {
  private static let whole = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"

  @Test(arguments: [
    ("8", "8", nil), ("83B8", "83b8", nil), ("83b8f4f2-", "83b8f4f2-", nil),
    ("83b8f4f2-509f-382f-3c1e-e6bfe0fa100", "83b8f4f2-509f-382f-3c1e-e6bfe0fa100", nil),
    (whole, whole, whole), ("{\(whole)}", whole, whole),
    ("83B8F4F2509F382F3C1EE6BFE0FA1001", whole, whole), ("urn:uuid:\(whole)", whole, whole),
  ])
  func `a uuid or its beginning is read in any case`(
    _ text: String, shown: String, whole: String?
  ) throws {
    let beginning = try UUIDBeginning(text)
    #expect("\(beginning)" == shown)
    #expect(beginning.whole == whole.flatMap { DeviceUUID(text: $0) })
    #expect(beginning.begins(try DeviceUUID(Self.whole)))
  }

  @Test(arguments: [
    "", "-", "83b8-", "83b8f4f25", "83b8f4f2_509f", "83b8f4f2-509f-382f-3c1e-e6bfe0fa10011",
    "{83b8", "83b\u{308}", "mtty",
  ])
  func `anything else is refused with what was expected`(_ text: String) {
    let error = #expect(throws: UUIDBeginningError.self) { try UUIDBeginning(text) }
    #expect(error == UUIDBeginningError(text: text))
  }

  @Test(arguments: [("83b9", false), ("83b8", true), ("83b8f4f3", false)])
  func `a uuid begins with the digits that it begins with`(_ text: String, begins: Bool) throws {
    #expect(try UUIDBeginning(text).begins(DeviceUUID(Self.whole)) == begins)
  }

  @Test(arguments: [
    (whole, 0), ("93b8f4f2-509f-382f-3c1e-e6bfe0fa1001", 1),
    ("93b8f4f2-509f-382f-3c1e-e6bfe0fa100f", 2), ("7c470b0d-af60-c7d0-c3e1-19401f05effe", 32),
  ])
  func `two uuids differ in so many digits`(_ other: String, count: Int) throws {
    #expect(try DeviceUUID(Self.whole).differences(from: DeviceUUID(other)) == count)
  }
}
