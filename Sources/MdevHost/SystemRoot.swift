// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The beginning of the host's paths: `/`, or a directory that stands for it.
package struct SystemRoot: Hashable, Sendable {
  /// Without a slash at its end; empty for `/`.
  private let prefix: String

  /// The variable that moves every path of the host.
  package static let variable = "MDEVCTL_ENV_ROOT"

  /// The root at `path`.
  package init(_ path: String) {
    var path = path
    while path.utf8.last == UInt8(ascii: "/") { path.removeLast() }
    prefix = path
  }

  /// The root that the environment names, else `/`.
  package static var ofEnvironment: SystemRoot {
    SystemRoot(environmentVariable(variable) ?? "")
  }

  /// True if the paths are those of the running system, whose services can be spoken to.
  package var isHost: Bool { prefix.isEmpty }

  /// The path that stands for the absolute `path` of the host.
  package func path(_ path: String) -> String { prefix + path }

  /// The absolute path of the host that `path` stands for.
  package func hostPath(_ path: String) -> String {
    path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
  }
}

/// True if all arguments of this process are UTF-8; of others, Swift's texts have something else.
package var argumentsAreText: Bool {
  guard CommandLine.arguments.contains(where: { $0.unicodeScalars.contains("\u{fffd}") }) else {
    return true
  }
  let arguments = unsafe UnsafeBufferPointer(
    start: CommandLine.unsafeArgv, count: Int(CommandLine.argc))
  return unsafe arguments.allSatisfy { argument in
    unsafe argument.map { unsafe String(validatingCString: $0) != nil } ?? true
  }
}

/// The value of a variable of the environment (`getenv`); `nil` if it is not set.
package func environmentVariable(_ name: String) -> String? {
  unsafe getenv(name).map { unsafe String(cString: $0) }
}
