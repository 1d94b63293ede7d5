// SPDX-License-Identifier: Apache-2.0

import MdevCallouts
import MdevHost
package import MdevModel

/// The search for conflicts and mistakes on the whole host.
package struct CheckHost: Sendable {
  let reader: HostReader
  let callouts: Callouts
  let rules: CheckRules

  /// Finds everything that is wrong on this host, errors first.
  ///
  /// A part that can't be read is a finding as well, and costs only the findings that need it.
  package func run(_ scope: CheckScope) throws -> [Finding] {
    let (view, faults) = reader.view(.everything)
    let findings = faults + view.findings + installationFindings(on: view, faults)
    return findings.filter { scope.includes($0.scope) }.sortedBySeverity
  }

  /// Finds what is wrong with the files that make a boot and a change go as they should.
  private func installationFindings(on view: HostView, _ faults: [Finding]) -> [Finding] {
    reading("the rules of udev") { try rulesFindings(on: view, faults) }
      + reading("the units of systemd") { try unitFindings() }
      + reading("the scripts") {
        let scripts = try callouts.inventory()
        return (scripts.callouts + scripts.notifiers).compactMap { script in
          script.fault.map {
            Finding(
              .script, .warning, resources: [script.path],
              "script '\(script.path)' is not run: \($0)")
          }
        }
      }
  }

  private func rulesFindings(on view: HostView, _ faults: [Finding]) throws -> [Finding] {
    // Files that are there and can't be read define something all the same.
    let unreadable = faults.filter { $0.rule == .unreadableDefinition }.flatMap(\.devices)
    let isAllKnown = !faults.contains { $0.rule == .unreadable && $0.severity == .error }
    let known = view.knownDevices.union(unreadable.map(\.uuid))
    return try rules.run(in: nil, known: { known }).compactMap { finding in
      switch finding {
      // Who read the AP bus has said that already.
      case .strangeMask: nil
      case .ownerWithoutDevice where !isAllKnown: nil
      default: Finding(.rules, .warning, .boot, finding.fault, remedy: finding.remedy)
      }
    }
  }

  /// Where systemd looks for units, the first place with a unit of a name winning
  /// (systemd.unit(5)).
  private static let unitPlaces = [
    "/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system", "/lib/systemd/system",
  ]

  private func unitFindings() throws -> [Finding] {
    guard try FileKind(at: reader.root.path("/run/systemd/system")) != nil else { return [] }
    let program = try programPath()
    return try ["mdevctl-start@.service", "mdevctl-settle.service"].compactMap { unit in
      let paths = CheckHost.unitPlaces.map { reader.root.path("\($0)/\(unit)") }
      guard let path = try paths.first(where: { try FileKind(at: $0) != nil }) else {
        return Finding(
          .units, .error, .boot, resources: [unit],
          "unit '\(unit)' is not installed, so no device starts at boot")
      }
      let text = String(decoding: try readFile(path, limit: 1 << 20), as: UTF8.self)
      guard !text.contains("\(program) autostart") else { return nil }
      return Finding(
        .units, .warning, .boot, resources: [path],
        "unit '\(path)' does not run '\(program)'")
    }
  }
}
