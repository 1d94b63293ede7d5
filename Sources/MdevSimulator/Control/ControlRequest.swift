// SPDX-License-Identifier: Apache-2.0

/// A request of `mdevsim ctl` or `mdevsim log` to a running host.
package enum ControlRequest: Equatable, Sendable {
  /// Each creation takes so many milliseconds.
  case latency(Int)
  /// The next write to a path fails, or the next read of it.
  case fail(path: String, error: KernelError, FileAccess = .writing)
  case hold(String)
  case release(String)
  case held
  case unregister(String)
  case register(String)
  case offline(String)
  case online(String)
  case load(String)
  case unload(String)
  case log
  /// A card with SR-IOV misbehaves, or does so no more.
  case fault(CardFault, card: String, number: Int?)
  /// The host boots again, with another command line if one is given: `ap.apmask=0xff`.
  case reboot(commandLine: String?)

  /// The latencies that make sense, in milliseconds: up to some hours.
  package static let latencies = 0...0xff_ffff

  /// The words that go through the socket.
  var words: [String] {
    switch self {
    case .latency(let milliseconds): ["latency", String(milliseconds)]
    case .fail(let path, let error, .writing): ["fail", path, "\(error)"]
    case .fail(let path, let error, .reading): ["fail", path, "\(error)", "read"]
    case .hold(let name): ["hold", name]
    case .release(let name): ["release", name]
    case .held: ["held"]
    case .unregister(let name): ["unregister", name]
    case .register(let name): ["register", name]
    case .offline(let card): ["offline", card]
    case .online(let card): ["online", card]
    case .load(let module): ["load", module]
    case .unload(let module): ["unload", module]
    case .log: ["log"]
    case .fault(let fault, let card, let number):
      ["sriov", card, fault.rawValue] + (number.map { [String($0)] } ?? [])
    case .reboot(let commandLine): ["reboot"] + (commandLine.map { [$0] } ?? [])
    }
  }

  /// Reads the words; `nil` when they are no request.
  init?(words: [String]) {
    switch (words.first, words.count) {
    case ("latency", 2):
      guard let milliseconds = Int(words[1]), ControlRequest.latencies.contains(milliseconds) else {
        return nil
      }
      self = .latency(milliseconds)
    case ("fail", 3...4):
      guard let error = KernelError(name: words[2]), words.count == 3 || words[3] == "read" else {
        return nil
      }
      self = .fail(path: words[1], error: error, words.count == 3 ? .writing : .reading)
    case ("sriov", 3...4):
      let number = words.count == 4 ? Int(words[3]) : nil
      guard let fault = CardFault(rawValue: words[2]), fault.takes(number),
        words.count == 3 || number != nil
      else { return nil }
      self = .fault(fault, card: words[1], number: number)
    case ("held", 1): self = .held
    case ("log", 1): self = .log
    case ("reboot", 1): self = .reboot(commandLine: nil)
    case ("reboot", 2): self = .reboot(commandLine: words[1])
    case (let verb?, 2):
      guard let request = ControlRequest(verb: verb, name: words[1]) else { return nil }
      self = request
    default: return nil
    }
  }

  private init?(verb: String, name: String) {
    switch verb {
    case "hold": self = .hold(name)
    case "release": self = .release(name)
    case "unregister": self = .unregister(name)
    case "register": self = .register(name)
    case "offline": self = .offline(name)
    case "online": self = .online(name)
    case "load": self = .load(name)
    case "unload": self = .unload(name)
    default: return nil
    }
  }
}

extension APCommandLine {
  /// Reads a kernel's command line, of which only the masks count; the last of each.
  init(text: String) {
    self.init()
    for word in text.split(separator: " ") {
      guard let mark = word.firstIndex(of: "=") else { continue }
      let value = String(word[word.index(after: mark)...])
      switch word[..<mark] {
      case "ap.apmask": adapterMask = value
      case "ap.aqmask": domainMask = value
      default: continue
      }
    }
  }
}

extension SimulatedKernel {
  /// Does what was asked for and returns what there is to print; at a boot, udev acts by `rules`.
  package mutating func carryOut(
    _ request: ControlRequest, rules: () -> UdevRules = { UdevRules() }
  ) throws(KernelError) -> String {
    switch request {
    case .latency(let milliseconds): setCreateLatency(.milliseconds(milliseconds))
    case .fail(let path, let error, let access): fail(path, with: error, at: access)
    case .fault(let fault, let card, let number): try setFault(fault, number, of: card)
    case .hold(let name): try hold(name)
    case .release(let name): try release(name)
    case .held: return held.map { $0 + "\n" }.joined()
    case .unregister(let name): try unregister(name)
    case .register(let name): try register(name)
    case .offline(let card): try takeOffline(card)
    case .online(let card): try bringOnline(card)
    case .load(let module): try loadModule(module)
    case .unload(let module): try unloadModule(module)
    case .log: return journal.entries.map { "\($0)\n" }.joined()
    case .reboot(let commandLine):
      reboot(commandLine: commandLine.map(APCommandLine.init(text:)), rules: rules())
    }
    return ""
  }
}
