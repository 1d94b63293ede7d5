// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel
import MdevOperations
import MdevPlanning

extension Output {
  static func text(of devices: [ShownDevice]) -> String {
    devices.map { device in
      let (name, facts) =
        switch device {
        case .mediated(let device): ("\(device.identity.uuid)", facts(of: device))
        case .host(let device): (device.name, facts(of: device))
        }
      let width = facts.map(\.label.utf8.count).max() ?? 0
      return "\(name.shown)\n"
        + facts.map { label, text in
          let blanks = String(repeating: " ", count: width - label.utf8.count)
          return "  \(label)\(blanks)  \(text.shown)\n"
        }.joined()
    }.joined(separator: "\n")
  }

  /// What there is to say, each with a word for it.
  private typealias Facts = [(label: String, text: String)]

  private static func facts(of device: ShownMediatedDevice) -> Facts {
    let api = device.deviceAPI.map { " (device API \($0))" } ?? ""
    let name = device.offer?.displayName.map { ", \($0)" } ?? ""
    var facts: Facts = [
      ("parent", words(for: device.parent)), ("type", "\(device.type)\(name)\(api)"),
      ("start", words(forStartOf: device)),
    ]
    facts += device.attributes.map { ("attr", "\($0.name)=\($0.value)") }
    facts += device.users.map { ("used by", $0.words) }
    facts += device.nodes.map { ("node", words(for: $0)) }
    if let boot = device.boot {
      facts.append(("at boot", boot.words(for: device.started, at: .boot)))
    }
    if let failure = device.lastFailure {
      facts.append(("failed", "at \(failure.time): \(failure.reason)"))
    }
    return facts
  }

  private static func words(for parent: ParentFacts) -> String {
    let details = [
      parent.channelDevice.map { "subchannel of \($0)" },
      parent.driver.map { "driver \($0)" },
      parent.stored.map { parent.driver == $0.name ? "stored" : "\($0) is stored" },
    ]
    .compactMap { $0 }
    return "\(parent.name)" + (details.isEmpty ? "" : " (\(details.joined(separator: ", ")))")
  }

  private static func words(forStartOf device: ShownMediatedDevice) -> String {
    let policy = device.start?.rawValue ?? "not defined"
    guard device.isRunning else { return "\(policy); does not run" }
    return "\(policy); running" + (device.since.map { " since \($0)" } ?? "")
  }

  private static func words(for node: DeviceNode) -> String {
    let mode = String(node.mode, radix: 8)
    let zeros = String(repeating: "0", count: max(0, 4 - mode.utf8.count))
    return "\(node.path), owner \(node.owner), group \(node.group), mode \(zeros)\(mode)"
  }

  private static func facts(of device: ShownHostDevice) -> Facts {
    var facts: Facts = []
    if let model = device.model { facts.append(("model", model)) }
    if let channel = device.facts.channelDevice { facts.append(("device", channel.name)) }
    facts.append(("driver", driverWords(for: device)))
    if let vgpu = device.vgpu {
      facts.append(("card", "\(vgpu.card), function \(vgpu.number)"))
      if vgpu.isNVIDIA || vgpu.stored != nil { facts.append(("vgpu", words(for: vgpu))) }
    }
    if let group = device.group {
      let others = group.members.filter { $0.device != device.facts.device }
        .map { "\($0.device.name) (\($0.driver?.name ?? "no driver"))" }
      let alone = others.isEmpty ? "" : ", with \(others.joined(separator: ", "))"
      facts.append(("group", "\(group.number)\(alone)"))
    }
    facts += device.types.map { type in
      let name = type.displayName.map { ", \($0)" } ?? ""
      return ("type", "\(type.name)\(name), \(type.availableInstances) available")
    }
    facts += device.devices.map { ("mdev", "\($0.identity.uuid) \($0.type)") }
    facts += device.users.map { ("used by", $0.words) }
    facts += device.nodes.map { ("node", words(for: $0)) }
    return facts
  }

  private static func driverWords(for device: ShownHostDevice) -> String {
    let driver = device.facts.driver
    var words = driver ?? "(none)"
    if let override = device.override {
      words += override.name == driver ? ", by driver_override" : ", driver_override \(override)"
    }
    if let stored = device.facts.stored {
      words += stored.name == driver ? ", stored" : ", \(stored) is stored"
    }
    return words
  }

