// SPDX-License-Identifier: Apache-2.0

import MdevModel
import Testing

@testable import MdevHost

struct NamedUUIDTests {
  /// Those of names and URLs (RFC 9562, section 6.6).
  private static let dns = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
  private static let url = "6ba7b811-9dad-11d1-80b4-00c04fd430c8"

  // The first is the example of RFC 9562, appendix A.4; the others are what Python's uuid.uuid5 says.
  @Test(arguments: [
    (dns, "www.example.com", "2ed6657d-e927-568b-95e1-2665a8aea6a2"),
    (dns, "python.org", "886313e1-3b8a-5372-9b90-0c9aee199e5d"),
    (dns, "", "4ebd0208-8328-5d69-8c44-ec50939c0967"),
    (dns, String(repeating: "x", count: 300), "8563d838-2cd7-5fbc-9b5c-88a26c27da93"),
    (url, "https://www.ietf.org/", "67cb7ade-89e6-57fa-b080-0a1047547fff"),
    ("dfea2498-8452-5153-9545-33a79b0cd917", "é/x/1", "769bfd93-bedb-52ad-b1fe-51e729286c90"),
  ])
  func `a name has the uuid that others make of it`(
    _ space: String, _ name: String, _ uuid: String
  ) throws {
    #expect(try NamedUUID(in: DeviceUUID(space)).uuid(of: name) == DeviceUUID(uuid))
  }
}
