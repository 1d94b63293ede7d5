// SPDX-License-Identifier: Apache-2.0

/// What keeps a device from starting, as far as it can be known before.
package enum StartObstacle: Error, Hashable, Sendable, CustomStringConvertible {
  case activeUnder(ParentName)
  case activeWith(TypeName)
  case noParentDevice(ParentName, similar: ParentName?)
  case notRegistered(ParentName)
  case noSuchType(ParentName, TypeName)
  case noInstances(ParentName, TypeName)
  /// Queues of vfio_ap, or what is written to get them.
  case queues(APConflict)

  package var description: String {
    switch self {
    case .activeUnder(let parent): "Device exists under different parent '\(parent)'"
    case .activeWith(let type): "Device exists with different type '\(type)'"
    case .noParentDevice(let parent, nil): "Unable to find parent device '\(parent)'"
    case .noParentDevice(let parent, let similar?):
      "Unable to find parent device '\(parent)'. Did you mean '\(similar)'?"
    case .notRegistered(let parent):
      "Parent \(parent) is not currently registered for mdev support"
    case .noSuchType(let parent, let type): "Parent \(parent) does not support mdev type \(type)"
    case .noInstances(let parent, let type): "No available instances of \(type) on \(parent)"
    case .queues(let conflict): "\(conflict)"
    }
  }
}

/// Everything that keeps a device from starting, where that is conflicts with others.
package struct StartConflict: Error, Hashable, Sendable, CustomStringConvertible {
  package let conflicts: [APConflict]

  package init(_ conflicts: [APConflict]) { self.conflicts = conflicts }

  package var description: String { conflicts.map(\.description).joined(separator: "; ") }
}

extension StartObstacle {
  /// The conflict with others that it is, if it is one.
  package var conflict: APConflict? {
    if case .queues(let conflict) = self { conflict } else { nil }
  }
}
