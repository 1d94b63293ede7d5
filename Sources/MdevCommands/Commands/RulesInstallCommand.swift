// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel
import MdevOperations

struct RulesInstallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install",
    abstract: "Write the rules that this host should have.",
    discussion: """
      They name this very program. The paths of files that changed are printed, and udev reads \
      them. A file of another tool is not replaced, and driverctl's own is left in effect if it \
      will do. The masks of the AP bus are written by 'mdevctl ap set'.

      Example: mdevctl rules install
      """)

  @OptionGroup var rules: RulesOptions

  func run() async throws {
    let changed = try await Host.operations().installRules.run(in: rules.dir)
    Output.tell(.lines(changed.value), as: .text, changed.warnings)
  }
}
