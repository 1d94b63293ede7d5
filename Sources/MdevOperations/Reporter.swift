// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// The way to tell at once how a use case goes, for what must not wait until its result is there.
package struct Reporter: Sendable {
  /// Something to be told.
  package enum Event: Sendable {
    /// Words of scripts, something survived, or a refusal that was overridden.
    case warning(Warning)
    /// A change of drivers that is about to be made, or would be.
    case plan(DriverPlan)
    /// A wait begins, since somebody uses the device.
    case waiting(DeviceInUse)
  }

  private let tell: @Sendable (Event) throws -> Void

  /// A reporter that hands on each event; by throwing, who is told of a plan or of a wait ends the
  /// use case before anything is changed.
  package init(_ tell: @escaping @Sendable (Event) throws -> Void) {
    self.tell = tell
  }

  /// Warns; where nobody is left to be told, the use case goes on.
  func warn(_ warning: Warning) { try? tell(.warning(warning)) }

  func announce(_ plan: DriverPlan) throws { try tell(.plan(plan)) }

  func announceWait(for device: DeviceInUse) throws { try tell(.waiting(device)) }
}
