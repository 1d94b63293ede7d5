// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import MdevStore

/// What is known of a host while it is watched.
struct HostView {
  let reader: HostReader
  let changes: HostChanges
  private var table = HostTable()

  /// A view of which nothing is known yet, kept up to date by what `changes` tells.
  init(of reader: HostReader, by changes: HostChanges) {
    self.reader = reader
    self.changes = changes
  }

  private var root: SystemRoot { reader.root }

  /// Begins to watch what is stored.
  func follow() {
    for store in [reader.store.directory, reader.overrides.directory, reader.cards.directory] {
      watched { () throws(HostError) in try changes.follow(store) }
    }
  }

  /// Looks at the whole host, and forgets what was known.
  ///
  /// What can't be read is told of in a warning and passed over.
  mutating func list() async -> [HostEvent] {
    table = HostTable()
    var subjects = parents()
    subjects += await devices()
    for parent in definedParents() { subjects += definitions(of: parent) }
    for part in [overrides(), settings(), drivers(), masks(), cards()] { subjects += part }
    return subjects.compactMap { table.note($0) }.map { HostEvent($0.subject, .present) }
  }

  /// The events that a change makes.
  mutating func take(_ change: KernelChange) async -> [HostEvent] {
    switch change {
    case .registered(let parent): note([.parent(parent)])
    case .unregistered(let parent): remove([.parent(parent)])
    case .started(let device): await start(device)
    case .stopped(let device): remove([.device(device)])
    case .bound(let device, let driver): note([.driver(device, driver)])
    case .unbound(let device): remove([.driver(device)])
    case .changed(let device): note(functions(of: device))
    case .removed(let device): removeAll(of: device)
    case .mask(let name, let mask): note([.mask(name, mask)])
    }
  }

  /// The events that a change of a directory makes.
  mutating func take(_ change: FileChange) -> [HostEvent] {
    switch change {
    case .arrived(let name, let directory): take(name, in: directory) { $0.arrival($1) }
    case .touched(let name, let directory): take(name, in: directory) { $0.touch($1) }
    case .left(let name, let directory): take(name, in: directory) { $0.departure($1, of: name) }
    case .appeared(let directory), .vanished(let directory): look(at: directory)
    }
  }
}

// MARK: - What the kernel tells

extension HostView {
  private mutating func start(_ device: DeviceIdentity) async -> [HostEvent] {
    guard table[.device(device)] == nil else { return [] }
    // The kernel makes the link to the type after it has told of the device.
    let active = try? await reader.bus.activeDevice(device.uuid)
    return note([.device(device, active?.identity == device ? active?.type : nil)])
  }

  private mutating func removeAll(of device: BusDevice) -> [HostEvent] {
    let events = remove([.driver(device)])
    guard let address = device.pciAddress else { return events }
    return events + remove([.function(address), .card(address)])
  }

  /// The function that a device is, or the functions that it has as a card.
  ///
  /// The kernel tells of a function when its links are there, and of a card when it has all of its
  /// functions (`pci_iov_sysfs_link` and `sriov_enable` in drivers/pci/iov.c).
  private func functions(of device: BusDevice) -> [HostSubject] {
    guard let address = device.pciAddress else { return [] }
    if let card = try? SRIOVCard.card(ofFunction: address, root: root) {
      return [.function(address, of: card)]
    }
    guard let functions = try? SRIOVCard.functionAddresses(of: address, root: root),
      !functions.isEmpty || table[.card(address)] != nil
    else { return [] }
    return [.card(address, functions: functions.count)]
  }

  private mutating func note(_ subjects: [HostSubject]) -> [HostEvent] {
    subjects.compactMap { table.note($0) }
  }

  private mutating func remove(_ identities: [HostSubject.Identity]) -> [HostEvent] {
    identities.compactMap { table.remove($0) }
  }
}

// MARK: - What is stored

extension HostView {
  /// A directory of a store.
  private enum Place {
    case definitions
    case definitionsOf(ParentName)
    case overrides, settings
  }

  private func place(of directory: String) -> Place? {
    switch directory {
    case reader.store.directory: return .definitions
    case reader.overrides.directory: return .overrides
    case reader.cards.directory: return .settings
    default:
      guard let name = directory.pathComponents.last else { return nil }
      let parent = ParentName(unchecked: String(name))
      return directory == reader.store.directory(of: parent) ? .definitionsOf(parent) : nil
    }
  }

