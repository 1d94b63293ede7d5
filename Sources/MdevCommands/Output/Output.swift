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
    /// Sorted; `isSingle` when one device was asked for by its uuid; the owners where they are shown.
    case devices(
      [ListedDevice], Presence, isSingle: Bool, owners: [DeviceIdentity: OwnedDevice])
    /// Sorted.
    case types([ParentTypes])
    case uuid(DeviceUUID)
    case autostart([AutostartResult])
    case status(HostStatus)
    case rules([RulesFile])
    /// One line each.
    case lines([String])
    case scripts(ScriptSurvey)
    case trials([CalloutTrial])
    case drivers([ListedDriver], DriverListing)
    /// Sorted.
    case storedDrivers([(device: BusDevice, driver: DriverName)])
    case driverPlan(DriverPlan)
    case groups(GroupListing)
    case subchannels([Subchannel])
    case subchannel(Subchannel)
    case findings([Finding], FindingLook)
    case plan(StartPlan)
    case shown([ShownDevice])
    case containerDevices(ContainerDevices)
    case cards([ListedCard])
    case cardTypes([ListedCard])
    case cardPlan(CardPlan)
    case restoredCards([RestoredCard])
    case watch(MonitorHost.Report)
    case hostFile(HostFile)
    case hostDifferences(HostDifferences)
    case appliedHost(AppliedHost)
    /// The queues as a picture.
    case queues(QueueReport, Palette, root: SystemRoot)
    /// Some of the queues, one by one.
    case queueDetails(QueueReport, [APQueue])

    /// True if its JSON is that of mdevctl, which has no end of line behind it.
    fileprivate var isOfMdevctl: Bool {
      if case .devices = self { return true }
      return if case .types = self { true } else { false }
    }

    /// True if it may have colours, which are control characters.
    fileprivate var isDrawing: Bool {
      if case .queues = self { return true }
      return if case .findings = self { true } else { false }
    }
  }

  /// The kind of listing: running devices or definitions.
  enum Presence {
    case active, defined

    /// The mark of a device that is in the other listing as well.
    var otherMark: String {
      switch self {
      case .active: " (defined)"
      case .defined: " (active)"
      }
    }
  }

  enum Format {
    case text, verboseText, json
    case table(TableStyle)

    /// True if it shows what devices are.
    var showsHardware: Bool {
      switch self {
      case .text: false
      case .table(let style):
        style.columns?.contains { ["class", "id", "model"].contains($0) } ?? false
      case .verboseText, .json: true
      }
    }

    /// True if it is for programs, and nothing in it has to be escaped.
    var isJSON: Bool {
      if case .json = self { true } else { false }
    }
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
    let isAsItIs = report.isDrawing || format.isJSON
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
    switch format {
    case .json:
      if case .watch(let report) = report { return jsonLines(of: report) }
      guard let json = json(of: report) else { break }
      let text = json.text(.pretty)
      return report.isOfMdevctl ? text : text + "\n"
    case .table(let style):
      if let table = table(of: report, in: style) { return table.text(in: style) }
    case .verboseText: return text(of: report, isVerbose: true)
    case .text: break
    }
    return text(of: report, isVerbose: false)
  }

  private static func text(of report: Report, isVerbose: Bool) -> String {
    switch report {
    case .devices(let devices, let presence, _, _):
      text(of: devices, presence, withAttributes: isVerbose)
    case .types(let types): text(of: types)
    case .uuid(let uuid): "\(uuid)\n"
    case .autostart(let results): text(of: results)
    case .rules(let files):
      files.map { "==> \($0.name) <==\n\($0.text)" }.joined(separator: "\n")
    case .lines(let lines): lines.map { $0 + "\n" }.joined()
    case .scripts(let scripts): text(of: scripts)
    case .trials(let trials): text(of: trials)
    case .drivers(let devices, let listing):
      text(of: devices, listing, withModel: isVerbose)
    case .storedDrivers(let drivers):
      drivers.map { "\($0.device.name) \($0.driver)\n" }.joined()
    case .driverPlan(let plan): text(of: plan)
    case .subchannel(let subchannel): text(of: subchannel)
    case .queues(let report, let palette, let root): text(of: report, in: palette, root)
    case .queueDetails(let report, let queues): text(of: report, queues)
    case .findings(let findings, let look): text(of: findings, look)
    case .plan(let plan): text(of: plan)
    case .cardPlan(let plan): text(of: plan)
    case .restoredCards(let cards): text(of: cards)
    case .shown(let devices): text(of: devices)
    case .containerDevices(let devices): devices.json.text(.pretty) + "\n"
    case .watch(let report): text(of: report)
    case .hostFile(let file): file.json.text(.pretty) + "\n"
    case .hostDifferences(let differences): text(of: differences)
    case .appliedHost(let applied): text(of: applied)
    case .status, .groups, .subchannels, .cards, .cardTypes:
      table(of: report, in: TableStyle())?.text(in: TableStyle()) ?? ""
    }
  }

  /// The table of a listing; `nil` of what is none.
  private static func table(of report: Report, in style: TableStyle) -> Table? {
    switch report {
    case .devices(let devices, let presence, _, let owners):
      table(of: devices, presence, owners, in: style)
    case .types(let types): table(of: types, in: style)
    case .status(let status): table(of: status, in: style)
    case .scripts(let scripts): table(of: scripts, in: style)
    case .drivers(let devices, _): table(of: devices, in: style)
    case .groups(let groups): table(of: groups, in: style)
    case .subchannels(let subchannels): table(of: subchannels, in: style)
    case .subchannel(let subchannel): table(of: [subchannel], in: style)
    case .findings(let findings, let look): table(of: findings, look, in: style)
    case .plan(let plan): table(of: plan, in: style)
    case .cards(let cards): table(of: cards, in: style)
    case .cardTypes(let cards): table(ofTypesOf: cards, in: style)
    case .queues(let report, _, _): table(of: report, report.ap.queues.queues, in: style)
    case .queueDetails(let report, let queues): table(of: report, queues, in: style)
    case .uuid, .autostart, .rules, .lines, .trials, .storedDrivers, .driverPlan,
      .shown, .watch, .containerDevices, .cardPlan, .restoredCards, .hostFile, .hostDifferences,
      .appliedHost:
      nil
    }
  }

  /// The report for programs; `nil` of what has no such form.
  private static func json(of report: Report) -> JSONValue? {
    switch report {
    case .devices(let devices, _, let isSingle, _): json(of: devices, isSingle: isSingle)
    case .types(let types): json(of: types)
    case .autostart(let results): json(of: results)
    case .status(let status): json(of: status)
    case .scripts(let scripts): json(of: scripts)
    case .drivers(let devices, _): json(of: devices)
    case .driverPlan(let plan): json(of: plan)
    case .groups(let groups): json(of: groups)
    case .subchannels(let subchannels): .array(subchannels.map { json(of: $0) })
    case .subchannel(let subchannel): json(of: subchannel)
    case .queues(let report, _, _): json(of: report, report.ap.queues.queues)
    case .queueDetails(let report, let queues): json(of: report, queues)
    case .findings(let findings, let look): json(of: findings, on: look.root)
    case .plan(let plan): json(of: plan)
    case .shown(let devices): json(of: devices)
    case .containerDevices(let devices): devices.json
    case .cards(let cards): json(of: cards)
    case .cardTypes(let cards): json(ofTypesOf: cards)
    case .cardPlan(let plan): json(of: plan)
    case .restoredCards(let cards): json(of: cards)
    case .hostFile(let file): file.json
    case .hostDifferences(let differences): json(of: differences)
    case .appliedHost(let applied): json(of: applied)
    case .uuid, .rules, .lines, .trials, .storedDrivers, .watch: nil
    }
  }
}
