// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevModel
import SystemPackage

/// The end of a path in which nobody but root, or who runs this, can have a say.
///
/// From the root down each component is opened by descriptor, and its owner and mode are those of
/// the descriptor. Every directory on the way must be closed to others, and a link must be root's;
/// then it is followed, and the way that it leads is looked at likewise. A sticky directory that
/// all can write to, as `/tmp` is, may be passed on the way to a directory of root's in it, which
/// nobody else can move or make; files and links can be (hard links). So nobody can turn the path
/// between the look at it and its use.
package struct TrustedPath: ~Copyable {
  /// The end of the path (O_PATH), no link any more.
  let file: OpenFile
  let state: FileState
  /// The path itself without links, for messages and further looks.
  package let resolved: String

  /// Follows the absolute `path`, which is trusted as far as it is that of the root itself.
  ///
  /// What it leads to may be of any kind, but must be closed to others.
  package init(_ path: String, root: SystemRoot) throws(HostError) {
    do throws(HostError.Cause) {
      var walk = try PathWalk(try absolute(path, root: root), root: root)
      try walk.finish()
      self.init(walk)
    } catch {
      throw HostError(.open, path, error)
    }
  }

  private init(_ walk: consuming PathWalk) {
    resolved = walk.path
    state = walk.state
    file = walk.intoFile()
  }
}

/// The path from the current directory on, unless it begins at a root (`getcwd`).
private func absolute(_ path: String, root: SystemRoot) throws(HostError.Cause) -> String {
  guard !path.hasPrefix("/"), !path.hasPrefix(root.path("/")) else { return path }
  do throws(HostError) {
    return "\(try resolvedPath("."))/\(path)"
  } catch {
    throw error.cause
  }
}

/// The way along a path, of which all that is behind has been looked at.
private struct PathWalk: ~Copyable {
  private let root: SystemRoot
  private var place: OpenFile
  private(set) var state: FileState
  /// The path of the place that the way began at, without a slash at its end.
  private var anchor: String
  /// The components between the two, none of them a link.
  private var done: [Substring] = []
  /// The components ahead, the next one last.
  private var rest: [Substring]
  private var links = 0

  /// More links than this are a circle, as for the kernel (MAXSYMLINKS).
  private static let mostLinks = 40

  init(_ path: String, root: SystemRoot) throws(HostError.Cause) {
    let (anchor, rest) = PathWalk.split(path, root: root)
    let place = try PathWalk.open(anchor + "/")
    state = try FileState(of: place.descriptor)
    self.root = root
    self.anchor = anchor
    self.rest = rest
    self.place = place
  }

  var path: String { done.isEmpty && anchor.isEmpty ? "/" : path(to: nil) }

  consuming func intoFile() -> OpenFile { place }

  mutating func finish() throws(HostError.Cause) {
    while let name = rest.popLast() { try step(to: name) }
    if !done.isEmpty, let fault = state.fault { throw .untrusted(Distrust(path, fault)) }
  }

  private mutating func step(to name: Substring) throws(HostError.Cause) {
    if name == "." { return }
    if name == ".." { return try stepBack() }
    let next = try PathWalk.open(String(name), in: place.descriptor)
    let state = try FileState(of: next.descriptor)
    if let fault = state.fault, !state.isShared {
      throw .untrusted(Distrust(path(to: name), fault))
    }
    if self.state.isShared, !done.isEmpty, !state.isDirectory {
      throw .untrusted(Distrust(path, .writable))
    }
    if state.isLink { return try follow(next) }
    guard state.isDirectory || rest.isEmpty else { throw .errno(.notDirectory) }
    place = next
    self.state = state
    done.append(name)
  }

  private mutating func follow(_ link: borrowing OpenFile) throws(HostError.Cause) {
    links += 1
    guard links <= PathWalk.mostLinks else { throw .errno(.tooManySymbolicLinkLevels) }
    let target: String
    do throws(Errno) {
      target = try readLink("", in: link.descriptor)
    } catch {
      throw .errno(error)
    }
    guard target.hasPrefix("/") else {
      rest += target.pathComponents.reversed()
      return
    }
    let (anchor, components) = PathWalk.split(target, root: root)
    try startAgain(at: anchor, components)
  }

  /// Goes up; the way down to there is looked at again, and beyond the root given it begins at `/`.
  private mutating func stepBack() throws(HostError.Cause) {
    if done.popLast() == nil, !anchor.isEmpty {
      do throws(HostError) {
        done = try resolvedPath(anchor).pathComponents.dropLast()
      } catch {
        throw error.cause
      }
      anchor = ""
    }
    let components = Array(done.reversed())
    try startAgain(at: anchor, components)
  }

  /// Goes on with `components`, the next one last, and then with those that are still ahead.
  private mutating func startAgain(
    at anchor: String, _ components: [Substring]
  ) throws(HostError.Cause) {
    place = try PathWalk.open(anchor + "/")
    state = try FileState(of: place.descriptor)
    self.anchor = anchor
    done = []
    rest += components
  }

  private func path(to name: Substring?) -> String {
    (done + (name.map { [$0] } ?? [])).reduce(into: anchor) { $0 += "/\($1)" }
  }

  /// The place where a way begins, and the components of the rest, the next one last.
  private static func split(_ path: String, root: SystemRoot) -> (String, [Substring]) {
    let prefix = root.path("")
    let isBelow = !prefix.isEmpty && path.hasPrefix(prefix + "/")
    let rest = isBelow ? path.dropFirst(prefix.count) : path[...]
    return (isBelow ? prefix : "", rest.pathComponents.reversed())
  }

  /// Opens a place and nothing of what is behind it (O_PATH, which Glibc does not show to Swift;
  /// include/uapi/asm-generic/fcntl.h).
  private static let placeOnly: CInt = 0o10000000

  private static func open(
    _ path: String, in directory: CInt = AT_FDCWD
  ) throws(HostError.Cause) -> OpenFile {
    try OpenFile.opening(path, in: directory, placeOnly | O_NOFOLLOW)
  }
}
