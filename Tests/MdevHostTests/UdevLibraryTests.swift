// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MdevHost

struct UdevLibraryTests {
  @Test func `a library that is not there is named`() {
    let error = #expect(throws: HostError.self) {
      _ = try UdevLibrary(named: "libnowhere.so.1")
    }
    #expect(
      error.map(\.description)
        == "failed to load 'libnowhere.so.1': cannot open shared object file: "
        + "No such file or directory")
  }

  @Test func `a library that lacks a function is named`() {
    let error = #expect(throws: HostError.self) { _ = try UdevLibrary(named: "libc.so.6") }
    #expect(error?.path == "libc.so.6")
    #expect(error?.attempt == .load)
  }

  @Test func `the library of this machine has all that is called`() throws {
    _ = try UdevLibrary()
  }
}
