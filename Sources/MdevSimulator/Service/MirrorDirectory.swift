// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Directories to mount on that the real host does not have.
///
/// The directory above is rebuilt in memory, where each entry is the real one, mounted again. Only
/// the namespace sees it, and the real host does not get a new directory.
enum MirrorDirectory {
  private static let staging = "/run/mdevsim/mirror"

  /// Makes sure that there is a directory at `path`.
  static func makePlace(_ path: String) throws(SimulatorError) {
    guard !HostCalls.isDirectory(path) else { return }
    let names = path.split(separator: "/")
    let above = "/" + names.dropLast().joined(separator: "/")
    try makePlace(above)
    try mirror(above)
    try HostCalls.makeDirectory(path)
  }

  private static func mirror(_ directory: String) throws(SimulatorError) {
    try HostCalls.makeDirectory(staging)
    try HostCalls.mountScratch(at: staging)
    for name in HostCalls.names(in: directory) ?? [] {
      try copy(directory + "/" + name, to: staging + "/" + name)
    }
    try HostCalls.mount(staging, at: directory, flags: MS_MOVE)
  }

  private static func copy(_ source: String, to copy: String) throws(SimulatorError) {
    guard let mode = HostCalls.mode(source) else { return }
    switch mode & S_IFMT {
    case S_IFLNK:
      guard unsafe symlink(HostCalls.link(source) ?? "", copy) == 0 else {
        throw .call("make link", path: copy, code: errno)
      }
      return
    case S_IFDIR: try HostCalls.makeDirectory(copy)
    default: try HostCalls.write("", to: copy)
    }
    try HostCalls.mount(source, at: copy, flags: MS_BIND | MS_REC)
  }
}
