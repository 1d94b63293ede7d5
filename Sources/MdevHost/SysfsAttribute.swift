// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// A file of sysfs, which is read whole and written in one call
/// (Documentation/filesystems/sysfs.rst).
package struct SysfsAttribute: Hashable, Sendable {
  package let path: String

  package init(_ path: String) {
    self.path = path
  }

  /// Its text, without the blanks around it.
  package func read() throws(HostError) -> String {
    let file: OpenFile
    do throws(Errno) {
      file = try OpenFile(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    } catch {
      throw HostError(.open, path, error)
    }
    do throws(HostError.Cause) {
      let bytes = try file.contents(limit: 1 << 20)
      return String(decoding: bytes.trimmingWhitespace(), as: UTF8.self)
    } catch {
      throw HostError(.read, path, error)
    }
  }

  /// The same; `nil` if there is no such attribute.
  package func readIfPresent() throws(HostError) -> String? {
    do throws(HostError) {
      return try read()
    } catch let error where error.meaning == .missing {
      return nil
    }
  }

  /// Writes `value` as it is, in one call that is never repeated: the driver may have acted.
  ///
  /// That the kernel takes a part of it is a failure.
  package func write(_ value: String) throws(HostError) {
    let bytes = Array(value.utf8)
    let written: Int
    do throws(Errno) {
      let file = try OpenFile(path, O_WRONLY | O_TRUNC | O_NOFOLLOW)
      written = try checked(unsafe Glibc.write(file.descriptor, bytes, bytes.count))
    } catch {
      throw HostError(.write(value), path, error)
    }
    guard written == bytes.count else {
      throw HostError(.write(value), path, .cutShort(written: written, of: bytes.count))
    }
  }
}

extension Directory {
  /// The text of the attribute at `name`, a path below this directory, by way of a buffer that many
  /// share.
  func attribute(_ name: String, into buffer: inout [UInt8]) throws(HostError) -> String {
    let count = try read(name, into: &buffer, limit: 1 << 20)
    return String(decoding: buffer[..<count].trimmingWhitespace(), as: UTF8.self)
  }

  /// The same; `nil` if there is no such attribute.
  package func readAttribute(
    _ name: String, into buffer: inout [UInt8]
  ) throws(HostError) -> String? {
    do throws(HostError) {
      return try attribute(name, into: &buffer)
    } catch let error where error.meaning == .missing {
      return nil
    }
  }
}

extension BidirectionalCollection<UInt8> {
  /// The bytes without ASCII blanks and line ends before and behind them.
  fileprivate func trimmingWhitespace() -> SubSequence {
    let isBlank = { (byte: UInt8) in byte == 0x20 || (0x09...0x0d).contains(byte) }
    let head = drop(while: isBlank)
    return head[..<(head.lastIndex { !isBlank($0) }.map(head.index(after:)) ?? head.startIndex)]
  }
}