  private static func words(for vgpu: FunctionFacts) -> String {
    let type = vgpu.type?.label ?? "(none)"
    guard let stored = vgpu.stored else { return type }
    return type + (stored.id == vgpu.type?.id ? ", stored" : ", \(stored.label) is stored")
  }
}

extension ShownMediatedDevice {
  /// The device as a boot starts it.
  fileprivate var started: MediatedDevice {
    MediatedDevice(
      identity: identity, definition: DeviceDefinition(type: type, start: .auto))
  }
}

// MARK: - JSON

extension Output {
  static func json(of devices: [ShownDevice]) -> JSONValue {
    .array(
      devices.map { device in
        switch device {
        case .mediated(let device): json(of: device)
        case .host(let device): json(of: device)
        }
      })
  }

  private static func json(of device: ShownMediatedDevice) -> JSONValue {
    var members =
      identity(device.identity) + facts(device.parent) + [
        JSONValue.Member("mdev_type", .string(device.type.name)),
        JSONValue.Member("name", string(device.offer?.displayName)),
        JSONValue.Member("device_api", string(device.deviceAPI)),
        JSONValue.Member("start", string(device.start?.rawValue)),
        JSONValue.Member("state", .string(device.isRunning ? "running" : "stopped")),
        JSONValue.Member("since", string(device.since)),
        JSONValue.Member("attrs", device.attributes.json),
      ]
    members += users(device.users, device.nodes)
    members.append(
      JSONValue.Member("boot", device.boot.map { json(of: $0, of: device) } ?? .null))
    if let failure = device.lastFailure {
      members.append(JSONValue.Member("reason", .string(failure.reason)))
      members.append(JSONValue.Member("time", .string(failure.time)))
    }
    return .object(members)
  }

  private static func json(
    of boot: StartVerdict, of device: ShownMediatedDevice
  ) -> JSONValue {
    let reasons = boot.reasons(for: device.started, at: .boot).joined(separator: "; ")
    return .object([
      JSONValue.Member("state", .string(boot.word)),
      JSONValue.Member("reason", reasons.isEmpty ? .null : .string(reasons)),
    ])
  }

  /// What is known of a device beside a mediated one.
  private static func facts(_ device: ParentFacts) -> [JSONValue.Member] {
    [
      JSONValue.Member("device", string(device.device.map { "\($0)" })),
      JSONValue.Member("driver", string(device.driver)),
      JSONValue.Member("stored", string(device.stored?.name)),
      JSONValue.Member("channel_device", string(device.channelDevice.map { "css/dev:\($0)" })),
    ]
  }

  private static func json(of device: ShownHostDevice) -> JSONValue {
    var members =
      [JSONValue.Member("parent", device.types.isEmpty ? .null : .string(device.facts.name.name))]
      + facts(device.facts) + [
        JSONValue.Member("override", string(device.override?.name)),
        JSONValue.Member("model", string(device.model)),
        JSONValue.Member("iommu_group", integer(device.group?.number)),
        JSONValue.Member(
          "members", .array((device.group?.members ?? []).map { .string("\($0.device)") })),
        JSONValue.Member(
          "types",
          .array(
            device.types.map { type in
              .object([
                JSONValue.Member("mdev_type", .string(type.name.name)),
                JSONValue.Member("name", string(type.displayName)),
                JSONValue.Member("device_api", .string(type.deviceAPI)),
                JSONValue.Member("available_instances", .integer(type.availableInstances)),
              ])
            })),
        JSONValue.Member("mdevs", .array(device.devices.map { .string("\($0.identity.uuid)") })),
      ]
    if let vgpu = device.vgpu {
      members += [
        JSONValue.Member("card", .string("\(vgpu.card)")),
        JSONValue.Member("function_number", .integer(vgpu.number)),
        JSONValue.Member("type", vgpu.type?.json ?? .null),
        JSONValue.Member("stored_type", vgpu.stored?.json ?? .null),
      ]
    }
    return .object(members + users(device.users, device.nodes))
  }

  /// Those who use a device, and the nodes by which they do.
  private static func users(
    _ users: [DeviceUser], _ nodes: [DeviceNode]
  ) -> [JSONValue.Member] {
    [
      JSONValue.Member("users", users.json),
      JSONValue.Member(
        "nodes",
        .array(
          nodes.map { node in
            .object([
              JSONValue.Member("path", .string(node.path)),
              JSONValue.Member("owner", .string(node.owner)),
              JSONValue.Member("group", .string(node.group)),
              JSONValue.Member("mode", .string(String(node.mode, radix: 8))),
            ])
          })),
    ]
  }
}
