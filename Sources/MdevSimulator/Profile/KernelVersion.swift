// SPDX-License-Identifier: Apache-2.0

/// The version of Linux that a host has, as far as its files depend on it: `6.12`.
struct KernelVersion: Hashable, Comparable, Sendable {
  let major: Int
  let minor: Int

  init(_ major: Int, _ minor: Int) {
    (self.major, self.minor) = (major, minor)
  }

  /// Reads a release such as `6.12.48+deb13-s390x`; `nil` for what does not begin with two numbers.
  init?(release: String) {
    let numbers = release.split(separator: ".", omittingEmptySubsequences: false).prefix(2)
      .map { $0.prefix { $0.isASCII && $0.isNumber } }
    guard numbers.count == 2, let major = Int(numbers[0]), let minor = Int(numbers[1]) else {
      return nil
    }
    self.init(major, minor)
  }

  static func < (left: Self, right: Self) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }

  /// The version for a profile that names none.
  static let usual = KernelVersion(6, 12)
  /// The first with `driver_override` of queues and with `bindings_complete_count`.
  static let apOverrides = KernelVersion(6, 19)
  /// The first in which xe has `sriov_admin`.
  static let sriovAdmin = KernelVersion(6, 19)
}
