// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevPlanning
import MdevStore

/// The scope of a comparison, and of an apply.
package struct ApplyOptions: Hashable, Sendable {
  /// True if what is in force is brought to what is stored, and `auto` devices are started.
  package var starts = false
  /// True if what the owner had applied, and is not in the file any more, is removed.
  package var prunes = false
  /// True if the owner takes over what was made by hand, or is another owner's.
  package var adopts = false

  package init() {}
}

/// The comparison of a host with a file: the one place that says what is to be done.
package struct CompareHost: Sendable {
  let reader: HostReader
  let owners: OwnerStore

  /// What an apply of the file at `path` would do with these options; `-` is the standard input.
  ///
  /// Of the host that is read which the file, or what its owner applied last, is about.
  package func run(file path: String, _ options: ApplyOptions) throws -> HostDifferences {
    try comparison(with: HostDescription(path: path, root: reader.root), options).differences
  }

  /// The comparison with a file that has been read.
  func comparison(
    with description: HostDescription, _ options: ApplyOptions
  ) throws -> HostComparison {
    let owned = try owners.all()
    let target = try HostTarget(description.file, on: reader)
    var comparison = HostComparison(
      description: description, target: target, owned: owned, options: options)
    try compareDevices(&comparison)
    let running = try options.starts ? running(of: comparison) : [:]
    comparison.stop(running.keys.sorted())
    try compareDrivers(&comparison)
    try compareMasks(&comparison)
    try compareCards(&comparison)
    if options.starts { try compareStarts(&comparison, running) }
    comparison.nameFaults()
    return comparison
  }

  // MARK: - Definitions

  private func compareDevices(_ comparison: inout HostComparison) throws {
    let target = comparison.target
    let uuids = Set(
      target.devices.map(\.device.identity.uuid) + comparison.mine.devices.keys.map(\.uuid))
    guard !uuids.isEmpty else { return }
    let contents = try reader.store.contents(matching: DeviceFilter(uuids: uuids, parents: nil))
    try contents.throwIfIncomplete()
    comparison.stored = Dictionary(
      contents.definitions.map { ($0.device.identity, $0) }, uniquingKeysWith: { first, _ in first }
    )
    var types = TypeMemory(lookup: TypeLookup(bus: reader.bus))
    for (index, device) in target.devices.enumerated() {
      var (device, place) = (device.device, device.place)
      let identity = device.identity
      let old = comparison.stored[identity]?.device.definition
      do {
        try reader.store.refuseReserved(identity.parent)
        if device.definition.type != old?.type {
          device.definition.type = try types.type(device.definition.type, on: identity.parent)
        }
      } catch {
        comparison.add(.other(Cause(error)), at: place)
        continue
      }
      // Where the file gives no name, as one that was exported, it stays what it was.
      var tag = target.devices[index].tag
      tag.label = tag.label ?? comparison.mine.devices[identity]?.label
      comparison.differences.tags[identity] = tag
      comparison.wanted.append(device)
      let change: HostChange? =
        switch old {
        case nil: .define(device)
        case device.definition: nil
        case let old?: .modify(device, from: old)
        }
      comparison.settle(.device(identity), by: change, isThere: old != nil, at: place)
    }
    let wanted = Set(target.devices.map(\.device.identity))
    let moved = Set(target.devices.map(\.device.identity.uuid))
    // One that moves is there before it goes, so that it is lost nowhere on the way.
    let gone = comparison.mine.devices.filter { !wanted.contains($0.key) }
    for (identity, tag) in gone.sorted(by: { $0.key < $1.key }) {
      comparison.differences.tags[identity] = tag
      comparison.remove(
        .device(identity), by: comparison.stored[identity].map { .undefine($0.device) },
        isMoved: moved.contains(identity.uuid))
    }
  }

  // MARK: - Drivers

  private func compareDrivers(_ comparison: inout HostComparison) throws {
    let target = comparison.target
    let gone = comparison.mine.drivers.subtracting(target.drivenDevices).sorted()
    for device in gone {
      guard let driver = try reader.overrides.driver(for: device) else { continue }
      comparison.remove(.driver(device), by: .unsetDriver(device, from: driver))
    }
    for (device, driver, place) in target.drivers {
      let stored = try reader.overrides.driver(for: device)
      var change: HostChange?
      if stored != driver {
        change = .setDriver(device, driver, from: stored)
      } else if comparison.bringsIntoForce, let state = try reader.state(of: device) {
        if state.driver != driver.ofDevice {
          change = .loadDriver(device, driver, from: state.driver)
        }
      }
      comparison.settle(.driver(device), by: change, isThere: stored != nil, at: place)
    }
  }

  // MARK: - Masks

  private func compareMasks(_ comparison: inout HostComparison) throws {
    let target = comparison.target.masks
    let gone = comparison.mine.masks.subtracting(target.keys)
    guard !target.isEmpty || !gone.isEmpty else { return }
    guard let ap = try reader.apBus() else {
      if !target.isEmpty { comparison.add(.noAPBus, at: .masks) }
      return
    }
    let rules = try reader.maskRules(over: ap.masksAtKernelStart())
    let stored = APMaskName.allCases.reduce(into: [APMaskName: APMask]()) { stored, name in
      stored[name] = rules?[name]
    }
    let removed = stored.filter { gone.contains($0.key) }
    for name in removed.keys.sorted() {
      comparison.remove(.mask(name), by: .unsetMasks(removed.filter { $0.key == name }))
    }
    let inForce = try comparison.bringsIntoForce ? ap.masks() : nil
    var (set, loaded): ([APMaskName: APMask], [APMaskName: APMask]) = ([:], [:])
    for (name, mask) in target.sorted(by: { $0.key < $1.key }) {
      let isStored = stored[name] == mask
      let isInForce = inForce.map { $0[name] == mask } ?? true
      if !isStored { set[name] = mask } else if !isInForce { loaded[name] = mask }
      // The masks are changed together, so that no queue is on the way between two sides.
      let change: HostChange? = isStored && isInForce ? nil : .own(.mask(name))
      if comparison.settle(
        .mask(name), by: change, isThere: stored[name] != nil, at: .masks, isAdded: false) == false
      {
        (set[name], loaded[name]) = (nil, nil)
      }
    }
    if !set.isEmpty {
      comparison.differences.changes.append(
        .setMasks(set.merging(loaded) { $1 }, from: stored.filter { set[$0.key] != nil }))
    } else if let inForce, !loaded.isEmpty {
      let from = loaded.keys.map { ($0, inForce[$0]) }
      comparison.differences.changes.append(
        .loadMasks(loaded, from: Dictionary(uniqueKeysWithValues: from)))
    }
  }

  // MARK: - Cards

  private func compareCards(_ comparison: inout HostComparison) throws {
    let target = comparison.target.cards
    for card in comparison.mine.cards.subtracting(target.map(\.address)).sorted() {
      guard let stored = try reader.cards.settings(of: card) else { continue }
      comparison.remove(.card(card), by: .unsetCard(card, from: stored))
    }
    for wanted in target {
      let place = HostFile.Place.card(wanted.name)
      let stored = try reader.cards.settings(of: wanted.address)
      let needsCard = comparison.bringsIntoForce || wanted.types?.isEmpty == false
      let card = try needsCard ? SRIOVCard(wanted.address, root: reader.root) : nil
      var change: HostChange?
      let settings = stored ?? CardSettings()
      if wanted.isStored(as: settings, on: card) {
        if comparison.bringsIntoForce, card?.isAsStored(settings) == false {
          change = .restoreCard(wanted.address)
        }
      } else {
        change = .setCard(wanted, from: stored)
      }
      comparison.settle(.card(wanted.address), by: change, isThere: stored != nil, at: place)
    }
  }

  // MARK: - Running devices

  /// The devices that run of those that the file or its owner knows.
  private func running(of comparison: HostComparison) throws -> [DeviceIdentity: ActiveDevice] {
    let uuids = Set(comparison.differences.tags.keys.map(\.uuid))
    guard !uuids.isEmpty else { return [:] }
    let active = try reader.bus.activeDevices(matching: DeviceFilter(uuids: uuids, parents: nil))
    return Dictionary(active.value.map { ($0.identity, $0) }, uniquingKeysWith: { $1 })
  }

  private func compareStarts(
    _ comparison: inout HostComparison, _ running: [DeviceIdentity: ActiveDevice]
  ) throws {
    let noted = try reader.outdated.all()
    let modified = Set(
      comparison.differences.changes.compactMap { change -> DeviceIdentity? in
        if case .modify(let device, _) = change { device.identity } else { nil }
      })
    for device in comparison.wanted where comparison.isOurs(.device(device.identity)) {
      let identity = device.identity
      guard let active = running[identity] else {
        if device.definition.start == .auto {
          comparison.differences.changes.append(.start(device))
        }
        continue
      }
      if try modified.contains(identity) || noted.contains(identity.uuid)
        || runs(active, unlike: device)
      {
        comparison.differences.changes.append(.renew(device))
      }
    }
  }

  /// Tells whether a device can be seen to run otherwise than it is defined.
  private func runs(_ active: ActiveDevice, unlike device: MediatedDevice) throws -> Bool {
    guard active.type == device.definition.type else { return true }
    guard active.type.isVFIOAP else { return false }
    return try MatrixDevice(device.identity.uuid, root: reader.root).matrix()
      != device.definition.matrix
  }
}

