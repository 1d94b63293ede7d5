// SPDX-License-Identifier: Apache-2.0

import Glibc
package import MdevModel
package import SystemPackage

/// A call to the host that failed: what was tried, on what, and why.
package struct HostError: Error, Hashable, CustomStringConvertible {
  /// What was tried.
  package enum Attempt: Hashable, Sendable {
    case open, read, list, create, createDirectory, remove, synchronize, lock, resolve
    case write(String)
    case writeBytes(Int)
    case rename(to: String)
    case changeMode(UInt32)
    case changeOwner(UInt32, UInt32)
    case changeLabel
    case startThread, run, load, watch
  }

  /// Why it failed.
  package enum Cause: Error, Hashable {
    case errno(Errno)
    /// More bytes than were allowed for.
    case tooLarge(limit: Int)
    /// Text where a number was expected.
    case notANumber
    /// A link leads out of where it must stay.
    case outside(target: String)
    /// A link that leads to nothing that could be meant.
    case strange(target: String)
    /// A program that failed, and its words.
    case complained(String)
    /// A signal ended it.
    case killed(signal: Int32)
    /// A script that says more than it may.
    case tooMuchOutput(limit: Int)
    /// This process may open fewer files than it takes.
    case fewDescriptors(limit: Int, needed: Int)
    /// Somebody who must not decide could have put it there.
    case untrusted(Distrust)
    /// It took longer than it may.
    case timeout(seconds: Int64)
    /// Held by another process for longer than was waited.
    case held(seconds: Int64)
    /// The same, where the lock names the process.
    case heldBy(pid: Int32, seconds: Int64)
    /// The same, where the process is there to be named.
    case heldByProcess(DeviceUser, seconds: Int64)
    /// The kernel gives no user more of it than a setting of sysctl says.
    case limited(by: String)
    /// The kernel took a part of what was written in one call.
    case cutShort(written: Int, of: Int)
  }

  package let attempt: Attempt
  package let path: String
  package let cause: Cause

  package init(_ attempt: Attempt, _ path: String, _ cause: Cause) {
    self.attempt = attempt
    self.path = path
    self.cause = cause
  }

  init(_ attempt: Attempt, _ path: String, _ errno: Errno) {
    self.init(attempt, path, .errno(errno))
  }

  /// The kernel's reason; `nil` when it was not the kernel that refused.
  package var errno: Errno? {
    if case .errno(let errno) = cause { errno } else { nil }
  }

  /// The kernel's reason as it matters to somebody who acts on it.
  package enum Meaning: Hashable, Sendable {
    /// ENOENT: there is no such thing, or no longer.
    case missing
    /// EEXIST.
    case exists
    /// ENOTDIR and EISDIR: another kind of file than was expected.
    case notADirectory, isADirectory
    /// ENOSPC, or EUSERS as mdpy and vfio_ccw say it: nothing is left to give.
    case exhausted
    /// EINVAL.
    case invalid
    /// ENODEV: the device or its driver is going away.
    case goingAway
    /// EBUSY.
    case busy
    /// EADDRNOTAVAIL and EADDRINUSE, which a driver may mean otherwise than a socket does.
    case addressNotAvailable, addressInUse
    /// ENXIO: the thing does not have what is asked for, or not yet.
    case noSuchAddress
    /// EIO and EPERM from a driver that says no for reasons of its own.
    case refused
    case other
  }

  /// Whether nobody is left to read what this process writes to stdout (EPIPE).
  package var isOfUnreadOutput: Bool {
    path == StandardStream.output.name && errno == .brokenPipe
  }

  /// The meaning of ``errno``.
  package var meaning: Meaning {
    switch errno {
    case .noSuchFileOrDirectory: .missing
    case .fileExists: .exists
    case .notDirectory: .notADirectory
    case .isDirectory: .isADirectory
    case .noSpace, .tooManyUsers: .exhausted
    case .invalidArgument: .invalid
    case .operationNotSupportedByDevice: .goingAway
    case .resourceBusy: .busy
    case .addressNotAvailable: .addressNotAvailable
    case .addressInUse: .addressInUse
    case .noSuchAddressOrDevice: .noSuchAddress
    case .ioError, .notPermitted: .refused
    default: .other
    }
  }

  /// True when nothing is at the path, or can be.
  package var isAbsence: Bool { meaning == .missing || meaning == .notADirectory }

  /// Whether there is no place for a lock; that it is held, or that only root may take it, is no
  /// lack.
  package var isLackOfPlace: Bool { errno != nil && errno != .permissionDenied }

  package var description: String {
    "failed to \(attempt.words(on: path)): \(cause)"
  }
}

extension HostError.Attempt {
  fileprivate func words(on path: String) -> String {
    let path = path.shown
    return switch self {
    case .open: "open '\(path)'"
    case .read: "read '\(path)'"
    case .list: "list '\(path)'"
    case .create: "create '\(path)'"
    case .createDirectory: "create directory '\(path)'"
    case .remove: "remove '\(path)'"
    case .synchronize: "write '\(path)' through to the disk"
    case .lock: "lock '\(path)'"
    case .resolve: "resolve '\(path)'"
    case .write(let value): "write '\(value.shown)' to '\(path)'"
    case .writeBytes(let count): "write \(count) bytes to '\(path)'"
    case .rename(let target): "rename '\(path)' to '\(target)'"
    case .changeMode(let mode): "change the mode of '\(path)' to 0\(String(mode, radix: 8))"
    case .changeOwner(let user, let group):
      "change the owner of '\(path)' to \(user):\(group)"
    case .changeLabel: "change the security label of '\(path)'"
    case .run: "run '\(path)'"
    case .load: "load '\(path)'"
    case .startThread: "start a thread for '\(path)'"
    case .watch: "watch '\(path)'"
    }
  }
}

extension HostError.Cause: CustomStringConvertible {
  package var description: String {
    switch self {
    case .errno(.permissionDenied) where geteuid() != 0:
      "Permission denied (only root can do this)"
    case .errno(let errno): errno.description
    case .tooLarge(let limit): "it is larger than \(limit / 1024) KiB"
    case .notANumber: "it holds no number"
    case .outside(let target): "it leads out of the device's directory, to '\(target)'"
    case .strange(let target): "it leads to '\(target)', which is no device"
    case .complained(let words): words
    case .killed(let signal): "signal \(signal) ended it"
    case .tooMuchOutput(let limit): "it said more than \(limit / 1024) KiB on stdout"
    case .fewDescriptors(let limit, let needed):
      "no more than \(limit) files may be open, and it takes \(needed) (see ulimit -n)"
    case .untrusted(let distrust): distrust.description
    case .timeout(let seconds): "it was ended after \(seconds) s"
    case .heldBy(let pid, let seconds): "process \(pid) has held it for \(seconds) s"
    case .heldByProcess(let process, let seconds):
      "process \(process) has held it for \(seconds) s"
    case .limited(let setting): "no more are allowed (sysctl \(setting) says how many)"
    case .cutShort(let written, let count): "only \(written) of \(count) bytes were taken"
    case .held(let seconds):
      "another process has held it for \(seconds) s (fuser -v shows which)"
    }
  }
}
