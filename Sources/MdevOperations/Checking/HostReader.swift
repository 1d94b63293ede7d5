// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevPlanning
import MdevRules
import MdevStore

/// Reads a host, or the part of it that a question is about.
struct HostReader: Sendable {
  let root: SystemRoot
  let store: DefinitionStore
  let overrides: OverrideStore
  let apRules: APRulesFile
  let cards: CardStore
  /// The notes of what was done to cards since the boot.
  let cardNotes: CardNotes
  let bus: MediatedDeviceBus
  /// The locks of single devices.
  let locks: DeviceLocks
  /// The notes of devices that are being made.
  let notes: StartNotes
  /// The notes of devices that run as they were defined before.
  let outdated: OutdatedNotes
  /// The listener who is told what changes survive, each thing once.
  let notice: @Sendable (Warning) -> Void

  /// A reader of the host at `root`; `notice` is told what changes survive.
  init(root: SystemRoot, notice: @escaping @Sendable (Warning) -> Void = { _ in }) {
    self.root = root
    store = DefinitionStore(root: root, notice: notice)
    overrides = OverrideStore(root: root, notice: notice)
    apRules = APRulesFile(root: root, notice: notice)
    cards = CardStore(root: root, notice: notice)
    cardNotes = CardNotes(root: root)
    locks = DeviceLocks(root: root)
    self.notice = notice
    notes = StartNotes(root: root)
    outdated = OutdatedNotes(root: root)
    bus = MediatedDeviceBus(root: root)
  }

  /// The masks of the next boot where no rule sets them.
  enum MaskFallback {
    /// Those with which the kernel begins.
    case kernelStart
    /// Those in force, as s390-tools' ap-check takes it.
    case active
  }

  // MARK: - Starts

  /// Reads everything that decides whether these devices can start now, and no more.
  ///
  /// When the queues can't be told it is a warning: whether a device gets them, the kernel decides.
  func snapshot(starting devices: [MediatedDevice]) throws -> Outcome<HostSnapshot> {
    var outcome = Outcome(HostSnapshot())
    try readParents(of: devices, into: &outcome)
    if devices.contains(where: \.definition.type.isVFIOAP) {
      try readQueues(wantedBy: devices, .kernelStart, into: &outcome)
    } else {
      let active = try bus.currentDevices(among: Set(devices.map(\.identity.uuid)))
      outcome.value.running = active.map { RunningDevice($0) }
    }
    outcome.value.unfinished = try unfinishedDevices(among: outcome.value.running)
    return outcome
  }

  /// Tells which of the running devices are not complete, and never will be.
  func unfinishedDevices(among running: [RunningDevice]) throws -> Set<DeviceUUID> {
    guard !running.isEmpty else { return [] }
    let left = try notes.all().filter { !$0.maker.isAlive }.map(\.device)
    guard !left.isEmpty else { return [] }
    return Set(left).intersection(running.map(\.device)).reduce(into: []) {
      $0.insert($1.identity.uuid)
    }
  }

  /// Reads everything that decides which of the devices start that a new definition of `device`
  /// has to do with, at the next boot.
  ///
  /// Those are the devices of its uuid, whatever their parents, and of its parent those who share
  /// its queues, or leave it no room.
  func snapshot(
    defining device: MediatedDevice, _ fallback: MaskFallback = .kernelStart
  ) throws -> Outcome<HostSnapshot> {
    let (uuid, parent) = (device.identity.uuid, device.identity.parent)
    let namesakes = try store.contents(of: [uuid]).definitions.map(\.device)
    guard !([device] + namesakes).contains(where: \.definition.type.isVFIOAP) else {
      let siblings = try store.contents(matching: DeviceFilter(parent: parent)).definitions
        .map(\.device).filter { $0.identity.uuid != uuid }
      let definitions =
        try areEntangled(siblings, of: parent)
        ? store.contents().definitions.map(\.device) : (namesakes + siblings).sorted()
      return try snapshot(defining: device, beside: definitions, fallback)
    }
    var outcome = try snapshot(defining: device, beside: namesakes, fallback)
    let rivals = try rivals(of: device, on: outcome.value)
    guard try !areEntangled(rivals, of: parent) else {
      let all = try store.contents().definitions.map(\.device)
      return try snapshot(defining: device, beside: all, fallback)
    }
    outcome.value.definitions = (namesakes + rivals).sorted()
    return outcome
  }

