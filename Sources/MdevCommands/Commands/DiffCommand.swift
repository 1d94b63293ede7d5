// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevHost
import MdevModel
import MdevOperations

enum DiffCommand {
  static let syntax = CommandSyntax(
    "diff", "Show what 'apply' would change to make the host as a file says.",
    discussion: """
      FILE is what 'export' prints; '-' is the standard input. Nothing is changed and no script is \
      asked. The status is 0 when there is nothing to change, 1 when there is, 2 for wrong usage, and \
      3 when that can't be told. What another owner or a person has made, and the file would have \
      otherwise, stands in the way, and so is shown on stderr.
      """,
    examples: ["mdevctl diff host.json", "mdevctl diff --quiet --prune -"],
    options: ApplyScope.syntax + [
      .flag(
        "-q", "--quiet", help: "Print nothing: the status is the answer.", excludes: ["--json"]),
      .json,
    ],
    operands: [.hostFile]
  ) { arguments throws(ArgumentError) in
    let path = try arguments.hostFile
    let options = ApplyScope.options(arguments)
    let (isQuiet, format) = (arguments.has("--quiet"), arguments.format)
    return .immediate {
      let differences: HostDifferences
      do {
        differences = try Host.operations().compareHost.run(file: path, options)
        if !isQuiet { try Output.print(.hostDifferences(differences), as: format) }
      } catch let error as HostError where error.isOfUnreadOutput {
        throw error
      } catch {
        Output.complain(error)
        throw ExitStatus(3)
      }
      if !isQuiet, !differences.faults.isEmpty {
        Output.complain(OperationError.hostFile(differences.faults))
      }
      if !differences.isEmpty { throw ExitStatus(1) }
    }
  }
}
