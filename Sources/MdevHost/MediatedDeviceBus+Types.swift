// SPDX-License-Identifier: Apache-2.0

package import MdevModel
import SystemPackage

/// The types that a parent offers.
package struct ParentTypes: Hashable, Sendable {
  package let parent: ParentName
  /// Sorted by name.
  package let types: [MediatedDeviceType]
}

extension MediatedDeviceBus {
  /// The kernel's answer about a parent and one of its types.
  package enum TypeState: Hashable, Sendable {
    /// The type is there; the number is advisory (`available_instances`), `nil` if unreadable.
    case present(availableInstances: Int?)
    /// No such parent; `similar` is one that is spelled a little otherwise.
    case noParent(similar: ParentName?)
    /// The device is there, but offers no types now.
    case notRegistered
    /// The parent offers other types only.
    case noType
  }

  /// The parents that are registered now, sorted.
  package func parents() throws(HostError) -> Outcome<[ParentName]> {
    var outcome = Outcome<[ParentName]>([])
    guard let directory = try Directory.existing(parentsDirectory) else { return outcome }
    for entry in try directory.readEntries() {
      switch entry.kind {
      case .undecodable:
        outcome.warnings.append(
          Warning("ignoring '\(directory.path)/\(entry.name)': its name is not UTF-8"))
      case .file, .other:
        outcome.warnings.append(
          Warning("ignoring '\(directory.path)/\(entry.name)': it is no parent device"))
      default: outcome.value.append(ParentName(unchecked: entry.name))
      }
    }
    outcome.value.sort()
    outcome.warnings.sort()
    return outcome
  }

  /// The types of all parents, or of `parent` only, sorted by parent.
  package func types(of parent: ParentName? = nil) throws(HostError) -> Outcome<[ParentTypes]> {
    try types(among: parents(), of: parent)
  }

  /// The types of parents that were read before.
  package func types(
    among parents: Outcome<[ParentName]>, of parent: ParentName? = nil
  ) -> Outcome<[ParentTypes]> {
    var parents = parents
    if let parent { parents.value.removeAll { $0 != parent } }
    return types(among: parents, type(_:in:_:))
  }

  /// The types of parents, each as `read` reads it.
  private func types(
    among parents: Outcome<[ParentName]>, _ read: TypeReading
  ) -> Outcome<[ParentTypes]> {
    var outcome = Outcome<[ParentTypes]>([], warnings: parents.warnings)
    for name in parents.value {
      do throws(HostError) {
        let types = try types(offeredBy: name, read)
        outcome.value.append(ParentTypes(parent: name, types: types.value))
        outcome.warnings += types.warnings
      } catch let error where error.meaning == .missing && isGone(name) {
        continue
      } catch {
        outcome.warnings.append(Warning("ignoring parent '\(name)': \(error)"))
      }
    }
    return outcome
  }

  /// The names of the types that a parent offers now, sorted.
  package func typeNames(of parent: ParentName) throws(HostError) -> [TypeName] {
    try typeNames(in: try typesDirectory(of: parent)).sorted()
  }

  /// The types that a parent offers now with the names that its driver has for them, sorted.
  package func namedTypes(of parent: ParentName) throws(HostError) -> [NamedType] {
    let directory = try typesDirectory(of: parent)
    var buffer: [UInt8] = []
    var types: [NamedType] = []
    for name in try typeNames(in: directory).sorted() {
      let displayName = try optional("\(name)/name", in: directory, &buffer)
      types.append(NamedType(name: name, displayName: displayName))
    }
    return types
  }

  /// One type of a parent.
  package func type(
    _ type: TypeName, of parent: ParentName
  ) throws(HostError) -> MediatedDeviceType {
    var buffer: [UInt8] = []
    return try self.type(type, in: try typesDirectory(of: parent), &buffer)
  }

  private func typesDirectory(of parent: ParentName) throws(HostError) -> Directory {
    try Directory("\(parentsDirectory)/\(parent)/mdev_supported_types")
  }

  private func typeNames(in directory: borrowing Directory) throws(HostError) -> [TypeName] {
    // Beside the types there may be files.
    try directory.readEntries().filter { $0.kind != .file && $0.kind != .other }
      .map { TypeName(unchecked: $0.name) }
  }

  /// The types of those of some parents that are there and offer any; of each no more than for how
  /// many devices there is room.
  package func rooms(of parents: Set<ParentName>) throws(HostError) -> Outcome<[ParentTypes]> {
    let present = try registeredParents(among: parents).sorted()
    return types(among: Outcome(present), room(of:in:_:))
  }

