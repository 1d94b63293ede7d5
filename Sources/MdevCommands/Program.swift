// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevCallouts
import MdevHost
import MdevOperations

/// The program under all of its names, from the arguments to the exit status.
package enum Program {
  /// The answer to `--version`.
  static let version = "mdevctl 2.0.0"

  /// Runs the command that the arguments name and ends the process.
  ///
  /// The status is 0 when it is done, 1 when it failed, 2 when the usage was wrong; of a callout,
  /// what its protocol says.
  package static func run(_ arguments: [String]) -> Never {
    StandardStream.prepareAll()
    let root = root(calledAs: arguments.first ?? "mdevctl")
    do {
      try run(parse(Array(arguments.dropFirst()), as: root))
      root.exit()
    } catch let error as HostError where error.isOfUnreadOutput {
      // Who reads a listing has enough of it; a change does not end here.
      root.exit()
    } catch let status as ExitCode {
      root.exit(withError: status)
    } catch {
      finish(with: error, of: root)
    }
  }

  /// Parses the arguments, and refuses what the parser lets pass.
  private static func parse(
    _ words: [String], as root: any ParsableCommand.Type
  ) throws -> any ParsableCommand {
    guard argumentsAreText else { throw ValidationError("an argument is not UTF-8") }
    let check = ArgumentCheck(words, isCallout: root == ValidateCommand.self)
    if let earlier = check.wordsBeforeHelp { try refuseUnknownOption(in: earlier, of: root) }
    if root == RootCommand.self, let command = check.commandBeforeVersion {
      guard command == "list" else { throw ValidationError("Unknown option '-V'") }
      throw CleanExit.message(version)
    }
    let command = try root.parseAsRoot(check.wordsForParser)
    try check.refuseRepetition()
    return command
  }

  /// Help is for who asks for it before a mistake.
  private static func refuseUnknownOption(
    in words: [String], of root: any ParsableCommand.Type
  ) throws {
    do {
      _ = try root.parseAsRoot(words)
    } catch {
      if root.message(for: error).hasPrefix("Unknown option") { throw error }
    }
  }

  /// A command that waits for nothing stays on the first thread: as long as there is no other, the
  /// kernel spends a third less on each file.
  private static func run(_ command: sending any ParsableCommand) throws {
    var command = command
    guard let asynchronous = command as? any AsyncParsableCommand else {
      return try command.run()
    }
    try blocking {
      var command = asynchronous
      try await command.run()
    }
  }

  private static func root(calledAs path: String) -> any ParsableCommand.Type {
    switch path.split(separator: "/").last {
    case "lsmdev": LsmdevCommand.self
    case "driverctl": DriverctlCommand.self
    // Links among the callouts have a number before it, for their order.
    case let name? where name.hasSuffix("mdevctl-validate"): ValidateCommand.self
    default: RootCommand.self
    }
  }

  /// Says what the parser has to say, help or a mistake in the arguments, or why a command failed.
  private static func finish(with error: any Error, of root: any ParsableCommand.Type) -> Never {
    switch root.exitCode(for: error) {
    case .success: printLast(root.fullMessage(for: error) + "\n")
    case .validationFailure:
      Output.write([root.fullMessage(for: error)])
      // To who calls a callout, 2 says that somebody else may be asked.
      root.exit(withError: ExitCode(root == ValidateCommand.self ? 1 : 2))
    default:
      let hint = (error as? OperationError)?.hint ?? (error as? CalloutError)?.hint
      Output.write(["Error: \(error)"] + (hint.map { ["(\($0))"] } ?? []))
      root.exit(withError: ExitCode(1))
    }
    root.exit()
  }

  /// Prints what was asked for; when it can't be written, the status has to say it.
  private static func printLast(_ text: String) {
    do throws(HostError) {
      try StandardStream.output.write(text)
    } catch {
      if error.isOfUnreadOutput { return }
      Output.write(["Error: \(error)"])
      RootCommand.exit(withError: ExitCode(1))
    }
  }
}
