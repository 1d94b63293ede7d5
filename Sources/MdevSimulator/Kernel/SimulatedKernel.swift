// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// A Linux host in memory: a tree of files, and what happens when they are read and written.
///
/// A value, so that a test can keep a copy of a state. Nothing in here blocks: a write that would
/// wait in the kernel gives back a ticket, and its result comes with ``takeFinishedWrites()``.
package struct SimulatedKernel: Sendable {
  /// A write whose result is still to come.
  package struct Ticket: Hashable, Sendable {
    let number: Int
  }

  /// The outcome of a write: done, refused or waiting.
  package enum WriteOutcome: Equatable, Sendable {
    case accepted(Int)
    case refused(KernelError)
    case waiting(Ticket)
  }

  /// A write that had to wait and now has its result.
  package struct FinishedWrite: Equatable, Sendable {
    package let ticket: Ticket
    package let outcome: WriteOutcome
  }

  /// Every file, link and directory of the host.
  package internal(set) var tree = SysfsTree()
  /// The record of writes and uevents.
  package internal(set) var journal = Journal()

  var profile: Profile
  var modules: Set<String> = []
  var buses: [String: Bus] = [:]
  var parents: [String: MdevParent] = [:]
  var mdevs: [DeviceUUID: MdevDevice] = [:]
  var vfio = VFIOState()
  var ap: SimulatedAPBus?
  var physicalFunctions: [String: PhysicalFunction] = [:]
  /// The physical function of each virtual one.
  var cards: [String: String] = [:]
  var vgpus: [String: VGPUState] = [:]
  /// The GPUs whose functions can have vGPUs.
  var gpus: [String: GPUState] = [:]
  /// The shares of the functions of Intel's cards.
  var provisions: [String: Provision] = [:]
  var faults = FaultPlan()
  var pending: [PendingStep] = []
  var finished: [FinishedWrite] = []
  var now: Duration = .zero

  /// The longest text that one write hands to an attribute (`kernfs_fop_write_iter`).
  static let pageSize = 4096
}

// MARK: - Reading and writing

extension SimulatedKernel {
  /// Opens a file for reading or writing, apart from who may (`kernfs_fop_open`).
  ///
  /// sysfs asks for the permission bit of somebody, whoever opens; root passes no further.
  package mutating func open(
    _ id: SysfsTree.NodeID, reading: Bool, writing: Bool
  ) throws(KernelError) {
    guard let node = tree[id] else { throw .noEntry }
    guard case .attribute(let attribute) = node.content else { throw .isDirectory }
    if reading, node.mode & 0o444 == 0 { throw .accessDenied }
    if writing, node.mode & 0o222 == 0 { throw .accessDenied }
    if case .vfioGroup(let group) = attribute {
      try checkTypes(inGroup: group)
      try vfio.open(group, held: faults.held)
    }
  }

  /// The last close of what ``open(_:reading:writing:)`` opened.
  package mutating func close(_ id: SysfsTree.NodeID) {
    guard case .attribute(.vfioGroup(let group)) = tree[id]?.content else { return }
    vfio.close(group)
    for device in vfio.groups[group]?.devices ?? [] { didClose(device) }
    takePendingSteps()
  }

  /// True while a read would wait: `sriov_numvfs` takes the lock of its device
  /// (`sriov_numvfs_show` in drivers/pci/iov.c).
  package func isReadBlocked(_ id: SysfsTree.NodeID) -> Bool {
    guard case .attribute(.sriov(.functionCount, let address)) = tree[id]?.content else {
      return false
    }
    return isLocked(address)
  }

  /// The text of an attribute; ENODEV once its file is gone (`kernfs_get_active`).
  ///
  /// A page is too much, and is cut by a byte (`sysfs_kf_seq_show` in fs/sysfs/file.c).
  package func read(_ id: SysfsTree.NodeID) throws(KernelError) -> String {
    let text = try wholeText(id)
    guard text.utf8.count >= SimulatedKernel.pageSize else { return text }
    return String(decoding: text.utf8.prefix(SimulatedKernel.pageSize - 1), as: UTF8.self)
  }

  /// The bytes that a process reads; the kernel's log tells when a text was cut.
  package mutating func readLogging(_ id: SysfsTree.NodeID) throws(KernelError) -> [UInt8] {
    try faults.strike(tree.path(of: id), .reading)
    if case .attribute(.bytes(let bytes)) = tree[id]?.content { return bytes }
    let text = try read(id)
    if try wholeText(id).utf8.count > text.utf8.count {
      log("fill_read_buffer: \(tree[id]?.name ?? "")_show returned bad count")
    }
    return Array(text.utf8)
  }

  private func wholeText(_ id: SysfsTree.NodeID) throws(KernelError) -> String {
    guard let node = tree[id] else { throw .noDevice }
    guard case .attribute(let attribute) = node.content else { throw .isDirectory }
    return try show(attribute)
  }