  private func snapshot(
    defining device: MediatedDevice, beside definitions: [MediatedDevice], _ fallback: MaskFallback
  ) throws -> Outcome<HostSnapshot> {
    var outcome = Outcome(HostSnapshot(definitions: definitions))
    let concerned = definitions + [device]
    let parents = Set(concerned.map(\.identity.parent))
    let types = try bus.rooms(of: parents)
    outcome.warnings += types.warnings
    for types in types.value { outcome.value.offers[types.parent] = types.types }
    if concerned.contains(where: \.definition.type.isVFIOAP) {
      try readQueues(wantedBy: concerned, fallback, into: &outcome)
    } else {
      // They tell how much room the parents have; whatever runs elsewhere costs nothing.
      outcome.value.running = try outcome.value.offers.keys.flatMap { try bus.devices(of: $0) }
        .map { RunningDevice($0) }
    }
    return outcome
  }

  /// Tells whether some devices that start on a parent are to start elsewhere, too: then whether
  /// they do here depends on what starts there, and so on.
  private func areEntangled(
    _ devices: [MediatedDevice], of parent: ParentName
  ) throws(StoreError) -> Bool {
    let uuids = devices.filter { $0.definition.start == .auto }.map(\.identity.uuid)
    guard !uuids.isEmpty else { return false }
    return try store.contents(of: Set(uuids), butNotOn: parent).definitions
      .contains { $0.device.definition.start == .auto }
  }

  /// Reads the other definitions of the device's parent that leave it no room there at the next
  /// boot; none if it has room beside all.
  private func rivals(
    of device: MediatedDevice, on host: HostSnapshot
  ) throws(StoreError) -> [MediatedDevice] {
    var contest = RoomContest(for: device, on: host)
    guard !contest.isDecided else { return [] }
    try store.forEachDefinition(of: device.identity.parent) { other in
      contest.add(other)
      return !contest.isDecided
    }
    return contest.hasRoom ? [] : contest.others
  }

  /// Forgets that a device is being made; where that can't be done, a warning tells what comes of
  /// it.
  func clearNote(of uuid: DeviceUUID) {
    do throws(StoreError) {
      try notes.clear(uuid)
    } catch {
      notice(Warning("the next start will make \(uuid) anew: \(error)"))
    }
  }

  /// Forgets that a device runs as it was defined before; where that can't be done, it is made anew by
  /// the next apply that starts devices.
  func clearOutdated(_ uuid: DeviceUUID) {
    do throws(StoreError) {
      try outdated.clear(uuid)
    } catch {
      notice(Warning("\(uuid) goes on to count as one that runs otherwise than defined: \(error)"))
    }
  }

  /// Reads the types of the devices' parents; of one device, its type alone.
  private func readParents(
    of devices: [MediatedDevice], into outcome: inout Outcome<HostSnapshot>
  ) throws {
    if devices.count == 1, let device = devices.first {
      try readParent(of: device, into: &outcome.value)
      // Of a subchannel that offers nothing the driver is the reason, as a rule.
      if outcome.value.offers.isEmpty, device.definition.type == .vfioCCW {
        outcome.value.subchannels = try channelSubsystem()?.subchannels(under: [])
      }
      return
    }
    let wanted = Set(devices.map(\.identity.parent))
    let types = try bus.rooms(of: wanted)
    outcome.warnings += types.warnings
    for types in types.value { outcome.value.offers[types.parent] = types.types }
    guard outcome.value.offers.count < wanted.count else { return }
    outcome.value.idleParents = Set(try bus.parents().value)
      .subtracting(outcome.value.offers.keys)
  }

  private func readParent(of device: MediatedDevice, into host: inout HostSnapshot) throws {
    let (parent, type) = (device.identity.parent, device.definition.type)
    switch try bus.state(of: type, on: parent) {
    case .noParent(let similar): host.idleParents = similar.map { [$0] } ?? []
    case .notRegistered: host.idleParents = [parent]
    case .noType: host.offers[parent] = []
    case .present(let instances):
      host.offers[parent] = [
        // Where the count can't be read, the kernel has to be asked.
        MediatedDeviceType(name: type, availableInstances: instances ?? 1)
      ]
    }
  }

  private func readQueues(
    wantedBy devices: [MediatedDevice], _ fallback: MaskFallback,
    into outcome: inout Outcome<HostSnapshot>
  ) throws {
    let active = try bus.activeDevices().value
    outcome.value.running = active.map { RunningDevice($0) }
    do {
      let running = try runningDevices(among: active)
      outcome.value.storedOverrides = try overrides.contents().drivers
      let ap = try apHost(
        stored: outcome.value.storedOverrides, wanted: HostReader.queuesWanted(by: devices),
        fallback)
      outcome.value.ap = ap.value
      outcome.value.running = running
      outcome.warnings += ap.warnings.map { .ignoredMasks($0) }
    } catch {
      outcome.warnings.append(Warning("conflicts between queues can't be foreseen: \(error)"))
    }
  }

