// SPDX-License-Identifier: Apache-2.0

import MdevCallouts
import MdevDrivers
import MdevHost
import MdevJSON
import MdevModel
import MdevOperations
import MdevPlanning
import MdevRules

/// The one renderer of results.
enum Output {
  /// A result.
  enum Report {
    /// Sorted; `isSingle` when one device was asked for by its uuid.
    case devices([ListedDevice], Presence, isSingle: Bool)
    /// Sorted.
    case types([ParentTypes])
    case uuid(DeviceUUID)
    case autostart([AutostartResult])
    case status([DeviceStatus], [CardStatus])
    case rules([RulesFile])
    /// One line each.
    case lines([String])
    case scripts(ScriptSurvey)
    case trials([CalloutTrial])
    case drivers([ListedDriver], DriverListing)
    /// Sorted.
    case storedDrivers([(device: BusDevice, driver: DriverName)])
    case driverPlan(DriverPlan)
    case groups([ListedGroup])
    case subchannels([Subchannel])
    case subchannel(Subchannel)
    case findings([Finding], root: SystemRoot)
    case plan(StartPlan)
    case shown([ShownDevice])
    case containerDevices(ContainerDevices)
    case cards([ListedCard])
    case cardTypes([ListedCard])
    case cardPlan(CardPlan)
    case restoredCards([RestoredCard])
    /// The queues as a picture.
    case queues(QueueReport, Palette, root: SystemRoot)
    /// Some of the queues, one by one.
    case queueDetails(QueueReport, [APQueue])

    /// True if it may have colours, which are control characters.
    fileprivate var isDrawing: Bool {
      if case .queues = self { true } else { false }
    }
  }

  /// The kind of listing: running devices or definitions.
  enum Presence {
    case active, defined

    /// The mark of a device that is in the other listing as well.
    fileprivate var otherMark: String {
      switch self {
      case .active: " (defined)"
      case .defined: " (active)"
      }
    }
  }

  enum Format {
    case text, verboseText, json
  }

  /// The treatment of plans.
  enum PlanDisplay {
    case none
    /// A plan is shown before it is carried out, whether or not somebody reads it.
    case before(Format)
    /// The plan is all that is wanted.
    case only(Format)
  }

  /// Writes the warnings to stderr and the report, which is what the command is for, to stdout.
  static func print(_ report: Report, as format: Format, _ warnings: [Warning] = []) throws {
    warn(warnings)
    let text = text(of: report, as: format)
    guard !text.isEmpty else { return }
    let isAsItIs = report.isDrawing || format == .json
    try StandardStream.output.write(isAsItIs ? text : text.shownAsLines)
  }

  /// Writes what has come of a change; that nobody can read it does not undo the change, so it is
  /// worth no more than a warning.
  static func tell(_ report: Report, as format: Format, _ warnings: [Warning] = []) {
    do {
      try print(report, as: format, warnings)
    } catch {
      warn([Warning("it is done, but \(error)")])
    }
  }

  /// Writes warnings to stderr, as long as somebody is there to read them.
  static func warn(_ warnings: [Warning]) { write(warnings.map(\.line)) }

  /// Writes what can't wait for a command's end; a plan only if there is a format for it.
  static func report(_ event: Reporter.Event, _ plans: PlanDisplay) throws {
    switch event {
    case .warning(let warning): warn([warning])
    case .problems(let problems): warn(problems.map { Warning($0.words) })
    case .overridden(let refusal): warn(refusal.lines.map { Warning($0) })
    case .plan(let plan): try show(plan, plans)
    case .recovered(let finished): warn([Warning(finished.words)])
    case .waiting(let device): warn([Warning("waiting, since \(device.situation)")])
    }
  }

  private static func show(_ plan: DriverPlan, _ plans: PlanDisplay) throws {
    switch plans {
    case .none: break
    case .only(let format): try print(.driverPlan(plan), as: format)
    case .before(let format):
      do {
        try print(.driverPlan(plan), as: format)
      } catch {
        warn([Warning("going on, though \(error)")])
      }
    }
  }

