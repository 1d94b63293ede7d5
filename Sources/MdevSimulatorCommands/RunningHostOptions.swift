// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevSimulator

extension OptionSyntax {
  /// The host that is running.
  static let runningHost = OptionSyntax.value(
    "--dir", takes: ValueSyntax("DIRECTORY", .directory),
    help: "The directory of 'mdevsim mount'; inside 'mdevsim run' it is not needed.")
}

extension RunningHost {
  /// Asks the host that is served in a directory, or else that around this process, and returns
  /// what it prints.
  static func ask(_ request: ControlRequest, at directory: String?) throws -> String {
    try ControlClient.ask(request, at: control(directory: directory))
  }
}

extension ParsedArguments {
  /// The work of a command that only asks a host for something.
  func work(asking request: ControlRequest) -> Work {
    let directory = text("--dir")
    return .immediate { _ = try RunningHost.ask(request, at: directory) }
  }
}
