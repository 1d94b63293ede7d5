// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// The time at which the findings hurt that are asked for.
package enum CheckScope: Sendable {
  /// Findings about now.
  case active
  /// Findings about the next boot.
  case boot
  case all

  func includes(_ scope: Finding.Scope) -> Bool {
    switch (self, scope) {
    case (.all, _), (_, .always), (.active, .now), (.boot, .boot): true
    case (.active, .boot), (.boot, .now): false
    }
  }
}

extension [Finding] {
  /// Errors, then warnings; else as they were found.
  var sortedBySeverity: [Finding] {
    filter { $0.severity == .error } + filter { $0.severity == .warning }
  }
}
