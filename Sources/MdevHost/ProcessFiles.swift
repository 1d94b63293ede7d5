// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// The open files of all processes, as /proc has them.
enum ProcessFiles {
  /// Shows `body` each open file: the process, the file's number there, and the text of the link.
  ///
  /// Processes that end meanwhile, or that are not ours to look at, are passed over. The files of
  /// one process come one after the other.
  static func forEach(
    root: SystemRoot, _ body: (_ process: Int32, _ number: Int32, _ target: String) -> Void
  ) throws(HostError) {
    guard let proc = try Directory.existing(root.path("/proc")) else { return }
    for entry in try proc.readEntries() {
      guard let pid = Int32(entry.name), let files = try? Directory("\(entry.name)/fd", in: proc),
        let entries = try? files.readEntries()
      else { continue }
      for file in entries {
        guard let number = Int32(file.name), let target = try? files.target(of: file.name) else {
          continue
        }
        body(pid, number, target)
      }
    }
  }
}

extension DeviceUser {
  /// The process with that number, with its name and its guest as far as /proc tells them.
  init(_ pid: Int32, root: SystemRoot) {
    let command = try? SysfsAttribute(root.path("/proc/\(pid)/comm")).read()
    let arguments = try? readFile(root.path("/proc/\(pid)/cmdline"), limit: 4 << 20)
      .split(separator: 0, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    self.init(pid: pid, command: command ?? "?", guest: arguments.flatMap(DeviceUser.guest))
  }
}
