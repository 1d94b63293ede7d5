// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevJSON
import MdevModel
import MdevPlanning

extension Output {
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
  private static func word(for moments: Set<Moment>) -> String {
    moments.count == Moment.allCases.count ? "always" : moments.first?.rawValue ?? "never"
  }
}
