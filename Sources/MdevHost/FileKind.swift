// SPDX-License-Identifier: Apache-2.0

import SystemPackage

/// The kind of thing that stands at a path.
package enum FileKind: Hashable, Sendable {
  case link(target: String)
  /// A file, a directory or anything else that is no link.
  case notALink

  /// Looks at `path` itself (`readlink`); `nil` if there is nothing.
  package init?(at path: String) throws(HostError) {
    do throws(HostError) {
      self = .link(target: try linkTarget(path))
    } catch let error where error.errno == .invalidArgument {
      self = .notALink
    } catch let error where error.errno == .noSuchFileOrDirectory {
      return nil
    }
  }
}