  /// Writes an error that does not end the command to stderr.
  static func complain(_ message: String) { write(["Error: \(message)"]) }

  /// Writes an error and the way out of it, if there is one, to stderr; of one device of several.
  static func complain(_ error: any Error, about uuid: DeviceUUID? = nil) {
    let hint = (error as? OperationError)?.hint ?? (error as? CalloutError)?.hint
    let subject = uuid.map { "\($0): " } ?? ""
    write(["Error: \(subject)\(error)"] + (hint.map { ["(\($0))"] } ?? []))
  }

  /// Writes lines to stderr, as long as somebody is there to read them.
  static func write(_ lines: [String]) {
    guard !lines.isEmpty else { return }
    try? StandardStream.error.write(lines.map { $0.shownAsLines + "\n" }.joined())
  }

  /// The report as it is printed.
  static func text(of report: Report, as format: Format) -> String {
    switch (report, format) {
    case (.devices(let devices, let presence, _), .text):
      text(of: devices, presence, withAttributes: false)
    case (.devices(let devices, let presence, _), .verboseText):
      text(of: devices, presence, withAttributes: true)
    case (.devices(let devices, _, let isSingle), .json):
      json(of: devices, isSingle: isSingle).text(.pretty)
    case (.types(let types), .text), (.types(let types), .verboseText): text(of: types)
    case (.types(let types), .json): json(of: types).text(.pretty)
    case (.uuid(let uuid), _): "\(uuid)\n"
    case (.autostart(let results), .json): json(of: results).text(.pretty)
    case (.autostart(let results), _): text(of: results)
    case (.status(let statuses, let cards), .json):
      JSONValue.array(statuses.map { json(of: $0) } + json(of: cards)).text(.pretty)
    case (.status(let statuses, let cards), _): text(of: statuses) + text(of: cards)
    case (.rules(let files), _):
      files.map { "==> \($0.name) <==\n\($0.text)" }.joined(separator: "\n")
    case (.lines(let lines), _): lines.map { $0 + "\n" }.joined()
    case (.scripts(let scripts), .json): json(of: scripts).text(.pretty)
    case (.scripts(let scripts), _): text(of: scripts)
    case (.trials(let trials), _): text(of: trials)
    case (.drivers(let devices, _), .json): json(of: devices).text(.pretty) + "\n"
    case (.drivers(let devices, let listing), .text):
      text(of: devices, listing, withModel: false)
    case (.drivers(let devices, let listing), .verboseText):
      text(of: devices, listing, withModel: true)
    case (.storedDrivers(let drivers), _):
      drivers.map { "\($0.device.name) \($0.driver)\n" }.joined()
    case (.driverPlan(let plan), .json): json(of: plan).text(.pretty) + "\n"
    case (.driverPlan(let plan), _): text(of: plan)
    case (.groups(let groups), .json): json(of: groups).text(.pretty) + "\n"
    case (.groups(let groups), _): text(of: groups)
    case (.subchannels(let subchannels), .json):
      JSONValue.array(subchannels.map { json(of: $0) }).text(.pretty) + "\n"
    case (.subchannels(let subchannels), _): text(of: subchannels)
    case (.subchannel(let subchannel), .json): json(of: subchannel).text(.pretty) + "\n"
    case (.subchannel(let subchannel), _): text(of: subchannel)
    case (.queues(let report, _, _), .json):
      json(of: report, report.ap.queues.queues).text(.pretty) + "\n"
    case (.queues(let report, let palette, let root), _): text(of: report, in: palette, root)
    case (.queueDetails(let report, let queues), .json):
      json(of: report, queues).text(.pretty) + "\n"
    case (.queueDetails(let report, let queues), _): text(of: report, queues)
    case (.findings(let findings, let root), .json):
      json(of: findings, on: root).text(.pretty) + "\n"
    case (.findings(let findings, let root), _): text(of: findings, on: root)
    case (.plan(let plan), .json): json(of: plan).text(.pretty) + "\n"
    case (.plan(let plan), _): text(of: plan)
    case (.containerDevices(let devices), _): devices.json.text(.pretty) + "\n"
    case (.shown(let devices), .json): json(of: devices).text(.pretty) + "\n"
    case (.shown(let devices), _): text(of: devices)
    case (.cards(let cards), .json): json(of: cards).text(.pretty) + "\n"
    case (.cards(let cards), _): text(of: cards)
    case (.cardTypes(let cards), .json): json(ofTypesOf: cards).text(.pretty) + "\n"
    case (.cardTypes(let cards), _): text(ofTypesOf: cards)
    case (.cardPlan(let plan), .json): json(of: plan).text(.pretty) + "\n"
    case (.cardPlan(let plan), _): text(of: plan)
    case (.restoredCards(let cards), .json): json(of: cards).text(.pretty) + "\n"
    case (.restoredCards(let cards), _): text(of: cards)
    }
  }

