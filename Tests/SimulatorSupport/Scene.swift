// SPDX-License-Identifier: Apache-2.0

package import MdevSimulator

/// A host in memory, operated by path.
package struct Scene {
  package var kernel: SimulatedKernel

  /// The host of one of the project's profiles.
  package init(_ profile: String) throws {
    kernel = SimulatedKernel(try Profile(file: "\(Scene.profiles)/\(profile).json"))
  }

  package init(_ kernel: SimulatedKernel) {
    self.kernel = kernel
  }

  /// The project's profiles.
  package static let profiles = Scene.project + "/profiles"

  /// The project's directory.
  package static var project: String {
    #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 }
  }

  /// A uuid of these tests.
  package static func uuid(_ number: Int) -> String {
    "83b8f4f2-509f-382f-3c1e-" + String(100_000_000_000 + number)
  }

  /// Opens, writes once, closes: `ok`, `waiting` or the errno.
  package mutating func put(_ text: String, _ path: String) -> String {
    put(Array(text.utf8), path)
  }

  package mutating func put(_ bytes: [UInt8], _ path: String) -> String {
    guard let id = kernel.tree.find(kernel.tree.resolve(path)) else { return "ENOENT" }
    do {
      try kernel.open(id, reading: false, writing: true)
    } catch {
      return "\(error)"
    }
    switch kernel.write(bytes, to: id) {
    case .accepted: return "ok"
    case .refused(let error): return "\(error)"
    case .waiting: return "waiting"
    }
  }

  /// Opens, reads, closes: the text, `waiting` or the errno.
  package mutating func get(_ path: String) -> String {
    guard let id = kernel.tree.find(kernel.tree.resolve(path)) else { return "ENOENT" }
    do {
      try kernel.open(id, reading: true, writing: false)
      return kernel.isReadBlocked(id) ? "waiting" : try kernel.read(id)
    } catch {
      return "\(error)"
    }
  }

  /// The names in a directory, `nil` if there is none; links on the way are followed.
  package func names(in path: String) -> [String]? {
    guard let id = kernel.tree.find(kernel.tree.resolve(path)) else { return nil }
    return kernel.tree.entries(of: id).map(\.name)
  }

  /// The names in a directory; none if there is no such directory, which some hosts lack.
  package func list(_ path: String) -> [String] { names(in: path) ?? [] }

  /// Every path, with what a link or a file says.
  package func contents() -> [String: String] {
    var contents: [String: String] = [:]
    var rest = [SysfsTree.root]
    while let id = rest.popLast() {
      for entry in kernel.tree.entries(of: id) {
        let path = kernel.tree.path(of: entry.id)
        switch kernel.tree[entry.id]?.content {
        case .link(let target): contents[path] = target
        case .attribute:
          do { contents[path] = try kernel.read(entry.id) } catch { contents[path] = "\(error)" }
        default:
          contents[path] = ""
          rest.append(entry.id)
        }
      }
    }
    return contents
  }

  /// What a link says.
  package func link(_ path: String) -> String? {
    guard let id = kernel.tree.find(path), case .link(let text) = kernel.tree[id]?.content else {
      return nil
    }
    return text
  }

  /// The uevents since an entry of the journal, as `action path`.
  package func uevents(since number: Int = 0) -> [String] {
    kernel.journal.entries.dropFirst(number).compactMap { entry in
      guard case .uevent(let action, let path, let details) = entry.event else { return nil }
      return ([action, path] + details.filter { $0.hasPrefix("MDEV_STATE") }).joined(separator: " ")
    }
  }
}
