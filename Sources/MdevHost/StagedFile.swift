// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevModel
import SystemPackage

/// Puts a file in place whole or not at all, whatever happens in between.
///
/// It is written under a name where nobody looks for it, made to reach the disk, and renamed; then
/// the directory is made to reach the disk. Whoever stages must hold a lock: the staging name is
/// one for all, so that what a killed process left behind is taken away by the next.
package struct StagedFile {
  private let staging: String

  /// A file to be written at `staging`, or where that can't be, or its place is on another file
  /// system, as of a directory that is mounted, under the same name in its place's directory, which
  /// therefore begins with a dot.
  package init(at staging: String) {
    self.staging = staging
  }

  /// Puts a file with `contents` at `path` in `directory`, which is made if it is missing (mode
  /// 0755).
  ///
  /// It has the mode, the owner and the label of the file whose place it takes, or mode 0644 and
  /// the label of its directory.
  package func put(
    _ contents: String, at name: String, in directory: String
  ) throws(HostError) {
    let path = "\(directory)/\(name)"
    do throws(HostError) {
      try makeDirectory(directory)
      try write(contents, at: name, in: directory)
      try attempt(.rename(to: path), staging) { unsafe rename(staging, path) }
    } catch {
      unsafe _ = unlink(staging)
      let near = StagedFile(at: "\(directory)/\(staging.pathComponents.last ?? ".new")")
      guard near.staging != staging, let errno = error.errno, StagedFile.asksForNear.contains(errno)
      else { throw error }
      return try near.put(contents, at: name, in: directory)
    }
    try synchronizeDirectory(directory)
  }

  /// The reasons for which a file can't be made in one directory and can in another.
  private static let asksForNear: Set<Errno> = [
    .improperLink, .readOnlyFileSystem, .permissionDenied, .notPermitted,
  ]

  private func write(
    _ contents: String, at name: String, in directory: String
  ) throws(HostError) {
    let path = "\(directory)/\(name)"
    let file = try create()
    try attempt(.changeLabel, staging) {
      copyLabel(to: file.descriptor, from: [path, directory])
    }
    var (own, old) = (stat(), stat())
    var mode: mode_t = 0o644
    if unsafe lstat(path, &old) == 0, old.st_mode & S_IFMT == S_IFREG,
      unsafe fstat(file.descriptor, &own) == 0
    {
      mode = old.st_mode & 0o7777
      if own.st_uid != old.st_uid || own.st_gid != old.st_gid {
        try attempt(.changeOwner(old.st_uid, old.st_gid), staging) {
          fchown(file.descriptor, old.st_uid, old.st_gid)
        }
      }
    }
    // After the owner, since a change of that may take bits away.
    try attempt(.changeMode(mode), staging) { fchmod(file.descriptor, mode) }
    do throws(Errno) {
      try writeAll(contents, to: file.descriptor)
    } catch {
      throw HostError(.writeBytes(contents.utf8.count), staging, error)
    }
    try attempt(.synchronize, staging) { fsync(file.descriptor) }
    do throws(Errno) {
      try file.closeChecked()
    } catch {
      throw HostError(.synchronize, staging, error)
    }
  }

  private func create() throws(HostError) -> OpenFile {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
    do throws(Errno) {
      do throws(Errno) {
        return try OpenFile(staging, flags, mode: 0o644)
      } catch .fileExists {
        try unsafe checked(unlink(staging))
        return try OpenFile(staging, flags, mode: 0o644)
      }
    } catch {
      throw HostError(.create, staging, error)
    }
  }
}

/// Removes the file `name` from `directory` and makes that reach the disk.
package func removeDurably(_ name: String, from directory: String) throws(HostError) {
  let path = "\(directory)/\(name)"
  try attempt(.remove, path) { unsafe unlink(path) }
  try synchronizeDirectory(directory)
}

/// Does so with a file that may be missing; then it does not matter that nothing can be written.
package func removeIfPresent(_ name: String, from directory: String) throws(HostError) {
  do throws(HostError) {
    try removeDurably(name, from: directory)
  } catch {
    guard (try? FileKind(at: "\(directory)/\(name)")) ?? nil == nil else { throw error }
  }
}

/// Makes `path` and the directories above it, mode 0755 whatever the umask; those that are there
/// stay as they are.
package func makeDirectory(_ path: String) throws(HostError) {
  do throws(HostError) {
    try makeLastDirectory(path)
  } catch let error where error.errno == .noSuchFileOrDirectory {
    guard let above = parent(of: path) else { throw error }
    try makeDirectory(above)
    // Once only: a link that leads nowhere counts as there, and nothing can be made in it.
    try makeLastDirectory(path)
  }
}

private func makeLastDirectory(_ path: String) throws(HostError) {
  do throws(HostError) {
    try attempt(.createDirectory, path) { unsafe mkdir(path, 0o755) }
  } catch let error where error.errno == .fileExists {
    return
  }
  try attempt(.changeMode(0o755), path) { unsafe chmod(path, 0o755) }
  if let above = parent(of: path) { try synchronizeDirectory(above) }
}

private func parent(of path: String) -> String? {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash > path.startIndex else {
    return nil
  }
  return String(path[..<slash])
}

private func synchronizeDirectory(_ path: String) throws(HostError) {
  do throws(Errno) {
    let directory = try OpenFile(path, O_RDONLY | O_DIRECTORY)
    try repeatingWhenInterrupted { fsync(directory.descriptor) }
  } catch {
    throw HostError(.synchronize, path, error)
  }
}

private func attempt(
  _ attempt: HostError.Attempt, _ path: String, _ call: () -> CInt
) throws(HostError) {
  do throws(Errno) {
    try repeatingWhenInterrupted(call)
  } catch {
    throw HostError(attempt, path, error)
  }
}
