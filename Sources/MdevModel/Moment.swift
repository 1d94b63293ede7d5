// SPDX-License-Identifier: Apache-2.0

/// The time that a question about a host is about.
package enum Moment: String, CaseIterable, Hashable, Sendable {
  case now
  /// After the next boot.
  case boot
}
