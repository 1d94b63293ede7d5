// SPDX-License-Identifier: Apache-2.0

/// A change of what is in force and of what is stored for the next boot, of which neither is to be
/// without the other.
package enum TwofoldChange: Hashable, Sendable {
  case drivers([Driver])
  case masks(Sides<APMasks>, rules: Sides<String?>)
  case matrix(DeviceIdentity, Sides<APMatrix>, definition: Sides<DeviceDefinition>)

  /// Something before and after a change.
  package struct Sides<Value: Hashable & Sendable>: Hashable, Sendable {
    package let before: Value
    package let after: Value

    package init(before: Value, after: Value) {
      self.before = before
      self.after = after
    }

    /// True if a value is of one side, so that nobody else has changed it.
    package func contains(_ value: Value) -> Bool { value == before || value == after }
  }

  /// The change of the driver of one device.
  package struct Driver: Hashable, Sendable {
    package let before: DriverState
    /// The override that it gets; `nil` if it is to have none.
    package let override: DriverName?
    package let stored: Sides<DriverName?>

    package init(before: DriverState, override: DriverName?, stored: Sides<DriverName?>) {
      self.before = before
      self.override = override
      self.stored = stored
    }

    /// Tells whether a state of the device is that after the change.
    package func isDone(in state: DriverState) -> Bool {
      guard state.overrideDriver == override else { return false }
      switch override {
      case .nobody?: return state.driver == nil
      case let driver?: return state.driver == driver
      // Whoever takes it, but he who had it by the override.
      case nil:
        return state.driver != nil
          && (before.overrideDriver == nil || state.driver != before.driver)
      }
    }

    /// Tells whether a state of the device may be one on the way, be it there or back.
    package func isOnTheWay(in state: DriverState) -> Bool {
      (state.overrideDriver == before.overrideDriver || state.overrideDriver == override)
        && (state.driver == nil || state.driver == before.driver || isDone(in: state))
    }
  }
}

extension TwofoldChange.Sides<APMasks> {
  /// Tells whether masks may be some on the way, be it there or back.
  package func isOnTheWay(_ masks: APMasks) -> Bool {
    contains(masks) || isOnTheWay(masks, from: before, to: after)
      || isOnTheWay(masks, from: after, to: before)
  }

  private func isOnTheWay(_ masks: APMasks, from old: APMasks, to new: APMasks) -> Bool {
    var now = old
    for step in old.steps(to: new) {
      now[step.name] = step.mask
      if now == masks { return true }
    }
    return false
  }
}

extension TwofoldChange.Sides<APMatrix> {
  /// Tells whether a matrix may be one on the way, be it there or back: it has what both sides
  /// have, and no more than one of them.
  package func isOnTheWay(_ matrix: APMatrix) -> Bool {
    APMatrix.Resource.allCases.allSatisfy { resource in
      let (old, new) = (before[resource], after[resource])
      return old.intersection(new).isSubset(of: matrix[resource])
        && matrix[resource].isSubset(of: old.union(new))
    }
  }
}
