// SPDX-License-Identifier: Apache-2.0

/// The name of a sysfs attribute below a device's directory: `assign_domain`,
/// `intel_vgpu/vgpu_id`.
///
/// A relative path without empty, `.` and `..` components. Whether a link leads out of the
/// directory only the kernel can say; starting the device looks at that.
package struct AttributeName: Hashable, Sendable, CustomStringConvertible {
  /// The path, as it was given.
  package let path: String

  /// Refuses what could name anything outside the device's directory.
  package init(_ path: String) throws(AttributeNameError) {
    guard AttributeName.isInside(path.utf8), !path.utf8.contains(0) else {
      throw AttributeNameError(path: path)
    }
    self.path = path
  }

  /// Takes a name that is known to stay inside.
  package init(unchecked path: String) { self.path = path }

  package var description: String { path }

  private static func isInside(_ path: String.UTF8View) -> Bool {
    var rest = path[...]
    while let slash = rest.firstIndex(of: UInt8(ascii: "/")) {
      guard isName(rest[..<slash]) else { return false }
      rest = rest[rest.index(after: slash)...]
    }
    return isName(rest)
  }

  private static func isName(_ component: Substring.UTF8View) -> Bool {
    !component.isEmpty
      && !(component.count <= 2 && component.allSatisfy { $0 == UInt8(ascii: ".") })
  }
}

/// An attribute name that does not stay inside the device's directory.
package struct AttributeNameError: Error, Equatable, CustomStringConvertible {
  package let path: String

  package var description: String {
    "attribute name '\(path)' is not a relative path inside the device's directory"
  }
}
