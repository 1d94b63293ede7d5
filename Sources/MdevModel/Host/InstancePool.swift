// SPDX-License-Identifier: Apache-2.0

/// How many more devices of each type a parent can make, and what that becomes with each one.
///
/// The types of all drivers that are known share one pool: the ports of mtty, the memory of i915,
/// of mbochs and of NVIDIA's cards. Its unit is what the smallest type takes, and the kernel's
/// counts tell what the others take: of 16 units, a type that fits 4 times takes 4. The counts are
/// advisory (Documentation/driver-api/vfio-mediated-device.rst), so a pool foresees; it can't know.
package struct InstancePool: Hashable, Sendable {
  private var free: Int
  private var needs: [TypeName: Int]
  /// The type that all others must be; NVIDIA's cards take one type at a time.
  package private(set) var onlyType: TypeName?
  private let takesOneType: Bool

  /// The pool of a parent that offers `types` now.
  package init(_ types: [MediatedDeviceType]) {
    free = types.map(\.availableInstances).max() ?? 0
    takesOneType = types.contains { $0.name.name.hasPrefix("nvidia-") }
    var needs: [TypeName: Int] = [:]
    for type in types { needs[type.name] = InstancePool.need(of: type, in: free) }
    self.needs = needs
  }

  /// A number of units that fits just as often as the kernel says.
  ///
  /// Of several it is a power of two, as vendors divide their cards, else the largest, which is
  /// right while nothing is taken. A type that does not fit now takes more than there is.
  private static func need(of type: MediatedDeviceType, in free: Int) -> Int {
    guard type.availableInstances > 0 else { return free + 1 }
    let largest = free / type.availableInstances
    let power = 1 << (Int.bitWidth - 1 - largest.leadingZeroBitCount)
    return free / power == type.availableInstances ? power : largest
  }

  /// How many devices of a type alone fit in.
  package func capacity(for type: TypeName) -> Int {
    guard let need = needs[type], onlyType == nil || onlyType == type else { return 0 }
    return need == 0 ? .max : free / need
  }

  /// Takes one device's share; `false`, and nothing taken, if there is no room for it.
  package mutating func take(_ type: TypeName) -> Bool {
    guard let need = needs[type], capacity(for: type) > 0 else { return false }
    free -= need
    if takesOneType { onlyType = type }
    return true
  }

  /// Gives back what running devices have, as a boot does; of types of which no more fit now,
  /// nobody can tell what they take, so these count nothing from then on.
  package mutating func giveBack(_ running: [TypeName: Int]) {
    let full = needs.filter { $0.value > free }.map(\.key)
    if takesOneType || running.keys.contains(where: full.contains) {
      for type in full { needs[type] = 0 }
    }
    if running.count == 1, let (type, count) = running.first, needs[type] == 0 {
      // What runs now fits as often at least.
      (free, needs[type]) = (count, 1)
    } else {
      for (type, count) in running { free += count * (needs[type] ?? 0) }
    }
  }
}