  private mutating func take(
    _ name: String, in directory: String, _ judge: (HostTable, StoredFile) -> StoredFile.Verdict
  ) -> [HostEvent] {
    let file: StoredFile?
    switch place(of: directory) {
    case .definitions: return look(at: reader.store.directory(of: ParentName(unchecked: name)))
    case .definitionsOf(let parent): file = definition(in: name, of: parent)
    case .overrides: file = override(in: name)
    case .settings: file = settings(in: name)
    case nil: return []
    }
    guard let file else { return [] }
    switch judge(table, file) {
    case .nothing: return []
    case .noted:
      if let fault = file.fault { reader.notice(Warning("\(fault)")) }
      return note([file.subject])
    case .removed: return remove([file.subject.identity])
    }
  }

  /// Looks at a directory that has come, gone or changed as a whole.
  private mutating func look(at directory: String) -> [HostEvent] {
    switch place(of: directory) {
    case .definitions:
      return knownParents.union(definedParents()).sorted()
        .flatMap { look(at: reader.store.directory(of: $0)) }
    case .definitionsOf(let parent):
      return replace(definitions(of: parent)) {
        if case .definition(let device) = $0 { device.parent == parent } else { false }
      }
    case .overrides:
      return replace(overrides()) { if case .override = $0 { true } else { false } }
    case .settings:
      return replace(settings()) { if case .settings = $0 { true } else { false } }
    case nil: return []
    }
  }

  private var knownParents: Set<ParentName> {
    table.identities.reduce(into: []) {
      if case .definition(let device) = $1 { $0.insert(device.parent) }
    }
  }

  /// Puts subjects in the place of those that are known and meant.
  private mutating func replace(
    _ subjects: [HostSubject], _ isMeant: (HostSubject.Identity) -> Bool
  ) -> [HostEvent] {
    let left = Set(table.identities.filter(isMeant)).subtracting(subjects.map(\.identity))
    return note(subjects) + remove(Array(left))
  }

  private func definition(in name: String, of parent: ParentName) -> StoredFile? {
    guard !name.hasPrefix("."), let uuid = DeviceUUID(text: name) else { return nil }
    let identity = DeviceIdentity(parent: parent, uuid: uuid)
    do {
      let found =
        name.utf8.count == DeviceUUID.textLength
        ? try reader.store.contents(of: [uuid], on: parent)
        : try reader.store.contents(matching: DeviceFilter(identity))
      if let stored = found.definitions.first {
        let subject = HostSubject.definition(identity, stored.device.definition)
        return StoredFile(subject: subject, name: stored.fileName)
      }
      let fault = found.unreadable.first
      return StoredFile(
        subject: .definition(identity, nil), name: fault?.fileName, fault: fault?.reason)
    } catch {
      return StoredFile(subject: .definition(identity, nil), name: name, fault: error)
    }
  }

  private func override(in name: String) -> StoredFile? {
    guard let device = OverrideStore.device(ofFile: name) else { return nil }
    do throws(StoreError) {
      let driver = try reader.overrides.driver(for: device)
      return StoredFile(subject: .override(device, driver), name: driver == nil ? nil : name)
    } catch {
      return StoredFile(subject: .override(device, nil), name: name, fault: error)
    }
  }

  private func settings(in name: String) -> StoredFile? {
    guard let card = PCIAddress(text: name) else { return nil }
    do throws(StoreError) {
      let settings = try reader.cards.settings(of: card)
      return StoredFile(subject: .settings(card, settings), name: settings == nil ? nil : name)
    } catch {
      return StoredFile(subject: .settings(card, nil), name: name, fault: error)
    }
  }
}

/// A file of a store as it is when it is looked at after something happened to it.
private struct StoredFile {
  let subject: HostSubject
  /// The name of the file that it is read from; `nil` if there is none any more.
  let name: String?
  /// The reason why it can't be read.
  var fault: (any Error)?

  enum Verdict {
    case nothing, noted, removed
  }
}

extension HostTable {
  /// A file that is gone again already is noted all the same, unless it only went: its departure
  /// follows.
  fileprivate func arrival(_ file: StoredFile) -> StoredFile.Verdict {
    file.name == nil && self[file.subject.identity] != nil ? .nothing : .noted
  }

  /// One that can't be read may still be on its way.
  fileprivate func touch(_ file: StoredFile) -> StoredFile.Verdict {
    guard file.name != nil else { return .nothing }
    return file.fault == nil || self[file.subject.identity] != nil ? .noted : .nothing
  }

  /// Another file may say the same of the device.
  fileprivate func departure(_ file: StoredFile, of name: String) -> StoredFile.Verdict {
    file.name == nil || file.name == name ? .removed : .noted
  }
}

extension BusDevice {
  /// The address of a PCI function; `nil` of any other device.
  fileprivate var pciAddress: PCIAddress? { bus == .pci ? PCIAddress(text: name.name) : nil }
}
