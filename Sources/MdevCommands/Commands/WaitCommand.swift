// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum WaitCommand {
  static let syntax = CommandSyntax(
    "wait", "Wait until a device or a parent is in a state.",
    discussion: """
      A device is named by its uuid, or of one that is there by its first digits: it is 'running' once it exists and its attributes are set, \
      'free' when no process has it open. A parent is named as 'list' shows it, or as BUS/DEVICE: \
      pci/0000:3b:00.0, css/dev:0.0.2b09 (the subchannel of that device); it is 'registered' when \
      it offers mediated devices.

      The command returns at once if it is so, and else as soon as the kernel tells; of 'free' it \
      does not tell, so that is looked for once a second. The status is 1 when the time is over.
      """,
    examples: ["mdevctl wait mtty --timeout 30"],
    options: [
      .value(
        "--state", takes: ValueSyntax("STATE", .choice(AwaitedStateName.allCases.map(\.rawValue))),
        help: "The state; by default running of a device, registered of a parent."),
      .value(
        "--timeout", takes: ValueSyntax("SECONDS", .number),
        help: "Wait at most this long, with 0 not at all (default: without end)."),
    ],
    operands: [
      OperandSyntax("DEVICE|PARENT", .anyDevice, help: "The device, or the parent.")
    ]
  ) { arguments throws(ArgumentError) in
    let subject = try arguments.requiredOperand("DEVICE|PARENT", AwaitedSubject.init(argument:))
    let name = try arguments.value("--state", AwaitedStateName.init(argument:))
    guard subject.hasState(name) else { throw arguments.mistake(subject.refusal) }
    let patience = try arguments.value("--timeout", wholeNumber).map { Duration.seconds(Int($0)) }
    return .waiting {
      let host = Host.operations()
      let state = try subject.state(name, findingIn: host.findDevices)
      try await host.waitForState.run(for: state, within: patience)
    }
  }
}

/// The states by the names that users have for them.
private enum AwaitedStateName: String, CaseIterable, Sendable {
  case running, stopped, free, defined, registered

  init(argument: String) throws(ValueError) {
    guard let state = AwaitedStateName(rawValue: argument) else {
      let names = AwaitedStateName.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValueError("'\(argument)' is no state (there are \(names))")
    }
    self = state
  }
}

/// Something whose state can be waited for.
private enum AwaitedSubject: Sendable {
  case device(UUIDBeginning)
  case parent(ParentReference)

  init(argument: String) throws(ValueError) {
    if let beginning = try? UUIDBeginning(argument) {
      self = .device(beginning)
    } else {
      self = .parent(try ParentReference(argument: argument))
    }
  }

  /// True if there is such a state of it; without a name it is the one that it is to be in as a rule.
  func hasState(_ name: AwaitedStateName?) -> Bool {
    switch self {
    case .device: name != .registered
    case .parent: name == nil || name == .registered
    }
  }

  /// The state of that name, of the one device that a beginning means.
  func state(
    _ name: AwaitedStateName?, findingIn devices: FindDevices
  ) throws -> AwaitedState {
    switch self {
    case .parent(let parent): return .registered(parent)
    case .device(let beginning):
      let uuid = try devices.run([beginning], among: .known)[0]
      return switch name {
      case .stopped: .stopped(uuid)
      case .free: .free(uuid)
      case .defined: .defined(uuid)
      case nil, .running, .registered: .running(uuid)
      }
    }
  }

  /// The words for a state that it can't be in.
  var refusal: String {
    switch self {
    case .device: "a device is running, stopped, free or defined, and only a parent is registered"
    case .parent: "a parent is registered; for the other states name a device, by its uuid"
    }
  }
}

extension ParentReference {
  fileprivate init(argument: String) throws(ValueError) {
    do {
      guard argument.utf8.contains(UInt8(ascii: "/")) else {
        self = .parent(try ParentName(argument))
        return
      }
      switch try DriverTarget(argument, on: .pci) {
      case .device(let device): self = .parent(ParentName(unchecked: device.name.name))
      case .subchannel(let device): self = .subchannel(of: device)
      case .queues: throw ValueError("a queue is no parent; that of all its devices is 'matrix'")
      }
    } catch {
      throw ValueError("\(error)")
    }
  }
}
