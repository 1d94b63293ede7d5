// SPDX-License-Identifier: Apache-2.0

import MdevCallouts
import MdevHost
package import MdevModel
package import MdevPlanning
import MdevStore

/// The search for conflicts and mistakes on the whole host.
package struct CheckHost: Sendable {
  let reader: HostReader
  let callouts: Callouts
  let rules: CheckRules

  /// Finds everything that is wrong on this host at these times, errors first.
  package func run(_ moments: Set<Moment>) throws -> [Finding] {
    let (host, problems) = reader.snapshot(.everything)
    let further = problems + installationProblems(on: host, problems)
    return Inspection(host, further: further).findings.at(moments)
  }

  /// Finds what is wrong with the files that make a boot and a change go as they should.
  private func installationProblems(on host: HostSnapshot, _ known: [Problem]) -> [Problem] {
    reading(.rules) { try rulesProblems(on: host, known) }
      + reading(.units) { try unitProblems(on: host) }
      + reading(.initrd) {
        let stale = try Initrd.stale(under: reader.overrides, root: reader.root)
        return stale.map { [.initrdStale(path: $0.path, by: $0.maker)] } ?? []
      }
      + reading(.scripts) {
        let scripts = try callouts.inventory()
        let others = scripts.otherCallouts + scripts.otherNotifiers
        return (scripts.callouts + scripts.notifiers + others).compactMap { script in
          script.fault.map { .scriptNotRun(path: script.path, Cause($0)) }
        }
      }
  }

  private func rulesProblems(on host: HostSnapshot, _ known: [Problem]) throws -> [Problem] {
    // Files that are there and can't be read define something all the same.
    let unreadable = known.filter { $0.rule == .unreadableDefinition }.flatMap(\.devices)
    let isAllKnown = !known.contains { $0.rule == .unreadable && $0.severity == .error }
    let devices = host.knownDevices.union(unreadable.map(\.uuid))
    return try rules.run(in: nil, known: { devices }).compactMap { problem in
      switch problem {
      // Who read the AP bus has said that already.
      case .strangeMask: nil
      case .ownerWithoutDevice where !isAllKnown: nil
      default: .rules(problem)
      }
    }
  }

  /// Where systemd looks for units, the first place with a unit of a name winning
  /// (systemd.unit(5)).
  private static let unitPlaces = [
    "/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system",
    "/usr/lib/systemd/system", "/lib/systemd/system",
  ]

  private func unitProblems(on host: HostSnapshot) throws -> [Problem] {
    guard try FileKind(at: reader.root.path("/run/systemd/system")) != nil else { return [] }
    let program = try programPath()
    let isApplied = try FileKind(at: reader.root.path(HostDescription.ofBoot)) != nil
    let units =
      [("mdevctl-start@.service", "autostart"), ("mdevctl-settle.service", "autostart")]
      + (host.storedCards.isEmpty ? [] : [("mdevctl-vgpu@.service", "vgpu restore")])
      + (isApplied ? [("mdevctl-apply.service", "apply")] : [])
    return try units.compactMap { unit, command in
      let paths = CheckHost.unitPlaces.map { reader.root.path("\($0)/\(unit)") }
      guard let path = try paths.first(where: { try FileKind(at: $0) != nil }) else {
        return .unitMissing(name: unit)
      }
      let text = try textOfFile(path, limit: 1 << 20) ?? ""
      if text.holds("\(program) \(command)") { return nil }
      let isBare = ["=mdevctl \(command)", "=-mdevctl \(command)"].contains(where: text.holds)
      let runsUs = try isBare && programOfUnits() == program
      return runsUs ? nil : .unitForeign(path: path, program: program)
    }
  }

  /// The program that systemd takes for a bare name: the first in these directories, whatever PATH
  /// is (systemd.exec(5), ExecSearchPath).
  private func programOfUnits() throws -> String? {
    let places = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]
    let paths = places.map { reader.root.path("\($0)/mdevctl") }
    return try paths.first { try FileKind(at: $0) != nil }.map { try resolvedPath($0) }
  }
}

extension [Finding] {
  /// Those that hurt at one of these times: errors, then warnings, else as they were found.
  func at(_ moments: Set<Moment>) -> [Finding] {
    let wanted = filter { !$0.problem.moments.isDisjoint(with: moments) }
    return wanted.filter { $0.problem.severity == .error }
      + wanted.filter { $0.problem.severity == .warning }
  }
}
