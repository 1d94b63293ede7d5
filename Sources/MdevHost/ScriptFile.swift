// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevModel
import SystemPackage

/// A file in a directory of scripts, and whether it can be trusted to be run as root.
package struct ScriptFile: Hashable, Sendable {
  package let path: String
  /// Why it is not run; `nil` for a script that is.
  package let fault: Fault?

  /// The reason why a file is not run.
  package enum Fault: Hashable, Sendable, CustomStringConvertible {
    case notAFile
    case notExecutable
    case missing
    case untrusted(Distrust)
    /// The way to it can't be looked at.
    case unreadable(HostError)

    package var description: String {
      switch self {
      case .notAFile: "it is no regular file"
      case .notExecutable: "it is not executable (chmod 755 makes it so)"
      case .missing: "it is a link that leads nowhere"
      case .untrusted(let distrust): distrust.description
      case .unreadable(let error): "\(error)"
      }
    }
  }

  package var name: String {
    String(path.pathComponents.last ?? "")
  }

  /// True if it is meant to be run: a regular file that may be executed, be it trusted or not.
  package var isScript: Bool {
    switch fault {
    case .notAFile, .notExecutable, .missing: false
    case .untrusted, .unreadable, nil: true
    }
  }

  /// Looks at the file at `path` and at all that it takes to get there.
  package init(at path: String, root: SystemRoot) {
    self.path = path
    fault = ScriptFile.fault(of: path, root: root)
  }

  /// True if it is the program that runs now, under another name.
  package var isThisProgram: Bool {
    var (file, program) = (stat(), stat())
    guard unsafe stat(path, &file) == 0, unsafe stat("/proc/self/exe", &program) == 0 else {
      return false
    }
    return FileState(file).isSame(as: FileState(program))
  }

  /// The files of a directory, sorted by name; none when there is no directory.
  ///
  /// Names that begin with a dot, and samples, are none.
  package static func all(
    in directory: String, root: SystemRoot
  ) throws(HostError) -> [ScriptFile] {
    do throws(HostError) {
      return try Directory(directory).readEntries().map(\.name)
        .filter { !$0.hasPrefix(".") && !$0.hasSuffix(".sample") }
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        .map { ScriptFile(at: "\(directory)/\($0)", root: root) }
    } catch let error where error.meaning == .missing {
      return []
    }
  }

  /// The directory itself, as what is not run, where others could have taken scripts away with it.
  package static func untrusted(directory: String, root: SystemRoot) -> ScriptFile? {
    do throws(HostError) {
      _ = try TrustedPath(directory, root: root)
      return nil
    } catch {
      guard case .untrusted(let distrust) = error.cause else { return nil }
      return ScriptFile(path: directory, fault: .untrusted(distrust))
    }
  }

  private init(path: String, fault: Fault) {
    self.path = path
    self.fault = fault
  }

  private static func fault(of path: String, root: SystemRoot) -> Fault? {
    var file = stat()
    guard unsafe stat(path, &file) == 0 else { return .missing }
    let state = FileState(file)
    guard state.isRegular else { return .notAFile }
    // The mode decides, not access(2): on a file system without execution a callout is not passed
    // over, for its word might have been no.
    guard state.isExecutable else { return .notExecutable }
    do throws(HostError) {
      _ = try TrustedScript(path, root: root)
      return nil
    } catch {
      if case .untrusted(let distrust) = error.cause { return .untrusted(distrust) }
      return .unreadable(error)
    }
  }
}

/// A script that was looked at, and will be what runs.
///
/// The directory that it was found in is kept open, and the script is run by way of that descriptor
/// (`/proc/PID/fd/N/NAME`), which no renaming on the way to it can change, and in which nobody but
/// root can put another file. So its `$0` still ends in its name, with its neighbours beside it.
struct TrustedScript: ~Copyable {
  private let directory: TrustedPath
  private let path: String
  private let name: String

  init(_ path: String, root: SystemRoot) throws(HostError) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let above = parts.dropLast().joined(separator: "/")
    let directory = try TrustedPath(
      parts.count == 1 ? "." : above.isEmpty ? "/" : above, root: root)
    let file = try TrustedPath(path, root: root)
    if let fault = file.state.faultOfFile {
      throw HostError(.run, path, .untrusted(Distrust(file.resolved, fault)))
    }
    name = String(parts.last ?? "")
    self.path = path
    self.directory = directory
  }

  /// The path by which a child of this process finds it; the one that it was given where there is
  /// no /proc.
  var pathForChildren: String { prefix.map { $0 + name } ?? path }

  /// The words of a script with the path that it knows of itself as people know it.
  func withoutDescriptors(_ words: String) -> String {
    guard let prefix else { return words }
    return words.replacingAll(prefix, with: String(path.dropLast(name.count)))
  }

  private var prefix: String? {
    // As /proc counts, which may be another's.
    guard let own = try? linkTarget("/proc/self") else { return nil }
    let path = "/proc/\(own)/fd/\(directory.file.descriptor)"
    var state = stat()
    guard unsafe stat(path, &state) == 0, FileState(state).isSame(as: directory.state) else {
      return nil
    }
    return path + "/"
  }
}

extension String {
  /// The text with `other` in place of each `part`.
  fileprivate func replacingAll(_ part: String, with other: String) -> String {
    let (text, part) = (Array(utf8), Array(part.utf8))
    var result: [UInt8] = []
    var index = 0
    while index < text.count {
      if text[index...].starts(with: part) {
        result += other.utf8
        index += part.count
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
