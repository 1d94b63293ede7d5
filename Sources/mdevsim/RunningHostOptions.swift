// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevSimulator

/// The option for a host that is running.
struct RunningHostOptions: ParsableArguments {
  @Option(
    name: .customLong("dir"),
    help: "The directory of 'mdevsim mount'; inside 'mdevsim run' it is not needed.")
  var directory: String?

  /// Asks the host and returns what it prints.
  func ask(_ request: ControlRequest) throws -> String {
    try ControlClient.ask(request, at: RunningHost.control(directory: directory))
  }
}
