// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevJSON
import MdevModel
import MdevPlanning

/// The way in which findings are shown.
struct FindingLook {
  let palette: Palette
  /// True if a last line says how many there are.
  let hasSummary: Bool
  /// The least severity of those that are shown.
  let least: Severity
  let root: SystemRoot
}

/// A finding in a table.
struct FindingRow {
  let finding: Finding
  let root: SystemRoot

  static let columns: [Column<FindingRow>] = [
    Column("severity", "'error' or 'warning'.") { $0.finding.problem.severity.rawValue },
    Column("rule", "The name of what is wrong.") { $0.finding.problem.rule.rawValue },
    Column("when", "'now', 'boot' or 'always'.") { Output.word(for: $0.finding.problem.moments) },
    Column("message", "What is wrong, in words.", .freeText) { $0.finding.problem.words },
    Column("remedy", "The command that mends it.", .freeText, isUsual: false) { row in
      row.finding.remedy.map { $0.line(on: row.root) } ?? ""
    },
  ]
}

extension Output {
  static func table(of findings: [Finding], _ look: FindingLook, in style: TableStyle) -> Table {
    FindingRow.columns.table(
      of: findings.map { FindingRow(finding: $0, root: look.root) }, in: style,
      summary: summary(of: findings, from: look.least))
  }

  static func text(of findings: [Finding], _ look: FindingLook) -> String {
    findings.map { lines(for: $0, look.palette, look.root) }.joined()
      + (look.hasSummary ? summary(of: findings, from: look.least) + "\n" : "")
  }

  /// A finding, with who it is about if that is given, and below it the command that mends it.
  static func lines(
    for finding: Finding, about subjects: String = "", _ palette: Palette, _ root: SystemRoot
  ) -> String {
    let problem = finding.problem
    let severity = palette.paint(
      problem.severity.rawValue, problem.severity == .error ? .alarm : .yellow)
    return "\(severity)\(subjects): \(problem.words.shownAsLines)\n"
      + (finding.remedy.map { "    \($0.line(on: root).shownAsLines)\n" } ?? "")
  }

  /// The number of findings of each severity that is looked at, in words.
  private static func summary(of findings: [Finding], from least: Severity) -> String {
    let errors = findings.count { $0.problem.severity == .error }
    return switch least {
    case .error: count(errors, "error")
    case .warning: "\(count(errors, "error")), \(count(findings.count - errors, "warning"))"
    }
  }

  static func json(of findings: [Finding], on root: SystemRoot) -> JSONValue {
    .array(
      findings.map { finding in
        let problem = finding.problem
        return .object(
          [
            JSONValue.Member("severity", .string(problem.severity.rawValue)),
            JSONValue.Member("rule", .string(problem.rule.rawValue)),
            JSONValue.Member("when", .string(word(for: problem.moments))),
            JSONValue.Member("devices", .array(problem.devices.map { .object(identity($0)) })),
            JSONValue.Member("resources", .array(problem.resources.map { .string($0) })),
            JSONValue.Member("message", .string(problem.words)),
          ]
            + (finding.remedy.map {
              [JSONValue.Member("remedy", .string($0.line(on: root)))]
            } ?? []))
      })
  }

  /// One word, for programs.
  static func word(for moments: Set<Moment>) -> String {
    moments.count == Moment.allCases.count ? "always" : moments.first?.rawValue ?? "never"
  }
}
