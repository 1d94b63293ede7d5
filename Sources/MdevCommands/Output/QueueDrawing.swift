// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevOperations
import MdevPlanning

extension Output {
  static func text(of report: QueueReport, in palette: Palette, _ root: SystemRoot) -> String {
    let drawing = QueueDrawing(report, in: palette, root)
    return drawing.title + drawing.masks + drawing.pages.joined(separator: "\n") + drawing.legend
      + drawing.findings
  }
}

/// The text of a picture, at most 80 columns wide but for findings.
private struct QueueDrawing {
  /// As many domains as fit beside each other.
  private static let domainsInPage = 16
  /// Two characters for the device, one for what is to be said of it, and a blank.
  private static let cellWidth = 4
  /// `05 boot `.
  private static let labelWidth = 8

  private let report: QueueReport
  private let moments: [Moment]
  private let palette: Palette
  private let root: SystemRoot
  private let marks: DeviceMarks

  private var picture: QueueMap { report.map }

  init(_ report: QueueReport, in palette: Palette, _ root: SystemRoot) {
    self.report = report
    self.palette = palette
    self.root = root
    moments = Moment.allCases.filter(report.moments.contains)
    marks = DeviceMarks(report.map.devices.map(\.uuid))
  }

  var title: String {
    if picture.rows.isEmpty { return "The AP bus has no queues.\n" }
    return switch moments {
    case [.now]: "Who has the queues of the AP bus now:\n\n"
    case [.boot]: "Who will have the queues of the AP bus after the next boot:\n\n"
    default: "Who has the queues of the AP bus now, and will have them after the next boot:\n\n"
    }
  }

  /// The masks of the bus, as chzdev lists them.
  var masks: String {
    let lines = [("apmask", \APMasks.adapters), ("aqmask", \APMasks.domains)].map { name, mask in
      let lists = moments.map { Output.list(report.ap[$0].masks[keyPath: mask]) }
      return name + " " + (Set(lists).count == 1 ? lists[0] : lists.joined(separator: ", then "))
    }
    return lines.map { $0 + "\n" }.joined() + (picture.rows.isEmpty ? "" : "\n")
  }

  var pages: [String] {
    guard !picture.rows.isEmpty else { return [] }
    let starts = Array(
      stride(from: 0, to: picture.domains.count, by: QueueDrawing.domainsInPage))
    return starts.enumerated().map { number, start in
      let columns = start..<min(start + QueueDrawing.domainsInPage, picture.domains.count)
      let heading =
        starts.count == 1
        ? ""
        : "domains \(APQueue.hex(picture.domains[columns.lowerBound], 4)) to "
          + "\(APQueue.hex(picture.domains[columns.upperBound - 1], 4)), "
          + "page \(number + 1) of \(starts.count)\n"
      return heading + page(columns)
    }
  }

  private func page(_ columns: Range<Int>) -> String {
    let names = columns.map { (APQueue.hex(picture.domains[$0], 2), Palette.Style.ordinary) }
    return line("domain", names) + picture.rows.map { rowLines($0, columns) }.joined()
  }

  /// One line, or two where the next boot changes something.
  private func rowLines(_ row: QueueMap.Row, _ columns: Range<Int>) -> String {
    let adapter = APQueue.hex(row.adapter, 2)
    guard moments.count > 1, row.now[columns] != row.boot[columns] else {
      return line(adapter, row[moments[0]][columns].map(appearance))
    }
    return line("\(adapter) now", row.now[columns].map(appearance))
      + line("   boot", row.boot[columns].map(appearance))
  }

  private func line(_ label: String, _ cells: [(text: String, style: Palette.Style)]) -> String {
    var line = label
    var blanks = QueueDrawing.labelWidth - label.utf8.count
    for (text, style) in cells {
      line += String(repeating: " ", count: blanks) + palette.paint(text, style)
      blanks = QueueDrawing.cellWidth - text.utf8.count
    }
    return line + "\n"
  }

