// SPDX-License-Identifier: Apache-2.0

package import MdevHost
import MdevJSON
package import MdevModel
import Synchronization

/// The scripts of a host at work in one run of the program.
///
/// Scripts with capabilities come first: the first that serves a type and parent answers all
/// events for them. Without one, scripts are tried in order until one does not end with status 2.
package actor Callouts {
  private let root: SystemRoot
  let caller: ScriptCaller
  private let known = Mutex<ScriptInventory?>(nil)
  private var servers: [Served: Task<Server?, Never>] = [:]
  /// Whose change it is now; the others wait in line.
  private var turn: DeviceIdentity?
  private var line: [(DeviceIdentity, CheckedContinuation<Void, Never>)] = []
  /// The script that consented before a change, to be told after it.
  private var consenting: ScriptFile?
  private var hasWarned = false

  /// A type and the parent that offers it.
  private struct Served: Hashable {
    let parent: ParentName
    let type: TypeName
  }

  /// A script and what it serves.
  private struct Server: Sendable {
    let script: ScriptFile
    let capabilities: Capabilities
  }

  /// The scripts of the host at `root`; `notice` is told at once what they say and what goes wrong
  /// with them.
  package init(root: SystemRoot, notice: @escaping @Sendable (Warning) -> Void) {
    self.root = root
    caller = ScriptCaller(root: root, notice: notice)
  }

  // MARK: Changes

  /// Asks for consent to a change; until ``after(_:_:state:)`` no other change is asked for, since
  /// a script may hold a lock in between.
  package func before(_ action: CalloutAction, _ device: MediatedDevice) async throws {
    guard !(try inventory().callouts.isEmpty) else { return }
    await takeTurn(device.identity)
    let call = Call.aboutDefinition(.pre, action, device)
    if let untrusted = try inventory().callouts.first(where: { $0.fault != nil }) {
      throw CalloutError.untrusted(untrusted)
    }
    guard let (script, result) = try await answer(to: call) else { return }
    guard result.status == .exited(0) else { throw refusal(of: script, call, result) }
    caller.show(result, of: script)
    consenting = script
  }

  /// Tells of a change; what scripts make of it does not matter.
  package func after(
    _ action: CalloutAction, _ device: MediatedDevice, state: CalloutState
  ) async {
    do throws(CalloutError) {
      if state != .none, !(try inventory().callouts.isEmpty) {
        let call = Call.aboutDefinition(.post, action, device, state: state)
        if let (script, result) = try await answer(to: call) {
          caller.show(result, of: script)
        }
      }
    } catch {
      caller.notice(Warning("\(error)"))
    }
    if turn == device.identity { giveTurn() }
    await notify(action, device, state: state)
  }

  /// True if a script changes running devices of this one's type; without the consent of one that
  /// is not run, nobody may.
  package func supportsLive(_ device: MediatedDevice) async throws(CalloutError) -> Bool {
    try await liveServer(for: device) != nil
  }

  /// Has a script change the running device, which is to become `device`.
  package func changeLive(_ device: MediatedDevice) async throws {
    guard let script = try await liveServer(for: device) else { throw CalloutError.liveUnsupported }
    let call = Callouts.liveCall(device)
    let result = try await caller.run(script, call)
    guard result.status == .exited(0) else { throw refusal(of: script, call, result) }
    caller.show(result, of: script)
  }

  private func liveServer(for device: MediatedDevice) async throws(CalloutError) -> ScriptFile? {
    guard !(try inventory().callouts.isEmpty) else { return nil }
    if let untrusted = try inventory().callouts.first(where: { $0.fault != nil }) {
      throw .untrusted(untrusted)
    }
    guard let server = try await server(for: device),
      server.capabilities.include(Callouts.liveCall(device))
    else { return nil }
    return server.script
  }

  private static func liveCall(_ device: MediatedDevice) -> Call {
    Call.aboutDefinition(.live, .modify, device)
  }

  /// Runs all notifiers.
  package func notify(
    _ action: CalloutAction, _ device: MediatedDevice, state: CalloutState
  ) async {
    let call = Call(event: .notify, action: action, state: state, device: device)
    do throws(CalloutError) {
      for notifier in try inventory().notifiers where notifier.fault == nil {
        do throws(CalloutError) {
          caller.show(try await caller.run(notifier, call), of: notifier)
        } catch {
          caller.notice(Warning("\(error)"))
        }
      }
    } catch {
      caller.notice(Warning("\(error)"))
    }
  }

  private func takeTurn(_ identity: DeviceIdentity) async {
    guard turn != nil else {
      turn = identity
      return
    }
    await withCheckedContinuation { line.append((identity, $0)) }
  }

  private func giveTurn() {
    consenting = nil
    guard !line.isEmpty else {
      turn = nil
      return
    }
    let (next, continuation) = line.removeFirst()
    turn = next
    continuation.resume()
  }

  // MARK: Attributes

  /// True if this program is among the callouts of the host.
  package nonisolated var includeThisProgram: Bool {
    get throws(CalloutError) { try !inventory().builtIn.isEmpty }
  }

  /// True if there is anybody to ask.
  package nonisolated var isEmpty: Bool {
    get throws(CalloutError) { try inventory().callouts.isEmpty }
  }

  /// The attributes that a script reports of a running device; `nil` if no script knows it.
  package func attributes(
    of device: MediatedDevice
  ) async throws(CalloutError) -> [DeviceAttribute]? {
    let call = Call(event: .get, action: .attributes, device: device)
    try warnOfUntrusted()
    guard !(try inventory().callouts.isEmpty), let (script, result) = try await answer(to: call)
    else { return nil }
    guard result.status == .exited(0) else { throw refusal(of: script, call, result) }
    caller.show(result, of: script)
    do throws(JSONError) {
      return try [DeviceAttribute](answer: result.output)
    } catch {
      throw .answer(script: script.name, call: call.name, reason: error.description)
    }
  }

  /// Names the callouts that are not run, once.
  private func warnOfUntrusted() throws(CalloutError) {
    guard !hasWarned else { return }
    hasWarned = true
    for script in try inventory().callouts where script.fault != nil {
      caller.notice(Warning("\(CalloutError.notRun(script))"))
    }
  }

  // MARK: Finding the script

  /// The script that answers a call, and what it said; `nil` if none does.
  private func answer(to call: Call) async throws(CalloutError) -> (ScriptFile, ScriptResult)? {
    if let server = try await server(for: call.device) {
      guard server.capabilities.include(call) else { return nil }
      return try await answer(of: [server.script], to: call)
    }
    if call.event == .post, let consenting { return try await answer(of: [consenting], to: call) }
    return try await answer(of: inventory().callouts.filter { $0.fault == nil }, to: call)
  }

  /// What the first script says that does not end with status 2; one that a signal ends is passed
  /// over.
  private func answer(
    of scripts: [ScriptFile], to call: Call
  ) async throws(CalloutError) -> (ScriptFile, ScriptResult)? {
    for script in scripts {
      let result = try await caller.run(script, call)
      switch result.status {
      case .exited(2): continue
      case .exited: return (script, result)
      case .killed(let signal):
        caller.show(result, of: script)
        caller.notice(
          Warning(
            "passing over callout '\(script.name)' (\(call.name)): signal \(signal) ended it"))
      }
    }
    return nil
  }

  /// The script with capabilities for the device's type and parent; each is asked once.
  private func server(for device: MediatedDevice) async throws(CalloutError) -> Server? {
    let served = Served(parent: device.identity.parent, type: device.definition.type)
    if let search = servers[served] { return await search.value }
    let scripts = try inventory().callouts.filter { $0.fault == nil }
    guard let first = scripts.first else { return nil }
    do throws(HostError) {
      try requireThreads()
    } catch {
      throw .failed(script: first.name, call: "get-capabilities", error.cause)
    }
    let search = Task { [caller] in await Callouts.server(among: scripts, device, caller) }
    servers[served] = search
    return await search.value
  }

  private static func server(
    among scripts: [ScriptFile], _ device: MediatedDevice, _ caller: ScriptCaller
  ) async -> Server? {
    for script in scripts {
      if let capabilities = await caller.capabilities(of: script, device) {
        return Server(script: script, capabilities: capabilities)
      }
    }
    return nil
  }

  private func refusal(
    of script: ScriptFile, _ call: Call, _ result: ScriptResult
  ) -> CalloutError {
    let words = Warning(script: script.name, words: result.errors).description
    return switch result.status {
    case .exited(let status) where call.event == .get:
      .unable(script: script.name, call: call.name, status: status, words: words)
    case .exited(let status):
      .refused(script: script.name, call: call.name, status: status, words: words)
    case .killed(let signal):
      .failed(script: script.name, call: call.name, .killed(signal: signal))
    }
  }

  /// The scripts that there are; the directories are read once.
  package nonisolated func inventory() throws(CalloutError) -> ScriptInventory {
    try known.withLock { known throws(CalloutError) in
      if let known { return known }
      let inventory = try ScriptInventory(root: root)
      for script in inventory.notifiers {
        guard let fault = script.fault else { continue }
        caller.notice(Warning("ignoring notifier '\(script.path)': \(fault)"))
      }
      known = inventory
      return inventory
    }
  }
}

extension [DeviceAttribute] {
  /// Reads what a script says to `get attributes`; nothing at all means none, and so do the word
  /// `null` and an array of one empty object.
  init(answer: [UInt8]) throws(JSONError) {
    let answer = answer.withoutTrailingNULs
    // The parser takes no single word.
    guard !answer.isEmpty, answer.words != ["null"] else {
      self = []
      return
    }
    let json = try JSONValue(parsing: answer)
    self = json == .array([.object([])]) ? [] : try [DeviceAttribute](json: json)
  }
}

extension [UInt8] {
  /// The words of a text.
  fileprivate var words: [String] {
    split { $0 == 0x20 || (0x09...0x0d).contains($0) }.map { String(decoding: $0, as: UTF8.self) }
  }
}
