// SPDX-License-Identifier: Apache-2.0

import MdevHost
import TestSupport
import Testing

struct DirectoryTests {
  @Test func `the bytes of each name are shown once`() throws {
    let scratch = try Scratch()
    for name in ["05.0004", "card05", "ü"] { try scratch.write("", to: name) }
    var names: [String] = []
    try Directory(scratch.path).forEachName { name in
      names.append(String(decoding: name.indices.map { name[$0] }, as: UTF8.self))
    }
    #expect(names.sorted() == [".", "..", "05.0004", "card05", "ü"])
  }
}
