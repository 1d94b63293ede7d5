// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevHost
import MdevModel
import MdevOperations

/// The answer to a shell that completes a command line of this program.
///
/// Here, and nowhere else, errors are silent: whatever the host can't tell, a prompt must not be
/// disturbed by it. Nothing is locked, changed or run.
struct HostCompletion {
  private let request: CompletionRequest
  private let names: KnownNames

  /// Answers on stdout.
  static func answer(_ request: CompletionRequest) {
    let completion = HostCompletion(request: request, names: Host.operations().knownNames)
    let lines = request.lines { kind, place in (try? completion.words(kind, place)) ?? [] }
    try? StandardStream.output.write(lines.map { $0 + "\n" }.joined())
  }

  private func words(_ kind: ValueKind, _ place: CompletionPlace) throws -> [Candidate] {
    switch kind {
    case .uuid(let which): try uuids(which, place)
    case .parent: try parents(place).map { Candidate($0.name) }
    case .type: try types(place)
    case .bus: try names.buses().map { Candidate($0.name) }
    case .driver: try drivers(place)
    case .device(let which): try devices(which, place)
    case .channelDevice: try channelDevices()
    case .queue: try names.queues().map { Candidate($0.description) }
    case .card: try names.cards().map { Candidate($0.description) }
    case .text, .number, .choice, .file, .directory, .command, .user, .profile: []
    }
  }

  // MARK: Mediated devices

  private func uuids(_ which: ValueKind.Devices, _ place: CompletionPlace) throws -> [Candidate] {
    let devices = try known(shown(which, place), DeviceFilter(parent: parent(place)))
    var counts: [DeviceUUID: Int] = [:]
    for device in devices { counts[device.identity.uuid, default: 0] += 1 }
    return devices.compactMap { device in
      // One that is defined under several parents is one word.
      guard let count = counts.removeValue(forKey: device.identity.uuid) else { return nil }
      let uuid = device.identity.uuid.description
      guard request.isDescribed else { return Candidate(uuid) }
      let description = "\(device.identity.parent) \(device.type)"
      return Candidate(uuid, count > 1 ? "\(description), and \(count - 1) more" : description)
    }
  }

  /// A listing shows one kind or the other.
  private func shown(_ which: ValueKind.Devices, _ place: CompletionPlace) -> ValueKind.Devices {
    guard which == .all, place.command.options.contains(where: { $0.name == "--defined" }) else {
      return which
    }
    return place.options["--defined"] == nil ? .active : .defined
  }

  private func known(
    _ which: ValueKind.Devices, _ filter: DeviceFilter
  ) throws -> [KnownDevice] {
    switch which {
    case .defined: return try names.definedDevices(matching: filter)
    case .active: return try names.activeDevices(matching: filter)
    // Where the one can't be known, the other may be.
    case .all, .stopped:
      let defined = (try? names.definedDevices(matching: filter)) ?? []
      let active = (try? names.activeDevices(matching: filter)) ?? []
      return (which == .all ? active : []) + defined.without(active)
    case .undefined:
      let active = try names.activeDevices(matching: filter)
      // Other definitions need not be read.
      let same = DeviceFilter(active.map(\.identity))
      return active.without((try? names.definedDevices(matching: same)) ?? [])
    }
  }

  /// The parents that make sense: those of the uuid that is given, those of definitions for a
  /// command that is about definitions, and else those that are there.
  private func parents(_ place: CompletionPlace) throws -> [ParentName] {
    let filter = DeviceFilter(uuid: place.options["--uuid"].flatMap { try? DeviceUUID($0) })
    let which = place.command.options.lazy.compactMap { option -> ValueKind.Devices? in
      guard case .uuid(let which) = option.value?.kind else { return nil }
      return which
    }.first
    guard let which, which == .defined || filter.uuids != nil else { return try names.parents() }
    let parents = Set(
      try known(which == .stopped ? .defined : which, filter).map(\.identity.parent))
    return parents.isEmpty ? try names.parents() : parents.sorted()
  }

  private func types(_ place: CompletionPlace) throws -> [Candidate] {
    var seen: Set<TypeName> = []
    return try Host.operations().listTypes.run(of: parent(place)).value.flatMap(\.types)
      .filter { seen.insert($0.name).inserted }
      .map { type in
        let available = "\(type.availableInstances) available"
        return Candidate(
          type.name.name, type.displayName.map { "\($0), \(available)" } ?? available)
      }
  }

  private func parent(_ place: CompletionPlace) -> ParentName? {
    place.options["--parent"].flatMap { try? ParentName($0) }
  }

  // MARK: Devices on buses

  private func drivers(_ place: CompletionPlace) throws -> [Candidate] {
    let device = place.operands.first ?? ""
    let bus = device.contains("/") ? self.bus(ofDevice: device) : bus(place)
    let vfio: [BusName: DriverName] = [.pci: .vfioPCI, .css: .vfioCCW, .ap: .vfioAP]
    // A driver that is not there yet is loaded.
    let drivers = Set(try names.drivers(of: bus) + [vfio[bus]].compactMap { $0 })
    return drivers.sorted().map { Candidate($0.name) }
      + [Candidate(DriverName.nobody.name, "No driver at all.")]
  }

  private func devices(
    _ which: ValueKind.BusDevices, _ place: CompletionPlace
  ) throws -> [Candidate] {
    let hasBus = place.typed.contains("/")
    let bus = hasBus ? self.bus(ofDevice: place.typed) : bus(place)
    let prefix = hasBus ? "\(bus)/" : ""
    // A host may have none, and yet others.
    let devices = (try? devices(which, on: bus)) ?? []
    let others = hasBus || place.options["--bus"] != nil ? [] : try otherBuses()
    return devices.map { Candidate("\(prefix)\($0.word)", $0.description) } + others
  }

  /// The further buses on which drivers are chosen, to be followed by a device.
  private func otherBuses() throws -> [Candidate] {
    let buses = try names.buses()
    return [BusName.css, .ap].filter { buses.contains($0) }
      .map { Candidate("\($0)/", "A device of this bus.") }
  }

  private func devices(
    _ which: ValueKind.BusDevices, on bus: BusName
  ) throws -> [Candidate] {
    switch which {
    case .all where !request.isDescribed:
      try names.devices(on: bus).map { Candidate($0.name) }
    case .all, .overridden:
      try Host.operations().listDrivers.run(
        on: bus, havingOverride: which == .overridden, isNamed: request.isDescribed
      ).value.map { Candidate($0.device.name.name, $0.model ?? $0.driver?.name ?? "") }
    case .stored:
      try Host.operations().listStoredDrivers.run(on: bus).value
        .map { Candidate($0.device.name.name, $0.driver.name) }
    }
  }

  private func channelDevices() throws -> [Candidate] {
    try Host.operations().listSubchannels.run().compactMap { subchannel in
      subchannel.device.map {
        Candidate($0.name, "Subchannel \(subchannel.state.device.name).")
      }
    }
  }

  private func bus(_ place: CompletionPlace) -> BusName {
    place.options["--bus"].flatMap { try? BusName($0) } ?? .pci
  }

  private func bus(ofDevice text: String) -> BusName {
    BusName(unchecked: String(text.prefix { $0 != "/" }))
  }
}

extension [KnownDevice] {
  fileprivate func without(_ others: [KnownDevice]) -> [KnownDevice] {
    let others = Set(others.map(\.identity))
    return filter { !others.contains($0.identity) }
  }
}
