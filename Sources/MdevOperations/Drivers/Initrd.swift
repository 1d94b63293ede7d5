// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevStore

/// The initrds of a host, and what makes them.
enum Initrd {
  /// Says that a change of early drivers takes effect with the next initrd only, and what makes
  /// that.
  static func warning(root: SystemRoot) throws(HostError) -> Warning {
    let command = try maker(root: root)?.command.joined(separator: " ")
    return Warning(
      "the initrd does as before until it is made anew" + (command.map { ": '\($0)'" } ?? ""))
  }

  /// The initrd of the running kernel, if it was made before the drivers that it is to give devices
  /// were changed, and what makes it; `nil` also where its maker has no part from mdevctl.
  static func stale(
    under overrides: OverrideStore, root: SystemRoot
  ) throws -> (path: String, maker: InitrdMaker)? {
    guard let maker = try maker(root: root), try FileKind(at: root.path(maker.hook)) != nil else {
      return nil
    }
    let names = ["initrd.img-\(kernelRelease)", "initramfs-\(kernelRelease).img"]
    for path in names.map({ root.path("/boot/\($0)") }) {
      guard let made = try FileTime(at: path) else { continue }
      let changes = try overrides.earlyPaths().compactMap { try FileTime(at: $0) }
      return changes.contains { $0 > made } ? (path, maker) : nil
    }
    return nil
  }

  /// The first that the host has; `nil` without any.
  private static func maker(root: SystemRoot) throws(HostError) -> InitrdMaker? {
    for maker in InitrdMaker.allCases {
      for place in ["/usr/sbin", "/usr/bin"] {
        if try FileKind(at: root.path("\(place)/\(maker.rawValue)")) != nil { return maker }
      }
    }
    return nil
  }
}

extension InitrdMaker {
  /// The part that mdevctl has in it, where that is installed.
  fileprivate var hook: String {
    switch self {
    case .initramfsTools: "/usr/share/initramfs-tools/hooks/mdevctl"
    case .dracut: "/usr/lib/dracut/modules.d/90mdevctl/module-setup.sh"
    }
  }
}