  private static func text(
    of devices: [ListedDevice], _ presence: Presence, withAttributes: Bool
  ) -> String {
    var text = ""
    for listed in devices {
      let (identity, definition) = (listed.device.identity, listed.device.definition)
      text += identity.uuid.description
      text += " \(identity.parent.name.shown) \(definition.type.name.shown)"
      text += " \(definition.start.rawValue)"
      text += listed.isDefinedAndActive ? presence.otherMark + "\n" : "\n"
      guard withAttributes, !definition.attributes.isEmpty else { continue }
      text += "  Attrs:\n"
      for (index, attribute) in definition.attributes.enumerated() {
        let name = attribute.name.description.shown
        text += "    @{\(index)}: {\"\(name)\":\"\(attribute.value.shown)\"}\n"
      }
    }
    return text
  }

  private static func json(of devices: [ListedDevice], isSingle: Bool) -> JSONValue {
    if isSingle, devices.count == 1 { return devices[0].device.definition.json }
    let parents = devices.chunked(by: \.device.identity.parent).map { parent, devices in
      (
        parent,
        devices.map { listed in
          let device = listed.device
          return JSONValue.Member(device.identity.uuid.description, device.definition.json)
        }
      )
    }
    return json(of: parents)
  }

  private static func text(of types: [ParentTypes]) -> String {
    var text = ""
    for parent in types {
      text += "\(parent.parent.name.shown)\n"
      for type in parent.types {
        text += "  \(type.name.name.shown)\n    Available instances: \(type.availableInstances)\n"
        text += "    Device API: \(type.deviceAPI)\n"
        if let name = type.displayName { text += "    Name: \(name)\n" }
        if let details = type.details { text += "    Description: \(details)\n" }
      }
    }
    return text
  }

  private static func json(of types: [ParentTypes]) -> JSONValue {
    json(
      of: types.map { parent in
        (parent.parent, parent.types.map { JSONValue.Member($0.name.name, json(of: $0)) })
      })
  }

  private static func json(of type: MediatedDeviceType) -> JSONValue {
    var members = [
      JSONValue.Member("available_instances", .integer(type.availableInstances)),
      JSONValue.Member("device_api", .string(type.deviceAPI)),
    ]
    if let name = type.displayName { members.append(JSONValue.Member("name", .string(name))) }
    if let details = type.details {
      members.append(JSONValue.Member("description", .string(details)))
    }
    return .object(members)
  }

  /// mdevctl's shape: an array of one object, in it an array for each parent, in that an object
  /// for each child; no object at all when there is no parent.
  private static func json(of parents: [(ParentName, [JSONValue.Member])]) -> JSONValue {
    guard !parents.isEmpty else { return .array([]) }
    return .array([
      .object(
        parents.map { parent, children in
          JSONValue.Member(parent.name, .array(children.map { .object([$0]) }))
        })
    ])
  }
}

extension Array {
  /// The runs of elements that have one key, in order.
  fileprivate func chunked<Key: Equatable>(by key: (Element) -> Key) -> [(Key, ArraySlice<Element>)]
  {
    var chunks: [(Key, ArraySlice<Element>)] = []
    var start = startIndex
    while start < endIndex {
      let first = key(self[start])
      let end = self[start...].firstIndex { key($0) != first } ?? endIndex
      chunks.append((first, self[start..<end]))
      start = end
    }
    return chunks
  }
}
