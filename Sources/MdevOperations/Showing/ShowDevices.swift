// SPDX-License-Identifier: Apache-2.0

import MdevCallouts
import MdevDrivers
import MdevHost
package import MdevModel
import MdevPlanning
import MdevStore

/// The look at single devices, whatever kind they are.
package struct ShowDevices: Sendable {
  let reader: HostReader
  let find: FindDevices
  let attributes: RunningAttributes
  let failures: FailureRecord

  /// Shows the devices that a user names, in their order; a uuid that is defined under several
  /// parents is shown with each.
  package func run(_ names: [String]) async throws -> Outcome<[ShownDevice]> {
    var outcome = Outcome<[ShownDevice]>([])
    var look = HostLook(reader)
    for name in names {
      switch try named(name) {
      case .mediated(let uuid):
        for device in try await devices(uuid, &look) { outcome.value.append(.mediated(device)) }
      case .parent(let parent): outcome.value.append(.host(try device(of: parent, &look)))
      case .device(let device): outcome.value.append(.host(try self.device(device, &look)))
      }
    }
    outcome.warnings = look.warnings
    return outcome
  }

  // MARK: - Names

  private enum NamedDevice {
    case mediated(DeviceUUID)
    case parent(ParentName)
    case device(BusDevice)
  }

  /// The device that a name means: a parent, a uuid or the beginning of one, `BUS/DEVICE`, a PCI
  /// address, or the number of a subchannel or of the device behind it.
  private func named(_ name: String) throws -> NamedDevice {
    if name.contains("/") { return .device(try busDevice(name)) }
    if let parent = try? ParentName(name),
      try !reader.bus.registeredParents(among: [parent]).isEmpty
    {
      return .parent(parent)
    }
    if let beginning = try? UUIDBeginning(name) {
      return .mediated(try find.run([beginning], among: .known)[0])
    }
    if PCIAddress(text: name) != nil { return .device(try busDevice("pci/\(name)")) }
    for candidate in ["css/\(name)", "css/dev:\(name)"] {
      if let device = try? busDevice(candidate), try reader.state(of: device) != nil {
        return .device(device)
      }
    }
    throw OperationError.nothingCalled(name)
  }

  private func busDevice(_ name: String) throws -> BusDevice {
    switch try DriverTarget(name, on: .pci) {
    case .device(let device): return device
    case .subchannel(let device):
      return try ListSubchannels(root: reader.root).run(of: device).state.device
    case .queues(let selection): throw OperationError.queuesAreElsewhere(selection)
    }
  }

  // MARK: - Mediated devices

  private func devices(
    _ uuid: DeviceUUID, _ look: inout HostLook
  ) async throws -> [ShownMediatedDevice] {
    let found = try reader.store.contents(of: [uuid])
    try found.throwIfIncomplete()
    let active = try await reader.bus.activeDevice(uuid)
    let defined = found.definitions.map(\.device)
    var shown: [ShownMediatedDevice] = []
    for device in defined {
      let isRunning = active == ActiveDevice(device)
      shown.append(try await self.device(device, isDefined: true, isRunning: isRunning, &look))
    }
    if let active, !defined.contains(where: { ActiveDevice($0) == active }) {
      let device = MediatedDevice(
        identity: active.identity,
        definition: DeviceDefinition(type: active.type, start: .manual))
      shown.append(try await self.device(device, isDefined: false, isRunning: true, &look))
    }
    guard !shown.isEmpty else { throw reader.unknown(uuid) }
    return shown.sorted { $0.identity < $1.identity }
  }

  private func device(
    _ device: MediatedDevice, isDefined: Bool, isRunning: Bool, _ look: inout HostLook
  ) async throws -> ShownMediatedDevice {
    let (identity, definition) = (device.identity, device.definition)
    let path = reader.bus.directory(of: identity.uuid)
    let nodes = isRunning ? try vfioNodes(ofDeviceAt: path, root: reader.root) : []
    let users = isRunning ? try DeviceClaim.holders(ofDevicesAt: [path], root: reader.root)[0] : []
    var known = definition.attributes
    if !isDefined { known = try await attributes.attributes(of: device) ?? [] }
    return ShownMediatedDevice(
      identity: identity, type: definition.type,
      offer: try offer(of: definition.type, on: identity.parent),
      parent: try facts(of: identity.parent), start: isDefined ? definition.start : nil,
      isRunning: isRunning,
      since: try nodes.first.flatMap { node in
        try FileTime(at: reader.root.path(node.path))?.text
      },
      attributes: known, users: users, nodes: nodes,
      boot: isDefined && definition.start == .auto ? look.boot(of: device) : nil,
      lastFailure: try failures.failure(of: .device(identity)).map { DeviceStatus.Failure($0) })
  }

  private func offer(
    of type: TypeName, on parent: ParentName
  ) throws(HostError) -> MediatedDeviceType? {
    do throws(HostError) {
      return try reader.bus.type(type, of: parent)
    } catch let error where error.meaning == .missing {
      return nil
    }
  }

  // MARK: - Devices of the host

  /// The buses on which parents are that can be given another driver.
  private static let busesOfParents: [BusName] = [.pci, .css]

  private func facts(of parent: ParentName) throws -> ParentFacts {
    for bus in ShowDevices.busesOfParents {
      let device = BusDevice(bus: bus, name: BusDeviceName(unchecked: parent.name))
      if let state = try reader.state(of: device) { return try facts(of: state) }
    }
    return ParentFacts(
      name: parent, device: nil, driver: try reader.bus.driver(of: parent), stored: nil,
      channelDevice: nil)
  }

  private func facts(of state: DriverState) throws -> ParentFacts {
    let device = state.device
    let subchannel =
      device.bus == .css
      ? try reader.channelSubsystem()?.subchannels(under: [], named: [device.name]).first : nil
    return ParentFacts(
      name: ParentName(unchecked: device.name.name), device: device, driver: state.driver?.name,
      stored: try reader.overrides.driver(for: device), channelDevice: subchannel?.device)
  }

  private func device(
    _ device: BusDevice, _ look: inout HostLook
  ) throws -> ShownHostDevice {
    // The error of a device that is not there.
    let bus = try DriverBus(device.bus, root: reader.root)
    let state = try bus.state(of: device.name)
    let path = bus.path(of: device.name)
    return try shown(
      facts(of: state), override: state.overrideDriver,
      model: modelOfDevice(at: path), at: path,
      group: device.bus == .pci ? IOMMUGroup.holding(device.name, on: bus) : nil,
      vgpu: device.bus == .pci ? function(device, &look) : nil, &look)
  }

  private func device(of parent: ParentName, _ look: inout HostLook) throws -> ShownHostDevice {
    let facts = try facts(of: parent)
    if let device = facts.device { return try self.device(device, &look) }
    return try shown(facts, override: nil, model: nil, at: nil, group: nil, vgpu: nil, &look)
  }

  private func shown(
    _ facts: ParentFacts, override: DriverName?, model: String?, at path: String?,
    group: IOMMUGroup?, vgpu: FunctionFacts?, _ look: inout HostLook
  ) throws -> ShownHostDevice {
    let types = reader.bus.types(among: Outcome([facts.name]), of: facts.name)
    let filter = DeviceFilter(parent: facts.name)
    let stored = try reader.store.contents(matching: filter)
    look.warnings += types.warnings + stored.allWarnings
    let defined = stored.definitions.map(\.device)
    let running = try reader.bus.devices(of: facts.name)
    let known = Set(defined.map { KnownDevice($0) } + running.map { KnownDevice($0) })
    return ShownHostDevice(
      facts: facts, model: model, override: override, group: group, vgpu: vgpu,
      types: types.value.first?.types ?? [],
      devices: known.sorted { $0.identity < $1.identity },
      users: try path.map { try DeviceClaim.holders(ofDevicesAt: [$0], root: reader.root)[0] }
        ?? [],
      nodes: try path.map { try vfioNodes(ofDeviceAt: $0, root: reader.root) } ?? [])
  }

  private func function(
    _ device: BusDevice, _ look: inout HostLook
  ) throws -> FunctionFacts? {
    guard let address = PCIAddress(text: device.name.name),
      let card = try SRIOVCard.card(ofFunction: address, root: reader.root),
      let state = try look.card(card), let function = state.function(address)
    else { return nil }
    let stored = try reader.cards.settings(of: card)
    return FunctionFacts(
      card: card, number: function.number, type: state.type(of: function, knowing: stored),
      stored: stored?.types[address], isNVIDIA: state.isNVIDIA)
  }
}

