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
  switch result.status {
  case .exited(0): return
  case .exited(let status):
    let words = result.errors.split(separator: "\n").joined(separator: "; ")
    throw HostError(.run, command, .complained(words.isEmpty ? "status \(status)" : words))
  case .killed(let signal): throw HostError(.run, command, .killed(signal: signal))
  }
}

extension MediatedDeviceBus {
  /// Has udev look at the group of a running device again; nothing for one that does not run.
  package func announceGroup(of uuid: DeviceUUID) async throws {
    guard let group = try existingGroup(of: uuid) else { return }
    try await runTool(
      "udevadm", ["trigger", "--settle", "--action=change", "/sys/class/vfio/\(group)"])
  }

  private func existingGroup(of uuid: DeviceUUID) throws(HostError) -> String? {
    do throws(HostError) {
      let target = try linkTarget("\(directory(of: uuid))/iommu_group")
      return target.split(separator: "/").last.map { String($0) }
    } catch let error where error.meaning == .missing {
      return nil
    }
  }
}
