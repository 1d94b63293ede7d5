// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevRules

/// The check of rules against those that a host should have.
package struct CheckRules: Sendable {
  let reader: HostReader

  /// Finds what is wrong with the rules in effect, or with those in one directory.
  package func run(in directory: String?) throws -> [RulesFinding] {
    try run(in: directory, known: { try reader.knownDevices() })
  }

  /// Finds what is wrong where the devices that are defined or run may have been read before.
  func run(
    in directory: String?, known: () throws -> Set<DeviceUUID>
  ) throws -> [RulesFinding] {
    let rules = RulesDirectory(root: reader.root, named: directory)
    return try rules.generalRules().compactMap { try finding(about: $0, in: rules) }
      + findings(aboutMasksIn: rules) + findings(aboutOwnersIn: rules, known: known)
  }

  private func finding(about file: RulesFile, in rules: RulesDirectory) throws -> RulesFinding? {
    guard let (path, text) = try rules.fileInEffect(file.name) else {
      return .missing(name: file.name)
    }
    if text == file.text || rules.isReplacement(text, of: file) { return nil }
    let isInTheWay = path == "\(rules.path)/\(file.name)"
    return RulesFile.isOurs(text)
      ? .outdated(path: path) : .foreign(path: path, isInTheWay: isInTheWay)
  }

  private func findings(aboutMasksIn rules: RulesDirectory) throws -> [RulesFinding] {
    guard let (path, text) = try rules.fileInEffect(RulesFile.masksName) else { return [] }
    do throws(APMaskError) {
      _ = try APMaskRules(text: text, over: .all)
    } catch {
      return [.strangeMask(path: path, error)]
    }
    return APMaskRules.takeEffect(text) ? [] : [.masksWithoutEffect(path: path)]
  }

  private func findings(
    aboutOwnersIn rules: RulesDirectory, known: () throws -> Set<DeviceUUID>
  ) throws -> [RulesFinding] {
    guard let (path, text) = try rules.fileInEffect(RulesFile.ownersName) else { return [] }
    let read = RulesFile.owners(in: text)
    let known = try known()
    return read.strangeLines.map { .strangeLine(path: path, line: $0) }
      + read.owners.filter { !known.contains($0.uuid) }.map { .ownerWithoutDevice($0.uuid) }
  }
}
