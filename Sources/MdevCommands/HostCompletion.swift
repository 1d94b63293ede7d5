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
    case .parent: try parentCandidates(place)
    case .type: try types(place)
    case .bus: try names.buses().map { Candidate($0.name) }
    case .driver: try drivers(place)
    case .device(let which): try devices(which, place)
    case .channelDevice: try channelDevices()
    case .queue: try names.queues().map { Candidate($0.description) }
    case .card: try names.cards().map { Candidate($0.description) }
    case .anyDevice:
      if place.typed.contains("/") {
        try devices(.all, place)
      } else {
        try uuids(.all, place) + parentCandidates(place) + otherBuses() + [
          Candidate("pci/", "A device of this bus.")
        ]
      }
    case .cardOrFunction:
      try names.cards().map { Candidate($0.description, "The card, with all of its functions.") }
        + names.virtualFunctions().map { Candidate($0.description) }
    case .owner: try names.owners().map { Candidate($0.name) }
    case .text, .number, .choice, .file, .directory, .command, .user, .columns, .profile: []
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
      return Candidate(
        device.identity.uuid.description,
        "\(device.identity.parent) \(device.type)\(HostCompletion.more(count - 1))")
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

  private func parentCandidates(_ place: CompletionPlace) throws -> [Candidate] {
    try parents(place).map { parent in Candidate(parent.name, description(of: parent)) }
  }

  /// The types of the parent that is given, or of all, each with what the first parent says of it.
  private func types(_ place: CompletionPlace) throws -> [Candidate] {
    // A set would cost more: there are few, and the runtime would have to make it first.
    var seen: [TypeName] = []
    return try (parent(place).map { [$0] } ?? names.parents()).flatMap { parent in
      let types = names.types(of: parent).filter { !seen.contains($0) }
      seen += types
      return types.map { type in Candidate(type.name, description(of: type, on: parent)) }
    }
  }

  private func description(of type: TypeName, on parent: ParentName) -> String {
    guard let type = names.type(type, of: parent) else { return "" }
    let available = "\(type.availableInstances) available"
    return type.displayName.map { "\($0), \(available)" } ?? available
  }

  /// The types that a parent offers: the first two by name, and how many there are besides.
  private func description(of parent: ParentName) -> String {
    let types = names.types(of: parent).map(\.name)
    return types.prefix(2).joined(separator: ", ") + HostCompletion.more(types.count - 2)
  }

  /// What a description says of others like the one that it has.
  private static func more(_ count: Int) -> String { count > 0 ? ", and \(count) more" : "" }

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
    return devices.map { $0.prefixed(by: prefix) } + others
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
    case .all: try names.devices(on: bus).map { candidate(for: $0, on: bus) }
    case .overridden:
      try Host.operations().listDrivers.run(on: bus, havingOverride: true, isNamed: false).value
        .map { candidate(for: $0.device.name, on: bus) }
    case .stored:
      try Host.operations().listStoredDrivers.run(on: bus).value
        .map { Candidate($0.device.name.name, $0.driver.name) }
    }
  }

  private func candidate(for device: BusDeviceName, on bus: BusName) -> Candidate {
    Candidate(device.name, description(of: device, on: bus))
  }

  /// The driver of a device, and what a PCI function is for; to find out what it is called takes
  /// longer than all the rest.
  private func description(of device: BusDeviceName, on bus: BusName) -> String {
    guard let details = try? names.details(of: device, on: bus) else { return "" }
    let driver = details.driver?.name ?? "no driver"
    return details.deviceClass.map { "\(driver), \($0.rawValue)" } ?? driver
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
