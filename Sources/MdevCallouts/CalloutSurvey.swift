// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// All scripts of a host.
package struct ScriptSurvey: Sendable {
  /// Callouts that are this program itself.
  package let builtIn: [ScriptFile]
  package let callouts: [SurveyedScript]
  package let notifiers: [ScriptFile]
}

/// A script of a host, and what it says that it serves.
package struct SurveyedScript: Sendable {
  package let file: ScriptFile
  package let answers: [Answer]

  /// Its answer to `get capabilities` for a type of a parent.
  package struct Answer: Sendable {
    package let parent: ParentName
    package let type: TypeName
    /// `nil` when it knows nothing of capabilities, or not of this type.
    package let capabilities: Capabilities?
    /// True if it is the one that is called for the type.
    package let isServing: Bool
  }
}

/// One call of a script in a trial, and what came of it.
package struct CalloutTrial: Sendable {
  /// As messages name the call: `pre-define`.
  package let call: String
  /// All that was on the command line, the script first.
  package let arguments: [String]
  package let input: String?
  package let outcome: Result<ScriptResult, CalloutError>
  package let duration: Duration
}

extension Callouts {
  /// All callouts and notifiers; each callout is asked about each type of each parent.
  package func survey(
    _ offers: [(ParentName, TypeName)]
  ) async throws(CalloutError) -> ScriptSurvey {
    let inventory = try inventory()
    var surveyed: [SurveyedScript] = []
    var served: Set<[String]> = []
    for file in inventory.callouts + inventory.otherCallouts {
      var answers: [SurveyedScript.Answer] = []
      for (parent, type) in offers where file.fault == nil {
        let capabilities = await caller.capabilities(of: file, .sample(type, on: parent))
        let isFirst = capabilities != nil && served.insert([parent.name, type.name]).inserted
        answers.append(
          SurveyedScript.Answer(
            parent: parent, type: type, capabilities: capabilities, isServing: isFirst))
      }
      surveyed.append(SurveyedScript(file: file, answers: answers))
    }
    return ScriptSurvey(
      builtIn: inventory.builtIn, callouts: surveyed,
      notifiers: inventory.notifiers + inventory.otherNotifiers)
  }

  /// Calls a script with every event that it supports, but for `live`, which would change the
  /// running device.
  package func trials(
    of path: String, on device: MediatedDevice
  ) async throws(CalloutError) -> [CalloutTrial] {
    let script = ScriptFile(at: path, root: caller.root)
    if script.fault != nil { throw .notRun(script) }
    let first = await trial(
      of: script,
      Call(event: .get, action: .capabilities, device: device, input: Capabilities.provided))
    let capabilities = (try? first.outcome.get()).flatMap { Capabilities(answer: $0.output) }
    var trials = [first]
    for call in Callouts.harmlessCalls(on: device) {
      guard capabilities?.include(call) ?? true else { continue }
      trials.append(await trial(of: script, call))
    }
    return trials
  }

  private static func harmlessCalls(on device: MediatedDevice) -> [Call] {
    let changes: [CalloutAction] = [.define, .modify, .start, .stop, .undefine]
    return changes.flatMap { action in
      [
        Call.aboutDefinition(.pre, action, device),
        Call.aboutDefinition(.post, action, device, state: .success),
        Call(event: .notify, action: action, state: .success, device: device),
      ]
    } + [Call(event: .get, action: .attributes, device: device)]
  }

  private func trial(of script: ScriptFile, _ call: Call) async -> CalloutTrial {
    let clock = ContinuousClock()
    let began = clock.now
    let outcome: Result<ScriptResult, CalloutError>
    do throws(CalloutError) {
      outcome = .success(try await caller.run(script, call))
    } catch {
      outcome = .failure(error)
    }
    return CalloutTrial(
      call: call.name, arguments: [script.path] + call.arguments, input: call.input,
      outcome: outcome, duration: clock.now - began)
  }
}

extension MediatedDevice {
  /// A device that is not there, to ask about its type.
  fileprivate static func sample(_ type: TypeName, on parent: ParentName) -> MediatedDevice {
    MediatedDevice(
      identity: DeviceIdentity(parent: parent, uuid: .zero),
      definition: DeviceDefinition(type: type, start: .manual))
  }
}
