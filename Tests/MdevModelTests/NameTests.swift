// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MdevModel

struct NameTests {
  @Test(arguments: ["mtty", "0000:00:02.0", "0.0.0313", "matrix", "...", "a b", "ü"])
  func `one path component is a parent's name`(_ name: String) throws {
    #expect(try ParentName(name).description == name)
  }

  @Test(arguments: [
    ("", PathComponentError.Fault.empty), (".", .dots), ("..", .dots), ("a/b", .slash),
    ("/etc", .slash), ("../x", .slash), ("a\0b", .nul), (String(repeating: "x", count: 256), .long),
  ])
  func `anything else is refused with its fault`(_ name: String, _ fault: PathComponentError.Fault)
  {
    let error = #expect(throws: PathComponentError.self) { try TypeName(name) }
    #expect(error == PathComponentError(noun: "type", name: name, fault: fault))
  }

  @Test(arguments: ["assign_domain", "intel_vgpu/vgpu_id", "..a", "a.b/c", "vendor/x y"])
  func `a relative path is an attribute's name`(_ path: String) throws {
    #expect(try AttributeName(path).description == path)
  }

  @Test(arguments: [
    "", "/", "/etc/passwd", "..", "../remove", "a/../b", "a//b", "a/", "./a", "a\0",
  ])
  func `a path that could leave the device is refused`(_ path: String) {
    #expect(throws: AttributeNameError(path: path)) { try AttributeName(path) }
  }
}
