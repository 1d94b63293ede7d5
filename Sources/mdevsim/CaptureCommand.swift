// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevSimulator

/// `mdevsim capture`.
struct CaptureCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capture",
    abstract: "Print the profile of this machine, as its /sys shows it.",
    discussion: "Example: mdevsim capture > my-host.json")

  @Option(help: "The machine's root directory.", completion: .directory)
  var root = "/"

  func run() throws {
    announce(try Capture(root: root).text())
  }
}
