// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevJSON
import MdevModel
import MdevPlanning

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
  static func table(of findings: [Finding], on root: SystemRoot, in style: TableStyle) -> Table {
    FindingRow.columns.table(
      of: findings.map { FindingRow(finding: $0, root: root) }, in: style,
      summary: summary(of: findings))
  }

  /// The number of findings of each severity, in words.
  static func summary(of findings: [Finding]) -> String {
    let errors = findings.count { $0.problem.severity == .error }
    return "\(count(errors, "error")), \(count(findings.count - errors, "warning"))"
  }

  static func text(of findings: [Finding], on root: SystemRoot) -> String {
    findings.map { finding in
      "\(finding.problem.severity.rawValue): \(finding.problem.words)\n"
        + (finding.remedy.map { "    \($0.line(on: root))\n" } ?? "")
    }
    .joined()
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