  /// Writes to an attribute; an empty write does nothing, a long one takes a page.
  package mutating func write(_ bytes: [UInt8], to id: SysfsTree.NodeID) -> WriteOutcome {
    guard let node = tree[id] else { return .refused(.noDevice) }
    guard case .attribute(let attribute) = node.content else { return .refused(.isDirectory) }
    guard !bytes.isEmpty else { return .accepted(0) }
    let bytes = Array(bytes.prefix(SimulatedKernel.pageSize))
    let path = tree.path(of: id)
    let entry = journal.append(
      .write(path: path, text: String(decoding: bytes, as: UTF8.self), result: .waiting))
    do {
      try faults.strike(path, .writing)
      let wait = try storeLocking(bytes, in: attribute, node: id)
      guard let wait else { return finish(entry, .accepted(bytes.count)) }
      let ticket = Ticket(number: entry)
      pending.append(PendingStep(wait: wait, ticket: ticket, count: bytes.count))
      return .waiting(ticket)
    } catch {
      return finish(entry, .refused(error))
    }
  }

  /// Permission bits as `chmod` sets them.
  package mutating func setMode(_ mode: UInt32, of id: SysfsTree.NodeID) {
    tree.setMode(mode, of: id)
  }

  /// The results that came since the last call.
  package mutating func takeFinishedWrites() -> [FinishedWrite] {
    defer { finished = [] }
    return finished
  }

  /// Notes that the process of a waiting write got a signal, which does not end the wait
  /// (`vfio_unregister_group_dev` in drivers/vfio/vfio_main.c).
  package mutating func interrupt(_ ticket: Ticket) {
    guard let step = pending.first(where: { $0.ticket == ticket }), let name = step.wait.device
    else { return }
    log("\(name): Device is currently in use, task blocked until device is released")
  }

  mutating func finish(_ entry: Int, _ outcome: WriteOutcome) -> WriteOutcome {
    switch outcome {
    case .accepted: journal.finish(entry, .accepted)
    case .refused(let error): journal.finish(entry, .refused(error))
    case .waiting: break
    }
    return outcome
  }

  /// Announces a change, as udev would hear it.
  mutating func announce(_ action: String, _ path: String, _ details: String...) {
    _ = journal.append(
      .uevent(action: action, path: String(path.dropFirst("/sys".count)), details: details))
  }

  mutating func log(_ text: String) {
    _ = journal.append(.message(text))
  }
}

// MARK: - Attributes

extension SimulatedKernel {
  private func show(_ attribute: Attribute) throws(KernelError) -> String {
    switch attribute {
    case .text(let text), .stored(let text): text
    case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
    case .ignored, .vfioGroup, .vfioContainer: ""
    case .refusing(let error): throw error
    case .uevent(let bus, let device): uevent(of: device, on: bus)
    case .driver(let attribute): try show(attribute)
    case .mdev(let attribute): try show(attribute)
    case .matrix(let attribute, let uuid): try show(attribute, of: uuid)
    case .ap(let attribute): try show(attribute)
    case .vgpu(let attribute, let function): try show(attribute, of: function)
    case .sriov(let attribute, let address): try show(attribute, of: address)
    case .gpu(let attribute, let address): try show(attribute, of: address)
    case .provision(let attribute, let target, let address):
      try show(attribute, of: target, on: address)
    }
  }

  /// Carries a write out, unless the lock that it takes first is another's; what it waits for, if
  /// it cannot be done at once.
  mutating func storeLocking(
    _ bytes: [UInt8], in attribute: Attribute, node: SysfsTree.NodeID
  ) throws(KernelError) -> Wait? {
    if let device = device(lockedBy: attribute, bytes), isLocked(device) {
      return .lock(of: device, LockedWrite(bytes: bytes, attribute: attribute, node: node))
    }
    return try store(bytes, in: attribute, node: node)
  }

  private mutating func store(
    _ bytes: [UInt8], in attribute: Attribute, node: SysfsTree.NodeID
  ) throws(KernelError) -> Wait? {
    switch attribute {
    case .text, .vfioGroup, .vfioContainer: throw .invalid
    case .ignored, .bytes: return nil
    case .refusing(let error): throw error
    case .stored: tree.setAttribute(.stored(String(decoding: bytes, as: UTF8.self)), of: node)
    case .uevent: try triggerUevent(bytes, node: node)
    case .driver(let attribute): return try store(bytes, in: attribute)
    case .mdev(let attribute): return try store(bytes, in: attribute)
    case .matrix(let attribute, let uuid): try store(bytes, in: attribute, of: uuid)
    case .ap(let attribute): try store(bytes, in: attribute)
    case .vgpu(let attribute, let function): try store(bytes, in: attribute, of: function)
    case .sriov(let attribute, let address): return try store(bytes, in: attribute, of: address)
    case .gpu(let attribute, let address): try store(bytes, in: attribute, of: address)
    case .provision(let attribute, let target, let address):
      try store(bytes, in: attribute, of: target, on: address)
    }
    return nil
  }

  private func uevent(of device: String, on bus: String?) -> String {
    guard let bus, let device = buses[bus]?.devices[device] else { return "" }
    let driver = device.driver.map { ["DRIVER=\($0)"] } ?? []
    return (driver + device.ueventLines).map { $0 + "\n" }.joined()
  }

  /// A synthetic uevent: the word must be an action (`lib/kobject_uevent.c`).
  private mutating func triggerUevent(
    _ bytes: [UInt8], node: SysfsTree.NodeID
  ) throws(KernelError) {
    let word = KernelText.line(bytes).split(separator: " ").first.map(String.init) ?? ""
    let actions = ["add", "remove", "change", "move", "online", "offline", "bind", "unbind"]
    guard actions.contains(word) else { throw .invalid }
    let path = tree.path(of: node)
    announce(word, String(path.dropLast("/uevent".count)), "SYNTH_UUID=0")
  }
}
