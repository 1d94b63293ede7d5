// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// A file in a directory of scripts, and whether it can be trusted to be run as root.
package struct ScriptFile: Hashable, Sendable {
  package let path: String
  /// Why it is not run; `nil` for a script that is.
  package let fault: Fault?

  /// What keeps a file from being run.
  package enum Fault: Hashable, Sendable, CustomStringConvertible {
    case notAFile
    case notExecutable
    case foreignOwner(UInt32)
    case writable(String)
    case missing

    package var description: String {
      switch self {
      case .notAFile: "it is no regular file"
      case .notExecutable: "it is not executable (chmod 755 makes it so)"
      case .foreignOwner(let user):
        "it is owned by user \(user), neither root nor the caller (chown root helps)"
      case .writable(let path):
        "others than its owner can write to '\(path)' (chmod go-w helps)"
      case .missing: "it is a link that leads nowhere"
      }
    }
  }

  package var name: String {
    String(path.split(separator: "/").last ?? "")
  }

  /// Looks at the file at `path`, at what it links to, and at the directories of both.
  package init(at path: String) {
    self.path = path
    fault = ScriptFile.fault(of: path)
  }

  /// Whether it is the program that runs now, under another name.
  package var isThisProgram: Bool {
    var (file, program) = (stat(), stat())
    guard unsafe stat(path, &file) == 0, unsafe stat("/proc/self/exe", &program) == 0 else {
      return false
    }
    return (file.st_dev, file.st_ino) == (program.st_dev, program.st_ino)
  }

  /// The files of a directory, sorted by name; none when there is no directory.
  ///
  /// Names that begin with a dot, and samples, are no scripts.
  package static func all(in directory: String) throws(HostError) -> [ScriptFile] {
    do throws(HostError) {
      return try Directory(directory).readEntries().map(\.name)
        .filter { !$0.hasPrefix(".") && !$0.hasSuffix(".sample") }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        .map { ScriptFile(at: "\(directory)/\($0)") }
    } catch let error where error.meaning == .missing {
      return []
    }
  }

  private static func fault(of path: String) -> Fault? {
    var file = stat()
    guard unsafe stat(path, &file) == 0 else { return .missing }
    guard file.st_mode & S_IFMT == S_IFREG else { return .notAFile }
    guard unsafe access(path, X_OK) == 0 else { return .notExecutable }
    guard file.st_uid == 0 || file.st_uid == geteuid() else { return .foreignOwner(file.st_uid) }
    let target = (try? resolvedPath(path)) ?? path
    return [target, directory(of: path), directory(of: target)]
      .first { FileAccess(of: $0) != .ownersOnly }.map { .writable($0) }
  }

  private static func directory(of path: String) -> String {
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }
}
