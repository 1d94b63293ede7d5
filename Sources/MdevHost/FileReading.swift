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
  return try contents(of: file, at: path, limit: limit)
}

/// The first bytes of the file at `path`, at most `count`; `nil` if there is none.
package func readStart(ofFile path: String, count: Int) throws(HostError) -> [UInt8]? {
  do throws(Errno) {
    let file = try OpenFile(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    return try file.start(count)
  } catch .noSuchFileOrDirectory {
    return nil
  } catch {
    throw HostError(.read, path, error)
  }
}

private func contents(
  of file: borrowing OpenFile, at path: String, limit: Int
) throws(HostError) -> [UInt8] {
  do throws(HostError.Cause) {
    return try file.contents(limit: limit, to: .emptyRead)
  } catch {
    throw HostError(.read, path, error)
  }
}

extension OpenFile {
  /// Never waits for a writer of a FIFO, and makes no terminal ours.
  private static let carefully = O_RDONLY | O_NONBLOCK | O_NOCTTY

  /// Opens for reading what the path leads to, if it is a regular file and trusted from the root
  /// on.
  static func trusted(_ path: String, root: SystemRoot) throws(HostError.Cause) -> OpenFile {
    let place: TrustedPath
    do throws(HostError) {
      place = try TrustedPath(path, root: root)
    } catch {
      throw error.cause
    }
    // Only now, since the opening of a device may do something.
    if let fault = place.state.faultOfFile {
      throw .untrusted(Distrust(place.resolved, fault))
    }
    return try believed(place.resolved, O_NOFOLLOW)
  }

  /// Opens for reading the file `name` in a directory that is trusted, if it is a regular file.
  static func trusted(
    _ name: String, in directory: CInt, shownAs path: String
  ) throws(HostError.Cause) -> OpenFile {
    try believed(name, O_NOFOLLOW, in: directory, shownAs: path)
  }

  /// Opens for reading what must be a regular file of root, or of who runs this.
  static func believed(
    _ path: String, _ flags: CInt = 0, in directory: CInt = AT_FDCWD,
    shownAs shown: String? = nil
  ) throws(HostError.Cause) -> OpenFile {
    let file = try opening(path, in: directory, carefully | flags)
    if let fault = try FileState(of: file.descriptor).faultOfFile {
      throw .untrusted(Distrust(shown ?? path, fault))
    }
    return file
  }

  /// Opens a file as ``init(_:in:_:mode:)`` does, with the cause of the module's errors.
  static func opening(
    _ path: String, in directory: CInt = AT_FDCWD, _ flags: CInt
  ) throws(HostError.Cause) -> OpenFile {
    do throws(Errno) {
      return try OpenFile(path, in: directory, flags)
    } catch {
      throw .errno(error)
    }
  }
}

/// The bytes of the file at `path`, if it is a regular file that nobody but root, or who runs this,
/// can have put there; more than `limit` bytes are an error.
package func readTrustedFile(
  _ path: String, limit: Int, root: SystemRoot
) throws(HostError) -> [UInt8] {
  let file: OpenFile
  do throws(HostError.Cause) {
    file = try OpenFile.trusted(path, root: root)
  } catch {
    throw HostError(.open, path, error)
  }
  return try contents(of: file, at: path, limit: limit)
}

/// The text of such a file, which may be missing.
package func textOfTrustedFile(
  _ path: String, limit: Int, root: SystemRoot
) throws(HostError) -> String? {
  do throws(HostError) {
    return String(decoding: try readTrustedFile(path, limit: limit, root: root), as: UTF8.self)
  } catch let error where error.meaning == .missing {
    return nil
  }
}

/// The text of the regular file of root, or of who runs this, at `path`, which may be missing; of
/// the directories above it nothing is asked.
package func textOfFile(_ path: String, limit: Int) throws(HostError) -> String? {
  do throws(HostError) {
    let file: OpenFile
    do throws(HostError.Cause) {
      file = try OpenFile.believed(path)
    } catch {
      throw HostError(.open, path, error)
    }
    return String(decoding: try contents(of: file, at: path, limit: limit), as: UTF8.self)
  } catch let error where error.meaning == .missing {
    return nil
  }
}