  /// Those of the parents that are there and offer types now.
  package func registeredParents(among parents: Set<ParentName>) throws(HostError) -> Set<
    ParentName
  > {
    var present: Set<ParentName> = []
    for parent in parents
    where try FileKind(at: "\(parentsDirectory)/\(parent)/mdev_supported_types") != nil {
      present.insert(parent)
    }
    return present
  }

  /// Those of the parents that are there and offer types, as soon as there is one, or when the
  /// deadline has passed.
  package func registeredParents(
    among parents: Set<ParentName>, until deadline: ContinuousClock.Instant
  ) async throws -> Set<ParentName> {
    try await poll(every: .milliseconds(200), until: deadline) {
      let present = try registeredParents(among: parents)
      return present.isEmpty ? nil : present
    } ?? []
  }

  /// The driver that has the parent device; `nil` where the kernel names none, as of a device that
  /// is its driver's own.
  package func driver(of parent: ParentName) throws(HostError) -> String? {
    try linkedName("\(parentsDirectory)/\(parent)/driver")
  }

  /// Tells if `type` can be asked of `parent`.
  package func state(of type: TypeName, on parent: ParentName) throws(HostError) -> TypeState {
    let types = "\(parentsDirectory)/\(parent)/mdev_supported_types"
    // Where this can be read, all that leads to it is there.
    let instances = try? SysfsAttribute("\(types)/\(type)/available_instances").read()
    if let count = instances.flatMap({ Int($0) }) { return .present(availableInstances: count) }
    guard isPresent(parent) else {
      let similar = try parents().value.first { $0.spelling == parent.spelling }
      return .noParent(similar: similar)
    }
    guard try FileKind(at: types) != nil else { return .notRegistered }
    guard try FileKind(at: "\(types)/\(type)") != nil else { return .noType }
    return .present(availableInstances: nil)
  }

  /// Tells if not even the class's link to the parent is there any more.
  private func isGone(_ parent: ParentName) -> Bool {
    (try? FileKind(at: "\(parentsDirectory)/\(parent)")) == .some(nil)
  }

  private func isPresent(_ parent: ParentName) -> Bool {
    ((try? FileKind(at: "\(parentsDirectory)/\(parent)/.")) ?? nil) != nil
  }

  /// Reads a type in the directory of the types of a parent, by way of a buffer that all share.
  private typealias TypeReading = (
    TypeName, borrowing Directory, inout [UInt8]
  ) throws(HostError) -> MediatedDeviceType

  private func types(
    offeredBy parent: ParentName, _ read: TypeReading
  ) throws(HostError) -> Outcome<[MediatedDeviceType]> {
    var outcome = Outcome<[MediatedDeviceType]>([])
    let directory = try typesDirectory(of: parent)
    var buffer: [UInt8] = []
    for name in try typeNames(in: directory) {
      do throws(HostError) {
        outcome.value.append(try read(name, directory, &buffer))
      } catch {
        outcome.warnings.append(Warning("ignoring type '\(name)' of parent '\(parent)': \(error)"))
      }
    }
    outcome.value.sort { $0.name < $1.name }
    outcome.warnings.sort()
    return outcome
  }

  private func room(
    of type: TypeName, in directory: borrowing Directory, _ buffer: inout [UInt8]
  ) throws(HostError) -> MediatedDeviceType {
    let instances = "\(type)/available_instances"
    guard let available = Int(try directory.attribute(instances, into: &buffer)) else {
      throw HostError(.read, "\(directory.path)/\(instances)", .notANumber)
    }
    return MediatedDeviceType(name: type, availableInstances: available)
  }

  private func type(
    _ type: TypeName, in directory: borrowing Directory, _ buffer: inout [UInt8]
  ) throws(HostError) -> MediatedDeviceType {
    MediatedDeviceType(
      name: type, availableInstances: try room(of: type, in: directory, &buffer).availableInstances,
      deviceAPI: try directory.attribute("\(type)/device_api", into: &buffer),
      displayName: try optional("\(type)/name", in: directory, &buffer),
      details: try optional("\(type)/description", in: directory, &buffer)?.joiningLines)
  }

  /// The text of an attribute that not every driver has; `nil` also when it is empty.
  private func optional(
    _ name: String, in directory: borrowing Directory, _ buffer: inout [UInt8]
  ) throws(HostError) -> String? {
    let text = try directory.readAttribute(name, into: &buffer)
    return text?.isEmpty == true ? nil : text
  }
}

extension String {
  /// The text with `, ` for the ends of lines.
  fileprivate var joiningLines: String {
    let bytes = utf8.span
    guard bytes.indices.contains(where: { bytes[$0] == UInt8(ascii: "\n") }) else { return self }
    return split(separator: "\n", omittingEmptySubsequences: false).joined(separator: ", ")
  }
}
