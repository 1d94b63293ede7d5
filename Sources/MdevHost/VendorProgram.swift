// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// A program that comes with a driver, and that root runs in the driver's stead.
package struct VendorProgram: Sendable {
  private let name: String
  /// The directories that it is looked for in before those of PATH.
  private let places: [String]
  private let root: SystemRoot

  /// The program called `name`, which its maker puts in one of `places`, if not where PATH has it.
  package init(_ name: String, in places: [String] = [], root: SystemRoot) {
    self.name = name
    self.places = places
    self.root = root
  }

  /// Runs it for at most so long; a failure has its own words if it said any.
  ///
  /// Under another root it is the program there, for that of the host would change the host.
  package func run(_ arguments: [String], limit: Duration) async throws(HostError) {
    let search = environmentVariable("PATH") ?? "/usr/sbin:/usr/bin:/sbin:/bin"
    let directories = places + search.split(separator: ":").map { String($0) }
    let path = directories.map { root.path("\($0)/\(name)") }
      .first { ((try? FileKind(at: $0)) ?? nil) != nil }
    let command = ([name] + arguments).joined(separator: " ")
    guard let path else { throw HostError(.run, command, .noSuchFileOrDirectory) }
    let result = try await runTrustedScript(
      ScriptInvocation(
        path: path, arguments: arguments, input: nil,
        environment: ["PATH": search, "LC_ALL": "C"], limit: limit), root: root)
    if let failure = result.failure { throw HostError(.run, command, failure) }
  }
}
