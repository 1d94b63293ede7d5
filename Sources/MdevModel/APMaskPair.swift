// SPDX-License-Identifier: Apache-2.0

/// One of the two masks of the AP bus, by the name of its attribute.
package enum APMaskName: String, CaseIterable, Comparable, Sendable {
  case apmask, aqmask

  package static func < (left: APMaskName, right: APMaskName) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// Something about each of the two masks.
package protocol APMaskPair {
  associatedtype Value

  /// That of `apmask`.
  var adapters: Value { get set }
  /// That of `aqmask`.
  var domains: Value { get set }
}

extension APMaskPair {
  /// That of the mask with this name.
  package subscript(name: APMaskName) -> Value {
    get {
      switch name {
      case .apmask: adapters
      case .aqmask: domains
      }
    }
    set {
      switch name {
      case .apmask: adapters = newValue
      case .aqmask: domains = newValue
      }
    }
  }
}