/// The types that were looked up, each once.
private struct TypeMemory {
  private struct Question: Hashable {
    let type: TypeName
    let parent: ParentName
  }

  let lookup: TypeLookup
  private var known: [Question: TypeName] = [:]

  init(lookup: TypeLookup) {
    self.lookup = lookup
  }

  mutating func type(_ wanted: TypeName, on parent: ParentName) throws -> TypeName {
    let question = Question(type: wanted, parent: parent)
    if let type = known[question] { return type }
    let type = try lookup.type(wanted, on: parent, unknown: .passes)
    known[question] = type
    return type
  }
}

/// A comparison under way, and what is needed to act on it.
struct HostComparison {
  let description: HostDescription
  let target: HostTarget
  let options: ApplyOptions
  /// What the owner applied last.
  let mine: OwnedParts
  private let others: [HostPiece: GivenName]
  var differences: HostDifferences
  /// The devices of the file, by the types of this host.
  var wanted: [MediatedDevice] = []
  /// The definitions that are there, of the devices that this is about.
  var stored: [DeviceIdentity: StoredDefinition] = [:]
  /// The devices that are to go.
  private(set) var removed: Set<DeviceIdentity> = []
  private var ours: Set<HostPiece> = []
  private var faults: [(place: HostFile.Place?, reason: HostFault.Reason)] = []

