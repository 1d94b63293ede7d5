// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

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

/// The text of the file at `path`, which may be missing; more than `limit` bytes are an error.
package func textOfFile(_ path: String, limit: Int) throws(HostError) -> String? {
  do throws(HostError) {
    return String(decoding: try readFile(path, limit: limit), as: UTF8.self)
  } catch let error where error.meaning == .missing {
    return nil
  }
}
