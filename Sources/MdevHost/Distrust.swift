// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import MdevModel
import SystemPackage

/// Why what stands at a path is not believed.
package struct Distrust: Error, Hashable, Sendable, CustomStringConvertible {
  /// The fault.
  package enum Fault: Hashable, Sendable {
    /// It belongs to a user who is neither root nor the caller.
    case owner(UInt32)
    /// Others than its owner can write to it.
    case writable
    /// It is no regular file; what it is, and whose.
    case notAFile(String, owner: UInt32)
  }

  /// The file or directory with the fault, which may be above the one that is meant.
  package let path: String
  package let fault: Fault

  package init(_ path: String, _ fault: Fault) {
    self.path = path
    self.fault = fault
  }

  package var description: String {
    let path = path.shown
    return switch fault {
    case .owner(let user):
      "'\(path)' is owned by user \(user), neither root nor the caller (chown root helps)"
    case .writable: "others than its owner can write to '\(path)' (chmod go-w helps)"
    case .notAFile(let kind, let owner): "'\(path)' is \(kind) of user \(owner), not a regular file"
    }
  }
}

/// Refuses what stands at `path` unless it is a regular file of root, or of who runs this, itself,
/// or nothing (`lstat`); for files in directories that anybody can write to.
func refuseForeignFile(_ path: String, _ attempt: HostError.Attempt) throws(HostError) {
  var state = stat()
  guard unsafe lstat(path, &state) == 0, let fault = FileState(state).faultOfFile else { return }
  throw HostError(attempt, path, .untrusted(Distrust(path, fault)))
}

/// What the kernel says of an open file (`fstat`), as far as it decides who can change it.
struct FileState {
  let owner: UInt32
  private let group: UInt32
  private let mode: mode_t
  private let device: dev_t
  private let inode: ino_t
  /// The number of the device that a node is (`st_rdev`).
  private let node: dev_t

  init(of descriptor: CInt) throws(HostError.Cause) {
    var state = stat()
    guard unsafe fstat(descriptor, &state) == 0 else { throw .errno(Errno(rawValue: errno)) }
    self.init(state)
  }

  /// Looks at what the path leads to (`stat`); `nil` where that can't be done.
  init?(at path: String) {
    var state = stat()
    guard unsafe stat(path, &state) == 0 else { return nil }
    self.init(state)
  }

  init(_ state: stat) {
    owner = state.st_uid
    group = state.st_gid
    mode = state.st_mode
    device = state.st_dev
    inode = state.st_ino
    node = state.st_rdev
  }

  var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
  var isLink: Bool { mode & S_IFMT == S_IFLNK }
  var isRegular: Bool { mode & S_IFMT == S_IFREG }

  /// True if somebody may execute it.
  var isExecutable: Bool { mode & 0o111 != 0 }

  /// True if it is that very file.
  func isSame(as other: FileState) -> Bool { (device, inode) == (other.device, other.inode) }

  /// True if it is that very file, or a node of the same device.
  func isSameDevice(as other: FileState) -> Bool {
    let isNode = mode & S_IFMT == S_IFCHR && other.mode & S_IFMT == S_IFCHR
    return isNode ? node == other.node : isSame(as: other)
  }

  /// The numbers of the block device that it is a node of, as sysfs writes them, `254:1`; `nil` if it
  /// is none.
  var blockDevice: String? {
    guard mode & S_IFMT == S_IFBLK else { return nil }
    return "\(gnu_dev_major(UInt(node))):\(gnu_dev_minor(UInt(node)))"
  }

  /// True if root, or who runs this, has it.
  ///
  /// Whoever has `/` counts as root: in a namespace without root, as one for tests, that is nobody.
  var hasTrustedOwner: Bool { FileState.trustedOwners.contains(owner) }

  private static let trustedOwners: [UInt32] = {
    var root = stat()
    let rootOwner = unsafe stat("/", &root) == 0 ? root.st_uid : 0
    return [0, geteuid(), rootOwner]
  }()

  /// True if others than the owner can change it; the group of root is no other.
  ///
  /// In a directory that is sticky as well, a group can add files, but not replace those of root.
  var isWritableByOthers: Bool {
    if isLink { return false }
    if mode & S_IWOTH != 0 { return true }
    return mode & S_IWGRP != 0 && group != 0 && !(isDirectory && mode & S_ISVTX != 0)
  }

  /// True if all can make entries in it, and nobody but root can move those of root (inode(7),
  /// S_ISVTX).
  var isShared: Bool {
    hasTrustedOwner && isDirectory && mode & S_ISVTX != 0 && mode & S_IWOTH != 0
  }

  /// The fault that keeps it from being believed, whatever kind of file it is.
  var fault: Distrust.Fault? {
    if !hasTrustedOwner { return .owner(owner) }
    return isWritableByOthers ? .writable : nil
  }

  /// The fault that keeps a file from being believed that must be a regular one.
  var faultOfFile: Distrust.Fault? { isRegular ? fault : .notAFile(kind, owner: owner) }

  private var kind: String {
    switch mode & S_IFMT {
    case S_IFDIR: "a directory"
    case S_IFIFO: "a FIFO"
    case S_IFSOCK: "a socket"
    case S_IFCHR, S_IFBLK: "a device"
    case S_IFLNK: "a link"
    default: "something"
    }
  }
}
