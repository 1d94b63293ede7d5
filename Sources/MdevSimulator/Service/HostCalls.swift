// SPDX-License-Identifier: Apache-2.0

import CFuse
import Glibc

/// The calls of Linux that a simulated host is set up with; each throws what it tried, and on what.
enum HostCalls {
  /// Makes a directory and those above it that are missing (`mkdir`).
  static func makeDirectory(_ path: String, mode: mode_t = 0o755) throws(SimulatorError) {
    var here = path.hasPrefix("/") ? "" : "."
    for name in path.split(separator: "/") {
      here += "/" + name
      guard unsafe mkdir(here, mode) == 0 || errno == EEXIST || isDirectory(here) else {
        throw .call("make directory", path: here, code: errno)
      }
    }
  }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The mode of what is at `path`, a link not followed; `nil` for nothing.
  static func mode(_ path: String) -> mode_t? {
    var status = stat()
    return unsafe lstat(path, &status) == 0 ? status.st_mode : nil
  }

  /// The names in a directory but `.` and `..` (`readdir`); `nil` where it cannot be read.
  static func names(in path: String) -> [String]? {
    guard let directory = unsafe opendir(path) else { return nil }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The whole of a file; at most a megabyte.
  static func read(_ path: String) throws(SimulatorError) -> [UInt8] {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .call("open", path: path, code: errno) }
    defer { close(file) }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while text.count < 1 << 20 {
      let count = unsafe Glibc.read(file, &buffer, buffer.count)
      guard count >= 0 else { throw .call("read", path: path, code: errno) }
      guard count > 0 else { break }
      text += buffer.prefix(count)
    }
    return text
  }

  /// Writes a text in one go, to a file that it makes if need be.
  static func write(_ text: String, to path: String, mode: mode_t = 0o644) throws(SimulatorError) {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
    guard file >= 0 else { throw .call("open", path: path, code: errno) }
    defer { close(file) }
    let bytes = Array(text.utf8)
    guard unsafe Glibc.write(file, bytes, bytes.count) == bytes.count else {
      throw .call("write to", path: path, code: errno)
    }
  }

  /// Removes a file if there is one (`unlink`).
  static func remove(_ path: String) {
    _ = unsafe unlink(path)
  }

  /// Reads the target of a link; `nil` for a path that is not a link.
  static func link(_ path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink(path, &buffer, buffer.count)
    guard count >= 0 else { return nil }
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Mounts a file system (`mount`).
  static func mount(
    _ source: String, at path: String, type: String? = nil, flags: Int = 0, options: String? = nil
  ) throws(SimulatorError) {
    let failed = unsafe options.withOptionalCString { options in
      unsafe Glibc.mount(source, path, type, UInt(flags), options) != 0
    }
    guard !failed else { throw .call("mount on", path: path, code: errno) }
  }

  /// Makes a directory an empty one of its own, in memory.
  static func mountScratch(at path: String) throws(SimulatorError) {
    try mount("mdevsim", at: path, type: "tmpfs", options: "mode=755")
  }

  /// Unmounts at once, whoever still looks at it; whether something was mounted.
  @discardableResult
  static func unmount(_ path: String) -> Bool {
    unsafe umount2(path, Int32(MNT_DETACH)) == 0
  }
}

extension String? {
  fileprivate func withOptionalCString<Result>(_ body: (UnsafePointer<CChar>?) -> Result) -> Result
  {
    guard let text = self else { return body(nil) }
    return unsafe text.withCString { unsafe body($0) }
  }
}
