// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevSimulator

/// `mdevsim log`.
struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Show what was written on a simulated host, and the uevents, in order.",
    discussion: "Example: mdevsim log --writes")

  @OptionGroup var host: RunningHostOptions

  @Flag(help: "Show writes only.")
  var writes = false

  func run() throws {
    let lines = try host.ask(.log).split(separator: "\n")
    for line in lines where !writes || line.split(separator: " ").dropFirst().first == "write" {
      announce(String(line))
    }
  }
}
