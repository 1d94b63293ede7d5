// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// What stands at a path.
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

/// The bytes of the file or pipe at `path`, to its end; more than `limit` are an error.
package func readFile(_ path: String, limit: Int) throws(HostError) -> [UInt8] {
  let file: OpenFile
  do throws(Errno) {
    file = try OpenFile(path, O_RDONLY | O_NOCTTY)
  } catch {
    throw HostError(.open, path, error)
  }
  do throws(HostError.Cause) {
    return try file.contents(limit: limit, to: .emptyRead)
  } catch {
    throw HostError(.read, path, error)
  }
}
