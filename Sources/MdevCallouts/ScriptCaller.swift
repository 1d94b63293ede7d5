// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel

/// Runs scripts in the environment and within the time that they are given.
struct ScriptCaller: Sendable {
  let root: SystemRoot
  let limit: Duration
  let notice: @Sendable (Warning) -> Void

  /// The variable that sets how many seconds a script gets.
  static let limitVariable = "MDEVCTL_CALLOUT_TIMEOUT"

  /// The part of this process's environment that scripts get.
  private static let variables = ["PATH", "LANG", SystemRoot.variable]

  init(root: SystemRoot, notice: @escaping @Sendable (Warning) -> Void) {
    self.root = root
    self.notice = notice
    switch environmentVariable(ScriptCaller.limitVariable).map({ Int($0) }) {
    case nil: limit = .seconds(30)
    case .some(let seconds?) where (1...86_400).contains(seconds): limit = .seconds(seconds)
    case .some:
      limit = .seconds(30)
      notice(
        Warning("ignoring \(ScriptCaller.limitVariable): it is no number from 1 to 86400"))
    }
  }

  /// The environment of a script, made for each: most commands run none.
  private var environment: [String: String] {
    Dictionary(
      uniqueKeysWithValues: ScriptCaller.variables.compactMap { name in
        environmentVariable(name).map { (name, $0) }
      })
  }

  /// Runs the script to its end; its words on stderr are left to the caller.
  func run(_ script: ScriptFile, _ call: Call) async throws(CalloutError) -> ScriptResult {
    if script.fault != nil { throw .notRun(script) }
    do throws(HostError) {
      return try await runTrustedScript(
        ScriptInvocation(
          path: script.path, arguments: call.arguments, input: call.input,
          environment: environment, limit: limit), root: root)
    } catch {
      throw .failed(script: script.name, call: call.name, error.cause)
    }
  }

  /// What the script says that it serves for the device's type and parent; `nil` if it does not.
  ///
  /// One that fails is named in a notice.
  func capabilities(of script: ScriptFile, _ device: MediatedDevice) async -> Capabilities? {
    let call = Call(
      event: .get, action: .capabilities, device: device, input: Capabilities.provided)
    do throws(CalloutError) {
      let result = try await run(script, call)
      guard case .exited(let status) = result.status, status != 2 else { return nil }
      return Capabilities(answer: result.output)
    } catch {
      notice(Warning("\(error)"))
      return nil
    }
  }

  /// Shows what the script said on stderr.
  func show(_ result: ScriptResult, of script: ScriptFile) {
    if !result.errors.isEmpty {
      notice(Warning(script: script.name, words: result.errors))
    }
    if result.isCut {
      notice(
        Warning(
          "what callout '\(script.name)' said was cut after"
            + " \(ScriptInvocation.errorLimit / 1024) KiB"))
    }
  }
}
