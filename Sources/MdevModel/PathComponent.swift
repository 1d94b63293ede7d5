// SPDX-License-Identifier: Apache-2.0

/// A name that is exactly one component of a path: not empty, no `/`, no NUL, not `.` or `..`,
/// at most 255 bytes (NAME_MAX).
///
/// Parents and types are such names, since both become directories: what comes from a user or a
/// file can therefore never lead out of the place it is meant for.
package protocol PathComponent: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The kind of name, for messages: "parent" or "type".
  static var noun: String { get }

  /// The name as the kernel spells it.
  var name: String { get }

  /// Takes a name that is known to be one component.
  init(unchecked name: String)
}

extension PathComponent {
  /// Refuses what is not exactly one component.
  package init(_ name: String) throws(PathComponentError) {
    if let fault = PathComponentError.Fault(in: name) {
      throw PathComponentError(noun: Self.noun, name: name, fault: fault)
    }
    self.init(unchecked: name)
  }

  package var description: String { name }

  /// Bytewise, as the kernel's and mdevctl's listings sort.
  package static func < (left: Self, right: Self) -> Bool {
    let (left, right) = (left.name.utf8.span, right.name.utf8.span)
    for index in 0..<min(left.count, right.count) where left[index] != right[index] {
      return left[index] < right[index]
    }
    return left.count < right.count
  }
}

/// The device that mediated devices are made from, by its name in /sys/class/mdev_bus: `mtty`,
/// `0000:00:02.0`, `0.0.0313`, `matrix`.
package struct ParentName: PathComponent {
  package static let noun = "parent"
  package let name: String
  package init(unchecked name: String) { self.name = name }

  /// The one parent of vfio_ap.
  package static let matrix = ParentName(unchecked: "matrix")

  /// The name by which one that is written a little otherwise is recognized: without capitals, and
  /// of a PCI function with its domain.
  package var spelling: String { PCIAddress(text: name)?.description ?? name.lowercased() }
}

/// A type of mediated device, by its name in `mdev_supported_types`: `mtty-2`, `vfio_ccw-io`.
package struct TypeName: PathComponent {
  package static let noun = "type"
  package let name: String
  package init(unchecked name: String) { self.name = name }

  /// The one type of vfio_ap.
  package static let vfioAP = TypeName(unchecked: "vfio_ap-passthrough")

  /// The one type of vfio_ccw.
  package static let vfioCCW = TypeName(unchecked: "vfio_ccw-io")

  /// True if its devices are sets of queues of the AP bus.
  package var isVFIOAP: Bool { self == .vfioAP }
}

/// A name that is not one path component.
package struct PathComponentError: Error, Equatable, CustomStringConvertible {
  /// The kind of mistake.
  package enum Fault: String, Sendable {
    case empty = "is empty"
    case dots = "is a directory reference"
    case slash = "contains a slash"
    case nul = "contains a NUL byte"
    case long = "is longer than 255 bytes"

    fileprivate init?(in name: String) {
      switch name.utf8 {
      case let bytes where bytes.isEmpty: self = .empty
      case _ where name == "." || name == "..": self = .dots
      case let bytes where bytes.contains(UInt8(ascii: "/")): self = .slash
      case let bytes where bytes.contains(0): self = .nul
      case let bytes where bytes.count > 255: self = .long
      default: return nil
      }
    }
  }

  package let noun: String
  package let name: String
  package let fault: Fault

  package var description: String { "\(noun) name '\(name)' \(fault.rawValue)" }
}
