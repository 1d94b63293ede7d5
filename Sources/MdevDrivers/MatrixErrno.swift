// SPDX-License-Identifier: Apache-2.0

import MdevHost

/// The meanings that vfio_ap gives to errors (vfio_ap_ops.c in drivers/s390/crypto).
enum MatrixErrno {
  /// EADDRNOTAVAIL: the host's own drivers have a queue.
  case hostOwned
  /// EADDRINUSE: another device has a queue.
  case taken
  /// ENODEV: a number is above the highest of this host, or the device goes away.
  case aboveMaximum
  /// EBUSY: the device, or the masks of the bus, are in use.
  case busy

  /// The meaning of an error; `nil` where vfio_ap has none of its own.
  init?(_ error: HostError) {
    switch error.meaning {
    case .addressNotAvailable: self = .hostOwned
    case .addressInUse: self = .taken
    case .goingAway: self = .aboveMaximum
    case .busy: self = .busy
    case .missing, .exists, .notADirectory, .isADirectory, .exhausted, .invalid,
      .noSuchAddress, .refused, .other:
      return nil
    }
  }
}
