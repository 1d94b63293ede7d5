// SPDX-License-Identifier: Apache-2.0

/// A program that makes the initrds of a host.
package enum InitrdMaker: String, CaseIterable, Sendable {
  /// That of initramfs-tools.
  case initramfsTools = "update-initramfs"
  case dracut

  /// The command that makes all of them anew.
  package var command: [String] {
    switch self {
    case .initramfsTools: [rawValue, "-u", "-k", "all"]
    case .dracut: [rawValue, "--force", "--regenerate-all"]
    }
  }
}
