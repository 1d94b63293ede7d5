// SPDX-License-Identifier: Apache-2.0

import SystemPackage
import TestSupport
import Testing

/// What README.md tells its readers to type.
///
/// The commands of its section "Set-up" are run by .ci/run on a fresh machine.
struct ReadmeTests {
  /// The commands of the section "Use" on each host that it goes to, in their order.
  private static func sessions() throws -> [(profile: String, commands: [String])] {
    let readme = try projectText("README.md")
    let sections = readme.split(separator: "\n## ")
    let section = try #require(sections.first { $0.hasPrefix("Use\n") })
    var sessions = [(profile: "s390x", commands: [String]())]
    for line in section.split(separator: "\n") where line.hasPrefix("    ") {
      let command = String(line.dropFirst(4))
      let prefix = "make shell PROFILE="
      if command.hasPrefix(prefix) {
        sessions.append((String(command.dropFirst(prefix.count)), []))
      } else {
        sessions[sessions.count - 1].commands.append(command)
      }
    }
    return sessions
  }

  @Test func `what the README says works, line by line and in its order`() async throws {
    let sessions = try Self.sessions()
    #expect(sessions.map(\.profile) == ["s390x", "pci", "nvidia-sriov"])
    for session in sessions {
      #expect(session.commands.count > 2)
      let script = session.commands.joined(separator: "\n")
      let result = try await Simulator.run([
        "run", "--profile", session.profile, "--", "/bin/bash", "-e", "-c",
        "PATH=${MDEVSIM%/*}:$PATH\n\(script)",
      ])
      #expect(result.status == 0, "\(result.output)\(result.errors)")
    }
  }
}
