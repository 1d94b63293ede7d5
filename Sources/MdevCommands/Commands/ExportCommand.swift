// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum ExportCommand {
  static let syntax = CommandSyntax(
    "export", "Print the host as one file, which 'apply' makes again.",
    discussion: """
      The file has the definitions, the stored drivers, the masks of the AP bus and the functions of \
      cards, as they are stored. With --active it has what is in force instead: the devices that run, \
      as well as their attributes are known. An OWNER that has applied something exports that alone; \
      without one, all is exported for the owner 'host'.
      """,
    examples: ["mdevctl export", "mdevctl export --owner web"],
    options: [
      .flag("--active", help: "Print what is in force.", excludes: ["--owner"]),
      .owner("Print what this owner has applied."),
    ]
  ) { arguments throws(ArgumentError) in
    let (owner, isActive) = (try arguments.owner, arguments.has("--active"))
    return .immediate {
      let export = Host.operations().exportHost
      let file: Outcome<HostFile>
      if isActive {
        file = try export.active(for: .host)
      } else {
        file = Outcome(try export.stored(for: owner ?? .host, isPart: owner != nil))
      }
      try Output.print(.hostFile(file.value), as: .json, file.warnings)
    }
  }
}

extension GivenName {
  /// The owner of a file that nobody has named.
  fileprivate static let host = GivenName(unchecked: "host")
}
