// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The directories, links and attributes that the kernel shows (`fs/kernfs`).
///
/// Paths are absolute, as seen by a process on the simulated host: `/sys/bus/mdev`.
package struct SysfsTree: Sendable {
  /// One node; a number is never used again.
  package struct NodeID: Hashable, Sendable {
    package let number: UInt64

    package init(number: UInt64) {
      self.number = number
    }
  }

  /// The content of a node.
  package enum Content: Hashable, Sendable {
    case directory
    /// The text is relative, as `readlink` gives it.
    case link(String)
    case attribute(Attribute)
  }

  /// A directory, a link or an attribute, with its name and its permission bits.
  package struct Node: Sendable {
    package let parent: NodeID
    package let name: String
    package var mode: UInt32
    package var content: Content
  }

  /// An attribute that is to be made.
  struct File {
    let name: String
    let attribute: Attribute
    let mode: UInt32

    init(_ name: String, _ attribute: Attribute, mode: UInt32 = 0o444) {
      (self.name, self.attribute, self.mode) = (name, attribute, mode)
    }

    /// One that always reads `text`.
    init(_ name: String, _ text: String) {
      self.init(name, .text(text + "\n"))
    }
  }

  /// `/` of the simulated host; it is its own parent.
  package static let root = NodeID(number: 1)

  private var nodes: [NodeID: Node] = [
    root: Node(parent: root, name: "", mode: 0o755, content: .directory)
  ]
  private var children: [NodeID: [String: NodeID]] = [:]
  /// The number of directories in each directory.
  private var directoryCounts: [NodeID: Int] = [:]
  private var nextNumber: UInt64 = 2
  private var permanent: Set<NodeID> = []
  /// The place of directories that were written to lately.
  ///
  /// One that is still there has the same path, since none is renamed and no number is used again.
  private var recent: [String: NodeID] = [:]

  /// The node, unless it was removed.
  package subscript(id: NodeID) -> Node? { nodes[id] }

  /// Tells whether a node stays as long as the host.
  package func isPermanent(_ id: NodeID) -> Bool { permanent.contains(id) }

  /// Permission bits as `chmod` sets them.
  package mutating func setMode(_ mode: UInt32, of id: NodeID) {
    nodes[id]?.mode = mode
  }

  /// Replaces an attribute.
  mutating func setAttribute(_ attribute: Attribute, of id: NodeID) {
    nodes[id]?.content = .attribute(attribute)
  }
}

// MARK: - Finding

extension SysfsTree {
  /// The entry called `name` in a directory.
  package func child(_ name: String, of directory: NodeID) -> NodeID? {
    children[directory]?[name]
  }

  /// The names in a directory, sorted, with their nodes.
  package func entries(of directory: NodeID) -> [(name: String, id: NodeID)] {
    (children[directory] ?? [:]).map { (name: $0.key, id: $0.value) }.sorted { $0.name < $1.name }
  }

  /// Counts the directories in a directory, which `stat` shows as links.
  package func directoryCount(of directory: NodeID) -> Int {
    directoryCounts[directory] ?? 0
  }

  /// The node at `path`, no link followed.
  package func find(_ path: String) -> NodeID? {
    var id = SysfsTree.root
    for name in SysfsTree.names(of: path) {
      guard let next = children[id]?[String(name)] else { return nil }
      id = next
    }
    return id
  }

  /// Tells whether there is anything at `path`.
  package func contains(_ path: String) -> Bool {
    find(path) != nil
  }

  /// The path of a node.
  package func path(of id: NodeID) -> String {
    var names: [String] = []
    var id = id
    while id != SysfsTree.root, let node = nodes[id] {
      names.append(node.name)
      id = node.parent
    }
    return "/" + names.reversed().joined(separator: "/")
  }

  /// `path` with the links followed that exist; what does not exist is kept as it is.
  package func resolve(_ path: String) -> String {
    // The way so far, each name with its node if it has one.
    var done: [(name: String, id: NodeID?)] = []
    var rest = path.split(separator: "/").reversed().map(String.init)
    var steps = 0
    while let name = rest.popLast() {
      if name == "." { continue }
      if name == ".." {
        _ = done.popLast()
        continue
      }
      let directory = done.isEmpty ? SysfsTree.root : done[done.count - 1].id
      let id = directory.flatMap { children[$0]?[name] }
      steps += 1
      if steps < 100, let id, case .link(let target) = nodes[id]?.content {
        rest += target.split(separator: "/").reversed().map(String.init)
      } else {
        done.append((name, id))
      }
    }
    return "/" + done.map { $0.name }.joined(separator: "/")
  }
}