  private func appearance(of cell: QueueMap.Cell) -> (text: String, style: Palette.Style) {
    let (text, style): (String, Palette.Style) =
      switch cell.owner {
      case .absent: (".", .faint)
      case .host: ("h", .ordinary)
      case .free(isBound: true): ("v", .green)
      case .free(isBound: false): ("u", .yellow)
      case .device(let uuid): (marks[uuid], marks.style(of: uuid))
      case .onDemand(let uuid):
        (marks[uuid] + (cell.conflict == nil ? "?" : ""), marks.style(of: uuid))
      }
    return cell.conflict == nil ? (text, style) : (text + "!", .alarm)
  }

  var legend: String {
    guard !picture.rows.isEmpty else { return "" }
    let adapter = picture.rows[0].adapter
    let domain = picture.domains.first { $0 != adapter } ?? picture.domains[0]
    let cells = picture.rows.flatMap { row in moments.flatMap { row[$0] } }
    let isOnDemand = cells.contains { cell in
      if case .onDemand = cell.owner { true } else { false }
    }
    return """

      Row \(APQueue.hex(adapter, 2)), column \(APQueue.hex(domain, 2)) \
      is queue \(APQueue(adapter: adapter, domain: domain)).
      .   no such queue on this host
      h   the host's own drivers
      \(palette.paint("v", .green))   free for vfio_ap

      """
        + (cells.contains { $0.owner == .free(isBound: false) }
          ? palette.paint("u", .yellow) + "   free for vfio_ap, not bound to it\n" : "")
        + devices
        + (isOnDemand ? "?   free until somebody starts that device\n" : "")
        + (cells.contains { $0.conflict != nil }
          ? palette.paint("!", .alarm) + "   conflict, listed below\n" : "")
  }

  private var devices: String {
    picture.devices.map { device in
      let mark = marks[device.uuid]
      return palette.paint(mark, marks.style(of: device.uuid))
        + String(repeating: " ", count: QueueDrawing.cellWidth - mark.utf8.count)
        + "\(device.uuid)  \(QueueDrawing.words(for: device))\n"
    }
    .joined()
  }

  private static func words(for device: QueueMap.Device) -> String {
    switch (device.isRunning, device.start) {
    case (true, .auto?): "runs, starts at boot"
    case (true, .manual?): "runs, starts by hand"
    case (true, nil): "runs, not defined"
    case (false, .auto?): "starts at boot"
    case (false, _): "starts by hand"
    }
  }

  /// As `check` words them, with the marks of the devices that they are about.
  var findings: String {
    report.findings.isEmpty
      ? "" : "\n" + report.findings.map { text(of: $0) }.joined()
  }

  private func text(of finding: Finding) -> String {
    let devices = finding.problem.devices.map { marks[$0.uuid] }.joined(separator: ", ")
    return Output.lines(
      for: finding, about: devices.isEmpty ? "" : " (\(devices))", palette, root)
  }
}

/// A short mark for each device: a letter, or two characters if there are more than 26.
private struct DeviceMarks {
  /// The mark that the remaining devices share when all others are given.
  private static let rest = "##"

  private let places: [DeviceUUID: Int]
  private let marks: [String]

  init(_ devices: [DeviceUUID]) {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".map(String.init)
    let further = letters + "0123456789abcdefghijklmnopqrstuvwxyz".map(String.init)
    marks =
      devices.count <= letters.count
      ? letters : letters.flatMap { first in further.map { first + $0 } }
    places = Dictionary(
      devices.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  subscript(device: DeviceUUID) -> String {
    guard let place = places[device], place < marks.count else { return DeviceMarks.rest }
    return marks[place]
  }

  /// Neighbours differ; no device has the colour of a queue that is free or in conflict.
  func style(of device: DeviceUUID) -> Palette.Style {
    let styles: [Palette.Style] = [.cyan, .magenta, .yellow, .blue]
    return styles[(places[device] ?? 0) % styles.count]
  }
}
