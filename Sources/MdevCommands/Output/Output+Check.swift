// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel

extension Output {
  static func text(of findings: [Finding]) -> String {
    findings.map { finding in
      "\(finding.severity.rawValue): \(finding.message)\n"
        + (finding.remedy.map { "    \($0)\n" } ?? "")
    }
    .joined()
  }

  static func json(of findings: [Finding]) -> JSONValue {
    .array(
      findings.map { finding in
        .object(
          [
            JSONValue.Member("severity", .string(finding.severity.rawValue)),
            JSONValue.Member("rule", .string(finding.rule.rawValue)),
            JSONValue.Member("when", .string(finding.scope.word)),
            JSONValue.Member("devices", .array(finding.devices.map { .object(identity($0)) })),
            JSONValue.Member("resources", .array(finding.resources.map { .string($0) })),
            JSONValue.Member("message", .string(finding.message)),
          ]
            + (finding.remedy.map { [JSONValue.Member("remedy", .string($0))] } ?? []))
      })
  }
}

extension Finding.Scope {
  /// For programs.
  fileprivate var word: String {
    switch self {
    case .now: "now"
    case .boot: "boot"
    case .always: "always"
    }
  }
}
