// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An errno with which the simulated kernel refuses something.
package struct KernelError: Error, Hashable, Sendable {
  /// Its number in errno.h.
  package let code: Int32

  /// Any errno, by its number.
  package init(code: Int32) {
    self.code = code
  }

  package static let accessDenied = KernelError(code: EACCES)
  package static let addressInUse = KernelError(code: EADDRINUSE)
  package static let addressNotAvailable = KernelError(code: EADDRNOTAVAIL)
  package static let busy = KernelError(code: EBUSY)
  package static let exists = KernelError(code: EEXIST)
  package static let inputOutput = KernelError(code: EIO)
  package static let invalid = KernelError(code: EINVAL)
  package static let isDirectory = KernelError(code: EISDIR)
  package static let noDevice = KernelError(code: ENODEV)
  package static let noEntry = KernelError(code: ENOENT)
  package static let noMemory = KernelError(code: ENOMEM)
  package static let noSpace = KernelError(code: ENOSPC)
  package static let notDirectory = KernelError(code: ENOTDIR)
  package static let notPermitted = KernelError(code: EPERM)
  package static let notSupported = KernelError(code: EOPNOTSUPP)
  package static let noSuchAddress = KernelError(code: ENXIO)
  package static let outOfRange = KernelError(code: ERANGE)
  package static let tooManyUsers = KernelError(code: EUSERS)
}

extension KernelError: CustomStringConvertible {
  /// Reads a name as in errno.h: `ENOSPC`.
  package init?(name: String) {
    guard let code = KernelError.codes.first(where: { $0.name == name })?.code else { return nil }
    self.init(code: code)
  }

  /// The name in errno.h.
  package var description: String {
    KernelError.codes.first { $0.code == code }?.name ?? "errno \(code)"
  }

  /// Every name that can be injected as a fault.
  package static var names: [String] { codes.map(\.name) }

  private static let codes: [(name: String, code: Int32)] = [
    ("EPERM", EPERM), ("ENOENT", ENOENT), ("EINTR", EINTR), ("EIO", EIO), ("ENXIO", ENXIO),
    ("E2BIG", E2BIG), ("EBADF", EBADF), ("EAGAIN", EAGAIN), ("ENOMEM", ENOMEM),
    ("EACCES", EACCES), ("EFAULT", EFAULT), ("EBUSY", EBUSY), ("EEXIST", EEXIST),
    ("ENODEV", ENODEV), ("ENOTDIR", ENOTDIR), ("EISDIR", EISDIR), ("EINVAL", EINVAL),
    ("EFBIG", EFBIG), ("ENOSPC", ENOSPC), ("EROFS", EROFS), ("ERANGE", ERANGE),
    ("ENOSYS", ENOSYS), ("ENODATA", ENODATA), ("ETIME", ETIME), ("EPROTO", EPROTO),
    ("EUSERS", EUSERS), ("EOPNOTSUPP", EOPNOTSUPP), ("EADDRINUSE", EADDRINUSE),
    ("EADDRNOTAVAIL", EADDRNOTAVAIL), ("EUCLEAN", EUCLEAN), ("ETIMEDOUT", ETIMEDOUT),
    ("ECANCELED", ECANCELED),
  ]
}
