// SPDX-License-Identifier: Apache-2.0

/// One write of a mask of the AP bus.
package struct APMaskStep: Hashable, Sendable {
  package let name: APMaskName
  package let mask: APMask

  package init(_ name: APMaskName, _ mask: APMask) {
    self.name = name
    self.mask = mask
  }
}

extension APMasks {
  /// The writes that make other masks of these, one mask at a time, by way of which the host gets
  /// no queue that it has neither before nor after.
  ///
  /// The kernel refuses a write by which the host would get a queue of a mediated device
  /// (`apmask_commit` in drivers/s390/crypto/ap_bus.c), so bits that go are cleared before others
  /// are set. One write for each mask does where one of the two only loses bits, or only gets some;
  /// where both do either, `apmask` is written twice.
  package func steps(to new: APMasks) -> [APMaskStep] {
    let (apmask, aqmask) = (APMaskStep(.apmask, new.adapters), APMaskStep(.aqmask, new.domains))
    switch (new.adapters == adapters, new.domains == domains) {
    case (true, true): return []
    case (false, true): return [apmask]
    case (true, false): return [aqmask]
    case (false, false): break
    }
    if new.adapters.isSubset(of: adapters) || domains.isSubset(of: new.domains) {
      return [apmask, aqmask]
    }
    if new.domains.isSubset(of: domains) || adapters.isSubset(of: new.adapters) {
      return [aqmask, apmask]
    }
    return [APMaskStep(.apmask, adapters.intersection(new.adapters)), aqmask, apmask]
  }
}
