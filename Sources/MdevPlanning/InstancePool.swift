// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// The room that a parent has for devices, and what becomes of it with each one.
///
/// The types of all drivers that are known share one pool: the ports of mtty, the memory of i915,
/// of mbochs and of NVIDIA's cards. Its unit is what the smallest type takes, and the kernel's
/// counts tell what the others take: of 16 units, a type that fits 4 times takes 4. The counts are
/// advisory (Documentation/driver-api/vfio-mediated-device.rst), so a pool foresees; it can't know.
package struct InstancePool: Hashable, Sendable {
  /// The answer to a wish for room.
  package enum Room: Hashable, Sendable {
    case enough
    /// Nobody can tell from the counts.
    case unknown
    case none
    /// A parent that takes one type at a time has this one.
    case excluded(by: TypeName)
  }

  /// The units that are free beside `ran`.
  private let free: Int
  /// The units of each type; `nil` of one that does not fit now, so that nobody can tell.
  private let needs: [TypeName: Int?]
  /// The devices that fitted together, and give their room back.
  private let ran: [TypeName: Int]
  private let takesOneType: Bool
  /// The type that all others must be.
  private var onlyType: TypeName?
  private var started: [TypeName: Int] = [:]
  /// The units of `ran`; `nil` where those of a type are not known.
  private let unitsRan: Int?
  /// The units of `started`, likewise.
  private var unitsStarted: Int? = 0
  private var isUncertain = false

  /// The pool of a parent that offers `types` while devices of the types in `running` exist.
  ///
  /// At the next boot these are gone, and give their room back.
  package init(
    _ types: [MediatedDeviceType], running: [TypeName: Int] = [:], at moment: Moment = .now
  ) {
    let free = types.map(\.availableInstances).max() ?? 0
    self.free = free
    ran = moment == .boot ? running : [:]
    let needs = Dictionary(
      types.map { ($0.name, InstancePool.need(of: $0, in: free)) }, uniquingKeysWith: { $1 })
    self.needs = needs
    unitsRan = InstancePool.sum(of: ran, needs)
    // NVIDIA's cards take one type at a time, unless one is seen with room beside another.
    let isMixed = types.contains { type in
      type.availableInstances > 0 && running.keys.contains { $0 != type.name }
    }
    takesOneType = types.contains { $0.name.name.hasPrefix("nvidia-") } && !isMixed
    onlyType = moment == .now && takesOneType ? running.keys.first : nil
  }

  /// A number of units that fits just as often as the kernel says.
  ///
  /// Of several it is a power of two, as vendors divide their cards, else the largest, which is
  /// right while nothing is taken.
  private static func need(of type: MediatedDeviceType, in free: Int) -> Int? {
    guard type.availableInstances > 0 else { return nil }
    let largest = free / type.availableInstances
    let power = 1 << (Int.bitWidth - 1 - largest.leadingZeroBitCount)
    return free / power == type.availableInstances ? power : largest
  }

  /// True if the first device will decide of which type all others must be.
  var isOpenToAnyType: Bool { takesOneType && onlyType == nil }

  /// Takes one device's share; nothing is taken where there is none.
  package mutating func take(_ type: TypeName) -> Room {
    let room = room(for: type)
    switch room {
    case .enough:
      started[type, default: 0] += 1
      unitsStarted = sum(unitsStarted, needs[type] ?? nil)
      if takesOneType { onlyType = type }
    case .unknown: isUncertain = true
    case .none, .excluded: break
    }
    return room
  }

  /// Tells whether one more device of the type fits.
  package func room(for type: TypeName) -> Room {
    guard let need = needs[type] else { return .none }
    if let onlyType, onlyType != type { return .excluded(by: onlyType) }
    if isUncertain { return .unknown }
    // An empty parent has room for one device of each type that it offers.
    if started.isEmpty, !ran.isEmpty { return .enough }
    if let total = unitsRan, let needed = sum(unitsStarted, need) {
      return needed <= free + total ? .enough : .none
    }
    if ran.isEmpty { return .none }
    var wanted = started
    wanted[type, default: 0] += 1
    for (type, count) in ran { wanted[type] = wanted[type].map { max($0 - count, 0) } }
    let surplus = InstancePool.sum(of: wanted.filter { $0.value > 0 }, needs)
    return surplus.map { $0 <= free } == true ? .enough : .unknown
  }

  private func sum(_ units: Int?, _ more: Int?) -> Int? {
    guard let units, let more else { return nil }
    return units + more
  }

  private static func sum(of counts: [TypeName: Int], _ needs: [TypeName: Int?]) -> Int? {
    var sum = 0
    for (type, count) in counts {
      guard let need = needs[type] ?? nil else { return nil }
      sum += need * count
    }
    return sum
  }
}
