// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// A module of the kernel, by the name of its driver: `vfio-pci` and `vfio_pci` are one.
package struct KernelModule: Hashable, Sendable {
  private let name: String
  private let root: SystemRoot

  package init(_ name: String, root: SystemRoot) {
    self.name = name
    self.root = root
  }

  /// Loads it with what it needs (kmod's `modprobe`); what that has to say if it refuses.
  ///
  /// Under another root the modprobe there is run, for that of the host would change the host.
  package func load() async throws(HostError) -> String? {
    let result = try await runScript(
      ScriptInvocation(
        path: root.path("/sbin/modprobe"), arguments: ["--", name], input: nil,
        environment: ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"],
        limit: .seconds(120)))
    return result.failure.map(\.description)
  }
}