  init(
    description: HostDescription, target: HostTarget, owned: [OwnedParts], options: ApplyOptions
  ) {
    self.description = description
    self.target = target
    self.options = options
    mine = owned.first { $0.owner == target.owner } ?? OwnedParts(owner: target.owner)
    others = owned.filter { $0.owner != target.owner }.reduce(into: [:]) { others, parts in
      for piece in parts.pieces { others[piece] = parts.owner }
    }
    differences = HostDifferences(owner: target.owner)
    for fault in target.faults { add(fault.reason, at: fault.place) }
  }

  /// True if what is stored already is brought into force as well: asked for, or begun by an apply that
  /// was interrupted.
  var bringsIntoForce: Bool { options.starts || mine.isUnfinished }

  /// True if the owner looks after a part when this has been applied.
  func isOurs(_ piece: HostPiece) -> Bool { ours.contains(piece) }

  mutating func add(_ reason: HostFault.Reason, at place: HostFile.Place) {
    faults.append((place, reason))
  }

  /// Says of all faults where they stand in the file.
  mutating func nameFaults() {
    differences.faults = named(faults)
  }

  /// Faults of parts of the host, with where they stand in the file.
  func faults(_ found: [(piece: HostPiece, reason: HostFault.Reason)]) -> [HostFault] {
    guard !found.isEmpty else { return [] }
    var places: [HostPiece: HostFile.Place] = [:]
    for device in target.devices { places[.device(device.device.identity)] = device.place }
    for driver in target.drivers { places[.driver(driver.device)] = driver.place }
    for name in target.masks.keys { places[.mask(name)] = .masks }
    for card in target.cards { places[.card(card.address)] = .card(card.name) }
    return named(found.map { (places[$0.piece], $0.reason) })
  }

  private func named(
    _ faults: [(place: HostFile.Place?, reason: HostFault.Reason)]
  ) -> [HostFault] {
    guard !faults.isEmpty else { return [] }
    let names = description.names(of: Set(faults.compactMap(\.place)))
    // Of several devices of one entry the same may be wrong.
    var seen: Set<HostFault> = []
    return faults.map { fault in
      HostFault(place: fault.place.flatMap { names[$0] }, reason: fault.reason)
    }
    .filter { seen.insert($0).inserted }
  }

