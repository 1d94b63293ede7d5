// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevSimulator

/// The answer to a shell that completes a command line of mdevsim.
///
/// What can't be found out is passed over in silence: a prompt must not be disturbed.
enum SimulatorCompletion {
  /// Answers on stdout.
  static func answer(_ request: CompletionRequest) {
    for line in request.lines(values: words) { announce(line) }
  }

  private static func words(_ kind: ValueKind, _ place: CompletionPlace) -> [Candidate] {
    switch kind {
    case .profile:
      let listings = (try? ProfileLibrary.current().listings()) ?? []
      return listings.map { Candidate($0.name, $0.description) }
    case .uuid: return names("bus/mdev/devices", place)
    case .parent: return names("class/mdev_bus", place)
    case .device: return names("bus/pci/devices", place)
    case .text, .number, .choice, .columns, .file, .directory, .command, .user, .type, .bus,
      .driver, .channelDevice, .queue, .card, .cardOrFunction, .anyDevice, .owner:
      return []
    }
  }

  /// The names in a directory of the /sys of the host that `--dir` names, or that is around us.
  private static func names(_ path: String, _ place: CompletionPlace) -> [Candidate] {
    RunningHost.names(in: path, directory: place.options["--dir"]).map { Candidate($0) }
  }
}
