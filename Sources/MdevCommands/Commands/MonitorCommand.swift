// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevHost
import MdevModel
import MdevOperations

enum MonitorCommand {
  static let syntax = CommandSyntax(
    "monitor", "Show what comes, goes and changes, as it happens.",
    discussion: """
      One line for each event: parents that register and unregister, devices that start and stop, \
      definitions, drivers, stored drivers, masks of the AP bus, virtual functions. The line \
      'ready' says from when on nothing is missed. The command ends with status 0 at INT, TERM or \
      HUP, and when nobody reads its output any more. That a process opens a device or lets it go \
      is not told by the kernel, and so not here.
      """,
    examples: ["mdevctl monitor --json --initial"],
    options: [
      .flag("--initial", help: "Show first what there is now; no event falls between the two."),
      .flag("--json", help: "Print a JSON object in a line for each event."),
    ]
  ) { arguments in
    let isInitial = arguments.has("--initial")
    let format = arguments.format
    return .waiting {
      if !SystemRoot.ofEnvironment.isHost { Output.warn([.watchesFilesOnly]) }
      try await Host.operations().monitorHost.run(listing: isInitial) { report in
        if case .lost = report { Output.warn([.missedEvents]) }
        try Output.print(.watch(report), as: format)
      }
    }
  }
}

extension Warning {
  fileprivate static let watchesFilesOnly = Warning(
    "the kernel tells of this machine and not of \(SystemRoot.variable), so only changes of what is "
      + "stored are shown")

  fileprivate static let missedEvents = Warning(
    "events came faster than they were read, and some are lost; what there is now follows")
}
