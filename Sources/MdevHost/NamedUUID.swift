// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// The maker of uuids that are always the same for a name, of version 5 (RFC 9562, section 5.5), by
/// `uuid_generate_sha1` of util-linux's libuuid, which every Linux system has.
@safe
package struct NamedUUID {
  private static let library = "libuuid.so.1"

  private typealias Generate =
    @convention(c) (
      UnsafeMutablePointer<UInt8>, UnsafePointer<UInt8>, UnsafePointer<CChar>, Int
    ) -> Void

  private let generate: Generate
  private let space: DeviceUUID

  /// Loads the library, for names in the space of names that `space` stands for.
  package init(in space: DeviceUUID) throws(HostError) {
    self.space = space
    unsafe generate = try LibrarySymbols(of: NamedUUID.library).function("uuid_generate_sha1")
  }

  /// The uuid of a name.
  package func uuid(of name: String) -> DeviceUUID {
    var made = [UInt8](repeating: 0, count: 16)
    unsafe generate(&made, space.bytes, name, name.utf8.count)
    return DeviceUUID(bytes: made)
  }
}