  /// Has a part that is in the file changed, or left, or refused, as it is whose; false if it is not
  /// the owner's.
  @discardableResult
  mutating func settle(
    _ piece: HostPiece, by change: HostChange?, isThere: Bool, at place: HostFile.Place,
    isAdded: Bool = true
  ) -> Bool {
    let other = others[piece]
    let isForeign = isThere && (other != nil || !mine.contains(piece))
    guard !isForeign || options.adopts else {
      if change == nil {
        differences.left.append(LeftPiece(piece: piece, reason: .foreign(other)))
      } else {
        add(.foreign(piece, other), at: place)
      }
      return false
    }
    ours.insert(piece)
    if let change {
      if isAdded { differences.changes.append(change) }
    } else if isForeign || !mine.contains(piece) || hasOtherTag(piece) {
      differences.changes.append(.own(piece))
    }
    return true
  }

  private func hasOtherTag(_ piece: HostPiece) -> Bool {
    guard case .device(let identity) = piece else { return false }
    return mine.devices[identity] != differences.tags[identity]
  }

  /// Has a part that is not in the file any more removed, or left; one that is elsewhere now goes in any
  /// case.
  mutating func remove(_ piece: HostPiece, by change: HostChange?, isMoved: Bool = false) {
    if options.prunes || isMoved {
      if let change { differences.changes.append(change) }
      if case .device(let identity) = piece { removed.insert(identity) }
    } else if change != nil {
      differences.left.append(LeftPiece(piece: piece, reason: .gone))
    }
  }

  /// What is taken over from other owners, or was gone.
  var piecesOfOthers: [GivenName: [HostPiece]] {
    var taken: [GivenName: [HostPiece]] = [:]
    for piece in ours {
      if let owner = others[piece] { taken[owner, default: []].append(piece) }
    }
    return taken
  }

  /// Has those of the running devices stopped that are to go.
  mutating func stop(_ running: [DeviceIdentity]) {
    differences.changes += running.filter { removed.contains($0) }.map { .stop($0) }
  }

  /// What the owner looks after when this has been applied: what is left goes on to be its own.
  var parts: OwnedParts {
    var parts = OwnedParts(owner: target.owner)
    for piece in ours { parts.insert(piece, differences.tags) }
    for left in differences.left where left.reason == .gone {
      parts.insert(left.piece, differences.tags)
    }
    return parts
  }
}

extension OwnedParts {
  var pieces: [HostPiece] {
    devices.keys.map { .device($0) } + drivers.map { .driver($0) } + masks.map { .mask($0) }
      + cards.map { .card($0) }
  }

  func contains(_ piece: HostPiece) -> Bool {
    switch piece {
    case .device(let identity): devices[identity] != nil
    case .driver(let device): drivers.contains(device)
    case .mask(let name): masks.contains(name)
    case .card(let card): cards.contains(card)
    }
  }

  /// Takes a part away.
  mutating func remove(_ piece: HostPiece) {
    switch piece {
    case .device(let identity): devices[identity] = nil
    case .driver(let device): drivers.remove(device)
    case .mask(let name): masks.remove(name)
    case .card(let card): cards.remove(card)
    }
  }

  /// Adds a part; a device with its tag.
  mutating func insert(_ piece: HostPiece, _ tags: [DeviceIdentity: Tag]) {
    switch piece {
    case .device(let identity): devices[identity] = tags[identity] ?? Tag()
    case .driver(let device): drivers.insert(device)
    case .mask(let name): masks.insert(name)
    case .card(let card): cards.insert(card)
    }
  }
}

extension WantedCard {
  /// Tells whether it is what is stored for the card; a function by number can be known only where the
  /// card has it.
  fileprivate func isStored(as stored: CardSettings, on card: SRIOVCard?) -> Bool {
    guard functions.map({ $0 == stored.functions }) ?? true, !mixesSizes || stored.mixesSizes,
      driver.map({ $0 == stored.driver }) ?? true, vram.map({ $0 == stored.vram }) ?? true
    else { return false }
    guard let types else { return true }
    guard types.count == stored.types.count else { return false }
    return types.allSatisfy { function, name in
      guard let address = function.address(on: card), let type = stored.types[address] else {
        return false
      }
      return name.names(type)
    }
  }
}

extension WantedCard.Function {
  /// Its address; `nil` of a number that no function of the card has.
  func address(on card: SRIOVCard?) -> PCIAddress? {
    switch self {
    case .address(let address): address
    case .number(let number): card?.functions.first { $0.number == number }?.address
    }
  }
}

extension SRIOVCard {
  /// Tells whether the card has the functions and types that are stored.
  fileprivate func isAsStored(_ stored: CardSettings) -> Bool {
    guard stored.functions.map({ $0 == functions.count }) ?? true else { return false }
    return stored.types.allSatisfy { address, type in function(address)?.type == type.id }
  }
}