  /// The channel subsystem; `nil` on a machine without one.
  func channelSubsystem() throws(DriverError) -> ChannelSubsystem? {
    do throws(DriverError) {
      return try ChannelSubsystem(root: root)
    } catch .noBus {
      return nil
    }
  }

  // MARK: - The AP bus

  /// The queues that the devices could take.
  static func queuesWanted(by devices: [MediatedDevice]) -> APQueueSet {
    APQueueSet(
      unionOf: devices.filter(\.definition.type.isVFIOAP).map(\.definition.reach))
  }

  /// Reads the AP bus; `nil` on a machine without one, and with the reason why the masks of the
  /// next boot are passed over where their rules make no sense.
  ///
  /// Overrides in force are those of queues that are `wanted`, or all.
  func apHost(
    stored: [BusDevice: DriverName], wanted: APQueueSet?, _ fallback: MaskFallback = .kernelStart
  ) throws -> (value: APHost?, warnings: [Cause]) {
    guard let ap = try apBus() else { return (nil, []) }
    let masks = try ap.masks()
    let base = fallback == .active ? masks : try ap.masksAtKernelStart()
    do {
      return (try ap.host(masks, atBoot: bootMasks(over: base), stored: stored, wanted: wanted), [])
    } catch let error as OperationError {
      return (try ap.host(masks, atBoot: base, stored: stored, wanted: wanted), [Cause(error)])
    }
  }

  /// The AP bus; `nil` on a machine without one.
  func apBus() throws(DriverError) -> APBus? {
    do throws(DriverError) {
      return try APBus(root: root)
    } catch .noAPBus {
      return nil
    }
  }

  /// Reads the rules of the masks at the next boot; `nil` if there are none.
  func maskRules(over masks: APMasks) throws -> APMaskRules? {
    guard let text = try apRules.read() else { return nil }
    do throws(APMaskError) {
      return try APMaskRules(text: text, over: masks)
    } catch {
      throw OperationError.drivers(.strangeRules(path: apRules.path, error))
    }
  }

  /// The masks of the next boot, where the kernel begins with `masks`.
  func bootMasks(over masks: APMasks) throws -> APMasks {
    try maskRules(over: masks)?.masks(over: masks) ?? masks
  }

  /// Tells whether the rules of the masks have udev load vfio_ap at boot.
  func loadsVFIOAPAtBoot() throws -> Bool {
    try apRules.read().map(APMaskRules.loadVFIOAP) ?? false
  }

  // MARK: - Running devices

  /// Reads which devices are defined, readably or not, or run.
  func knownDevices() throws -> Set<DeviceUUID> {
    let stored = try store.contents()
    return Set(stored.definitions.map(\.device.identity.uuid))
      .union(stored.unreadable.map(\.identity.uuid))
      .union(try bus.activeDevices().value.map(\.identity.uuid))
  }

  /// Reads the devices that run, sorted, those of vfio_ap with their queues.
  func runningDevices() throws -> [RunningDevice] {
    try runningDevices(among: bus.activeDevices().value)
  }

  private func runningDevices(among active: [ActiveDevice]) throws -> [RunningDevice] {
    try active.sorted { $0.identity < $1.identity }.map { device in
      device.type.isVFIOAP ? try runningDevice(withMatrixOf: device) : RunningDevice(device)
    }
  }

  private func runningDevice(withMatrixOf device: ActiveDevice) throws -> RunningDevice {
    let running = MatrixDevice(device.identity.uuid, root: root)
    do throws(DriverError) {
      let matrix = try running.matrix()
      // The kernel cuts a longer list at 4,095 bytes, and logs an error for each read of it.
      let isListedWhole = matrix.adapters.count * matrix.domains.count < 512
      return RunningDevice(
        device, matrix: matrix, guestMatrix: isListedWhole ? try running.guestMatrix() : nil)
    } catch {
      // One that went away meanwhile has nothing.
      guard case .host(let reason) = error, reason.meaning == .missing else { throw error }
      return RunningDevice(device)
    }
  }
}

extension [MediatedDevice] {
  /// The devices in the order of definitions.
  fileprivate func sorted() -> [MediatedDevice] { sorted { $0.identity < $1.identity } }
}
