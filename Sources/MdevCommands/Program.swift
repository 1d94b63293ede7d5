// SPDX-License-Identifier: Apache-2.0

package import MdevArguments
import MdevHost
import MdevOperations

/// The program under all of its names, from the arguments to the exit status.
package enum Program {
  /// The answer to `--version`.
  package static let version = "mdevctl 2.0.0"

  /// All that it understands under each of its names.
  package static var syntaxes: [CommandSyntax] {
    [RootCommand.syntax, ListCommand.lsmdev, DriverctlCommand.syntax, ValidateCommand.syntax]
  }

  /// Runs the command that the arguments name and returns the status to end with.
  ///
  /// It is 0 when it is done, 1 when it failed, 2 when the usage was wrong; of a callout, what its
  /// protocol says.
  package static func run(_ arguments: [String]) -> Int32 {
    StandardStream.prepareAll()
    let root = root(calledAs: arguments.first ?? "mdevctl")
    do {
      try run(Array(arguments.dropFirst()), of: root)
      return 0
    } catch let status as ExitStatus {
      return status.code
    } catch let error as HostError where error.isOfUnreadOutput {
      // Who reads a listing has enough of it; a change does not end here.
      return 0
    } catch let error as ArgumentError {
      Output.write(error.lines)
      // To who calls a callout, 2 says that somebody else may be asked.
      return root.name == ValidateCommand.syntax.name ? 1 : 2
    } catch {
      Output.complain(error)
      return 1
    }
  }

  private static func run(_ words: [String], of root: CommandSyntax) throws {
    guard argumentsAreText else {
      throw ArgumentError(.notText, in: PlacedCommand(meantBy: words, root: root))
    }
    if let request = CompletionRequest(words, of: root) { return HostCompletion.answer(request) }
    switch try ParsedCommand(words, of: root) {
    case .help(let command): try StandardStream.output.write(command.help)
    case .version: try StandardStream.output.write(version + "\n")
    case .run(let arguments): try carryOut(arguments.work())
    }
  }

  /// A command that waits for nothing stays on the first thread: as long as there is no other, the
  /// kernel spends a third less on each file.
  private static func carryOut(_ work: Work) throws {
    switch work {
    case .immediate(let body): try body()
    case .waiting(let body): try blocking { try await body() }
    }
  }

  private static func root(calledAs path: String) -> CommandSyntax {
    let name =
      path.utf8.lastIndex(of: UInt8(ascii: "/"))
      .map { path[path.utf8.index(after: $0)...] } ?? path[...]
    return switch name {
    case "lsmdev": ListCommand.lsmdev
    case "driverctl": DriverctlCommand.syntax
    // Links among the callouts have a number before it, for their order.
    case let name where name.hasSuffix(ValidateCommand.syntax.name): ValidateCommand.syntax
    default: RootCommand.syntax
    }
  }
}
