// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel

/// What makes the initrd of a host.
enum Initrd {
  /// The commands that make it anew, by the programs of initramfs-tools and dracut.
  private static let makers = [
    ("update-initramfs", "update-initramfs -u -k all"),
    ("dracut", "dracut --force --regenerate-all"),
  ]

  /// Says that a change of early drivers takes effect with the next initrd only, and what makes
  /// that.
  static func warning(root: SystemRoot) throws(HostError) -> Warning {
    let sentence = "the initrd does as before until it is made anew"
    return Warning(sentence + (try command(root: root).map { ": '\($0)'" } ?? ""))
  }

  private static func command(root: SystemRoot) throws(HostError) -> String? {
    for (program, command) in makers {
      for place in ["/usr/sbin", "/usr/bin"] {
        if try FileKind(at: root.path("\(place)/\(program)")) != nil { return command }
      }
    }
    return nil
  }
}
