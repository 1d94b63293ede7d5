// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevStore

/// What makes the initrd of a host.
enum Initrd {
  /// Says that a change of early drivers takes effect with the next initrd only, and what makes
  /// that.
  static func warning(root: SystemRoot) throws(HostError) -> Warning {
    let sentence = "the initrd does as before until it is made anew"
    return Warning(sentence + (try command(root: root).map { ": '\($0)'" } ?? ""))
  }

  /// The initrd of the running kernel, if it was made before the drivers that it is to give devices
  /// were changed; `nil` also where mdevctl's hook of initramfs-tools is not installed.
  static func stale(under overrides: OverrideStore, root: SystemRoot) throws -> String? {
    let hook = root.path("/usr/share/initramfs-tools/hooks/mdevctl")
    let path = root.path("/boot/initrd.img-\(kernelRelease)")
    guard try FileKind(at: hook) != nil, let made = try FileTime(at: path) else { return nil }
    let changes = try overrides.earlyPaths().compactMap { try FileTime(at: $0) }
    return changes.contains { $0 > made } ? path : nil
  }

  /// The command of initramfs-tools; `nil` without these.
  private static func command(root: SystemRoot) throws(HostError) -> String? {
    guard try FileKind(at: root.path("/usr/sbin/update-initramfs")) != nil else { return nil }
    return "update-initramfs -u -k all"
  }
}
