// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
package import MdevPlanning
import MdevRules

/// The check of rules against those that a host should have.
package struct CheckRules: Sendable {
  let reader: HostReader

  /// Finds what is wrong with the rules in effect, or with those in one directory.
  package func run(in directory: String?) throws -> [RulesProblem] {
    try run(in: directory, known: { try reader.knownDevices() })
  }

  /// Finds what is wrong where the devices that are defined or run may have been read before.
  func run(
    in directory: String?, known: () throws -> Set<DeviceUUID>
  ) throws -> [RulesProblem] {
    let rules = RulesDirectory(root: reader.root, named: directory)
    return try rules.generalRules().compactMap { try problem(about: $0, in: rules) }
      + problems(aboutMasksIn: rules) + problems(aboutOwnersIn: rules, known: known)
  }

  private func problem(about file: RulesFile, in rules: RulesDirectory) throws -> RulesProblem? {
    guard let (path, text) = try rules.fileInEffect(file.name) else {
      return .missing(name: file.name)
    }
    if text == file.text || rules.isReplacement(text, of: file) { return nil }
    let isInTheWay = path == "\(rules.path)/\(file.name)"
    return RulesFile.isOurs(text)
      ? .outdated(path: path) : .foreign(path: path, isInTheWay: isInTheWay)
  }

  private func problems(aboutMasksIn rules: RulesDirectory) throws -> [RulesProblem] {
    guard let (path, text) = try rules.fileInEffect(RulesFile.masksName) else { return [] }
    do throws(APMaskError) {
      let masks = try APMaskRules(text: text, over: .all).masks(over: .all)
      return APMaskRules.takeEffect(text) ? [] : [.masksWithoutEffect(path: path, masks)]
    } catch {
      return [.strangeMask(path: path, error)]
    }
  }

  private func problems(
    aboutOwnersIn rules: RulesDirectory, known: () throws -> Set<DeviceUUID>
  ) throws -> [RulesProblem] {
    guard let (path, text) = try rules.fileInEffect(RulesFile.ownersName) else { return [] }
    let read = RulesFile.owners(in: text)
    let known = try known()
    return read.strangeLines.map { .strangeLine(path: path, line: $0) }
      + read.owners.filter { !known.contains($0.uuid) }.map { .ownerWithoutDevice($0.uuid) }
  }
}