// MARK: - Changing

extension SysfsTree {
  /// Makes a directory and those above it that are missing.
  @discardableResult
  mutating func addDirectory(_ path: String) -> NodeID {
    if let id = recent[path], nodes.index(forKey: id) != nil { return id }
    var id = SysfsTree.root
    for name in SysfsTree.names(of: path) {
      id =
        children[id]?[String(name)]
        ?? insert(String(name), in: id, mode: 0o755, content: .directory)
    }
    if recent.count >= 1024 { recent.removeAll(keepingCapacity: true) }
    recent[path] = id
    return id
  }

  /// Makes a directory that stays, and those above it.
  mutating func addPermanentDirectory(_ path: String) {
    var id = addDirectory(path)
    while let node = nodes[id], id != SysfsTree.root, permanent.insert(id).inserted {
      id = node.parent
    }
  }

  /// Makes an attribute, in place of one that is there.
  mutating func add(_ attribute: Attribute, at path: String, mode: UInt32) {
    let (directory, name) = split(path)
    insert(name, in: addDirectory(directory), mode: mode, content: .attribute(attribute))
  }

  /// Makes attributes that are all in one directory, which is looked for once.
  mutating func add(_ files: [File], in path: String) {
    let directory = addDirectory(path)
    for file in files {
      insert(file.name, in: directory, mode: file.mode, content: .attribute(file.attribute))
    }
  }

  /// Makes a link, relative as sysfs writes them (`fs/sysfs/symlink.c`).
  mutating func link(_ path: String, to target: String) {
    let (directory, name) = split(path)
    let text = SysfsTree.relative(from: directory, to: target)
    insert(name, in: addDirectory(directory), mode: 0o777, content: .link(text))
  }

  /// Removes a node and all below it; nothing happens when there is none.
  mutating func remove(_ path: String) {
    let (directory, name) = split(path)
    let known = recent[directory].flatMap { children[$0]?[name] }
    guard let id = known ?? find(path), let node = nodes[id], id != SysfsTree.root else { return }
    children[node.parent]?[node.name] = nil
    forget(id)
  }

  /// Empties the permanent directories of all but each other.
  ///
  /// Numbers go on from where they are, so what somebody has open is gone and not another file.
  mutating func removeAllButPermanent() {
    nodes = nodes.filter { permanent.contains($0.key) || $0.key == SysfsTree.root }
    children = children.filter { nodes[$0.key] != nil }
      .mapValues { $0.filter { nodes[$0.value] != nil } }
    // No link and no attribute is permanent.
    directoryCounts = children.mapValues(\.count)
  }

  private mutating func forget(_ id: NodeID) {
    if let node = nodes.removeValue(forKey: id), case .directory = node.content {
      directoryCounts[node.parent]? -= 1
      directoryCounts[id] = nil
    }
    for child in (children.removeValue(forKey: id) ?? [:]).values { forget(child) }
  }

  @discardableResult
  private mutating func insert(
    _ name: String, in directory: NodeID, mode: UInt32, content: Content
  ) -> NodeID {
    let id = NodeID(number: nextNumber)
    nextNumber += 1
    if let old = children[directory, default: [:]].updateValue(id, forKey: name) { forget(old) }
    nodes[id] = Node(parent: directory, name: name, mode: mode, content: content)
    if case .directory = content { directoryCounts[directory, default: 0] += 1 }
    return id
  }

  /// Splits a path at its slashes; they are looked for in bytes, which is quicker by far than in
  /// characters.
  private static func names(of path: String) -> [Substring] {
    path.utf8.split(separator: UInt8(ascii: "/")).map { Substring($0) }
  }

  private func split(_ path: String) -> (directory: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
    return (String(path[..<slash]), String(path[path.utf8.index(after: slash)...]))
  }

  /// The way from a directory to `target`, over a directory above both; never just upwards, so it
  /// ends in the target's name (`sysfs_get_target_path`, now in fs/kernfs/symlink.c).
  private static func relative(from directory: String, to target: String) -> String {
    let (from, to) = (Array(directory.utf8), Array(target.utf8))
    let slash = UInt8(ascii: "/")
    var (index, shared) = (0, 0)
    while index < from.count, index < to.count, from[index] == to[index] {
      if from[index] == slash { shared = index }
      index += 1
    }
    if index == from.count, index < to.count, to[index] == slash { shared = index }
    let up = from[shared...].count { $0 == slash }
    return String(repeating: "../", count: up)
      + String(decoding: to[(shared + 1)...], as: UTF8.self)
  }
}