/// What the hardware database calls a device.
private func modelOfDevice(at path: String) throws(HostError) -> String? {
  let modalias = try SysfsAttribute("\(path)/modalias").readIfPresent()
  return modalias.flatMap { HardwareDatabase()?.names(of: $0).model }
}

/// What was read of a host for one device and is the same for the next.
private struct HostLook {
  private let reader: HostReader
  private var plan: [DeviceIdentity: StartVerdict]?
  private var cards: [PCIAddress: SRIOVCard?] = [:]
  var warnings: [Warning] = []

  init(_ reader: HostReader) {
    self.reader = reader
  }

  /// What the next boot does with a device that it starts.
  mutating func boot(of device: MediatedDevice) -> StartVerdict? {
    if plan == nil {
      let (host, _) = reader.snapshot(.starts)
      plan = Dictionary(
        StartPlan(host, at: .boot).devices.map { ($0.device.identity, $0.verdict) },
        uniquingKeysWith: { first, _ in first })
    }
    return plan?[device.identity]
  }

  mutating func card(_ address: PCIAddress) throws(DriverError) -> SRIOVCard? {
    if let known = cards[address] { return known }
    let card = try SRIOVCard(address, root: reader.root)
    cards[address] = card
    return card
  }
}

extension KnownDevice {
  fileprivate init(_ device: MediatedDevice) {
    self.init(identity: device.identity, type: device.definition.type)
  }

  fileprivate init(_ device: ActiveDevice) {
    self.init(identity: device.identity, type: device.type)
  }
}
