// SPDX-License-Identifier: Apache-2.0

import MdevModel
import Testing

struct VGPUTypeTests {
  @Test(arguments: [
    ("ID    : vGPU Name\n1147  : NVIDIA L40S-1Q\n1150  : NVIDIA L40S-4Q\n", [1147, 1150]),
    ("1147  : NVIDIA L40S-1Q\n", [1147]),
    ("NVIDIA L40S-1Q : 1147\n", [1147]),
    ("ID    : vGPU Name\n", []), ("", []), ("0 : none\n", []), ("1147 :\n", []),
    ("no list at all", []),
  ])
  func `a list is read with a heading and without, and in either order`(
    text: String, ids: [Int]
  ) {
    let types = VGPUType.list(text)
    #expect(types.map(\.id) == ids)
    #expect(types.allSatisfy { $0.name.hasPrefix("NVIDIA L40S-") })
  }

  @Test(arguments: [
    ("NVIDIA L40S-4Q", 4), ("NVIDIA H200X-141C", 141), ("NVIDIA A100-1-5CME", 5),
    ("GRID T4-16Q", 16), ("NVIDIA L40S", nil), ("NVIDIA X-Q", nil), ("", nil),
  ])
  func `the memory of a type is in its name`(name: String, framebuffer: Int?) {
    #expect(VGPUType(id: 1, name: name).framebuffer == framebuffer)
  }

  @Test(arguments: [
    ("1150", true), ("NVIDIA L40S-4Q", true), ("L40S-4Q", true), ("4Q", false), ("0S-4Q", false),
    ("1151", false), ("", false),
  ])
  func `a type is named by number, name, or name without the maker's`(name: String, isNamed: Bool) {
    #expect(VGPUTypeName(name).names(VGPUType(id: 1150, name: "NVIDIA L40S-4Q")) == isNamed)
  }
}
