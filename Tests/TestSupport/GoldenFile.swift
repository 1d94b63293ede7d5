// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// The text of a golden file of the project, to compare `actual` with.
///
/// With `REGENERATE` in the environment the file is first made anew from `actual`; what has changed
/// is then for `git diff` to show, and for its author to judge.
package func goldenText(_ path: String, for actual: String) throws -> String {
  if getenv("REGENERATE") != nil { try regenerate(path, actual) }
  return try projectText(path)
}

/// The names in a folder of the project, sorted.
package func fileNames(in folder: String) throws -> [String] {
  guard let stream = opendir(projectDirectory.pushing(FilePath(folder)).string) else {
    throw Errno(rawValue: errno)
  }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    names.append(
      withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      })
  }
  return names.filter { !$0.hasPrefix(".") }.sorted()
}

private func regenerate(_ path: String, _ text: String) throws {
  let file = try FileDescriptor.open(
    projectDirectory.pushing(FilePath(path)), .writeOnly, options: [.create, .truncate],
    permissions: [.ownerReadWrite, .groupRead, .otherRead])
  try file.closeAfter { _ = try file.writeAll(text.utf8) }
}
