// SPDX-License-Identifier: Apache-2.0

import Glibc
package import MdevModel
import SystemPackage

/// Runs a program of the system, found in the usual places, for up to a minute.
package func runTool(_ name: String, _ arguments: [String]) async throws(HostError) {
  let places = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"]
  let paths: [String] = places.map { "\($0)/\(name)" }
  let path = paths.first { unsafe access($0, X_OK) == 0 }
  let command = ([name] + arguments).joined(separator: " ")
  guard let path else { throw HostError(.run, command, .noSuchFileOrDirectory) }
  let result = try await runScript(
    ScriptInvocation(
      path: path, arguments: arguments, input: nil,
      environment: ["PATH": places.joined(separator: ":")], limit: .seconds(60)))
  if let failure = result.failure { throw HostError(.run, command, failure) }
}

extension ScriptResult {
  /// Why a program of the system did not do what it was run for, in its own words if it has any;
  /// `nil` if it did.
  var failure: HostError.Cause? {
    switch status {
    case .exited(0): return nil
    case .exited(let status):
      let words = errors.split(separator: "\n").joined(separator: "; ")
      return .complained(words.isEmpty ? "it ended with status \(status)" : words)
    case .killed(let signal): return .killed(signal: signal)
    }
  }
}

extension MediatedDeviceBus {
  /// Has udev look at the group of a running device again; nothing for one that does not run.
  package func announceGroup(of uuid: DeviceUUID) async throws {
    guard let group = try linkedName("\(directory(of: uuid))/iommu_group") else { return }
    try await runTool(
      "udevadm", ["trigger", "--settle", "--action=change", "/sys/class/vfio/\(group)"])
  }
}
