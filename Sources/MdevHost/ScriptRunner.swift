// SPDX-License-Identifier: Apache-2.0

import Glibc
import Subprocess
import Synchronization
import SystemPackage

/// A run of a script: what it is given, and how long it may take.
package struct ScriptInvocation: Sendable {
  package var path: String
  package var arguments: [String]
  /// The text on its stdin; an end of file at once if there is none.
  package var input: String?
  package var environment: [String: String]
  package var limit: Duration
  /// The open file that is executed in its place, so that it is what was looked at.
  fileprivate var executable: String?

  /// The most that a script may say on stdout; beyond it the run is a failure.
  package static let outputLimit = 1 << 20

  /// The most that is kept of stderr; the rest is passed over.
  package static let errorLimit = 64 << 10

  package init(
    path: String, arguments: [String], input: String?, environment: [String: String],
    limit: Duration
  ) {
    self.path = path
    self.arguments = arguments
    self.input = input
    self.environment = environment
    self.limit = limit
  }
}

/// The result of a script.
package struct ScriptResult: Hashable, Sendable {
  /// Its end.
  package enum Status: Hashable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
  }

  package let status: Status
  package let output: [UInt8]
  /// What it said on stderr, and whether there was more than is kept.
  package fileprivate(set) var errors: String
  package let isCut: Bool
}

/// Runs a script as a child of this very process, in a process group of its own, with no
/// descriptor but stdin, stdout and stderr.
///
/// It has ended when the script itself has: children that it leaves behind, even with its pipes in
/// hand, are not waited for. When the time is over, the whole group gets SIGTERM, and SIGKILL a
/// second later. So does it when a signal ends this process.
package func runScript(_ invocation: ScriptInvocation) async throws(HostError) -> ScriptResult {
  // A script that closes stdin early must not end this process.
  _ = signal(SIGPIPE, SIG_IGN)
  try ProcessNeed.script.requireDescriptors(for: invocation.path)
  try EndingSignals.scriptBegins()
  let processGroup = ProcessGroup()
  let result: Result<ScriptResult, HostError>
  do throws(HostError) {
    result = .success(try await run(invocation, in: processGroup))
  } catch {
    result = .failure(error)
  }
  await EndingSignals.scriptEnded(processGroup.number)
  return try result.get()
}

/// Runs a script that nobody but root, or who runs this, can have put in its place; it is looked at
/// from the root down, and what was looked at is what runs.
package func runTrustedScript(
  _ invocation: ScriptInvocation, root: SystemRoot
) async throws(HostError) -> ScriptResult {
  let script = try TrustedScript(invocation.path, root: root)
  var invocation = invocation
  invocation.executable = script.pathForChildren
  var result = try await runScript(invocation)
  result.errors = script.withoutDescriptors(result.errors)
  return result
}

private func run(
  _ invocation: ScriptInvocation, in processGroup: ProcessGroup
) async throws(HostError) -> ScriptResult {
  do {
    return try await withThrowingTaskGroup(of: ScriptResult?.self) { group in
      group.addTask { try await invocation.run(in: processGroup) }
      group.addTask {
        try await Task.sleep(for: invocation.limit)
        return nil
      }
      defer { group.cancelAll() }
      guard let result = try await group.next() ?? nil else {
        throw HostError.Cause.timeout(seconds: invocation.limit.components.seconds)
      }
      return result
    }
  } catch let cause as HostError.Cause {
    processGroup.end()
    throw HostError(.run, invocation.path, cause)
  } catch let error as SubprocessError {
    throw HostError(.run, invocation.path, error.underlyingError ?? .noSuchFileOrDirectory)
  } catch {
    throw HostError(.run, invocation.path, .interrupted)
  }
}

/// A script and whatever it started, which share the number of the script's process.
private final class ProcessGroup: Sendable {
  private let id = Mutex<pid_t?>(nil)

  func began(as id: pid_t) {
    self.id.withLock { $0 = id }
    EndingSignals.scriptRuns(as: id)
  }

  /// The number; `nil` if nothing was started.
  var number: pid_t? { id.withLock { $0 } }

  /// Ends all of it at once, those included that took no notice of SIGTERM.
  func end() { id.withLock { if let id = $0 { kill(-id, SIGKILL) } } }
}

extension ScriptInvocation {
  fileprivate func run(in group: ProcessGroup) async throws -> ScriptResult {
    do {
      return try await run(
        .path(FilePath(executable ?? path)),
        Arguments(executablePathOverride: path, remainingValues: arguments), in: group)
    } catch let error as SubprocessError where error.underlyingError == .execFormatError {
      // No "#!" in its first line: as execvp does, leave it to the shell.
      return try await run(.path("/bin/sh"), Arguments([executable ?? path] + arguments), in: group)
    }
  }

  private func run(
    _ program: Executable, _ arguments: Arguments, in group: ProcessGroup
  ) async throws -> ScriptResult {
    var options = PlatformOptions()
    options.processGroupID = 0
    options.teardownSequence = [
      .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))
    ]
    let variables = environment.map { (Environment.Key(stringLiteral: $0), $1) }
    let result = try await Subprocess.run(
      program, arguments: arguments,
      environment: .custom(Dictionary(uniqueKeysWithValues: variables)), platformOptions: options,
      input: .inputWriter, output: .sequence, error: .sequence
    ) { execution in
      group.began(as: execution.processIdentifier.value)
      async let output = collect(
        execution.standardOutput, limit: ScriptInvocation.outputLimit, beyond: .fail)
      async let errors = collect(
        execution.standardError, limit: ScriptInvocation.errorLimit, beyond: .passOver)
      await give(input ?? "", to: execution.standardInputWriter)
      return try await (output, errors)
    }
    let ((output, _), (errors, isCut)) = result.closureResult
    return ScriptResult(
      status: ScriptResult.Status(result.terminationStatus), output: output,
      errors: String(decoding: errors, as: UTF8.self), isCut: isCut)
  }
}

extension ScriptResult.Status {
  fileprivate init(_ status: TerminationStatus) {
    switch status {
    case .exited(let code): self = .exited(code)
    case .signaled(let signal): self = .killed(signal: signal)
    }
  }
}

/// The treatment of more than the limit.
private enum Excess {
  case fail, passOver
}

/// Reads to the end; tells whether there was more than `limit` bytes.
private func collect(
  _ sequence: SubprocessOutputSequence, limit: Int, beyond excess: Excess
) async throws -> ([UInt8], isCut: Bool) {
  var bytes: [UInt8] = []
  var isCut = false
  for try await buffer in sequence {
    unsafe buffer.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    guard bytes.count > limit else { continue }
    if excess == .fail { throw HostError.Cause.tooMuchOutput(limit: limit) }
    bytes.removeLast(bytes.count - limit)
    isCut = true
  }
  return (bytes, isCut)
}

/// Writes what a script may read; one that does not want all of it is right, too.
private func give(_ input: String, to writer: StandardInputWriter) async {
  do {
    if !input.isEmpty { _ = try await writer.write(input) }
    try await writer.finish()
  } catch {
    // The script has closed its stdin, or ended.
  }
}
