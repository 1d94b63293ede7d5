// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Where the host's paths begin: `/`, or a directory that stands for it.
package struct SystemRoot: Hashable, Sendable {
  /// Without a slash at its end; empty for `/`.
  private let prefix: String

  /// The variable that moves every path of the host.
  package static let variable = "MDEVCTL_ENV_ROOT"

  /// The root at `path`.
  package init(_ path: String) {
    var path = path[...]
    while path.last == "/" { path.removeLast() }
    prefix = String(path)
  }

  /// The root that the environment names, else `/`.
  package static var ofEnvironment: SystemRoot {
    let path = unsafe getenv(variable).map { unsafe String(cString: $0) }
    return SystemRoot(path ?? "")
  }

  /// The path that stands for the absolute `path` of the host.
  package func path(_ path: String) -> String { prefix + path }
}
