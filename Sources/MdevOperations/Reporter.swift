// SPDX-License-Identifier: Apache-2.0

package import MdevModel
package import MdevPlanning

/// The way to tell at once how a use case goes, for what must not wait until its result is there.
package struct Reporter: Sendable {
  /// Something to be told.
  package enum Event: Sendable {
    /// Words of scripts, or something survived.
    case warning(Warning)
    /// Starts that the change makes doubtful or, where that is overridden, impossible.
    case problems([StartProblem])
    /// A refusal that does not count, since the change is forced.
    case overridden(OperationError)
    /// A change of drivers that is about to be made, or would be.
    case plan(DriverPlan)
    /// A change that was interrupted earlier has been brought to an end.
    case recovered(FinishedChange)
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
  func warn(_ warning: Warning) { note(.warning(warning)) }

  /// Tells of something that ends no use case; where nobody is left to be told, it goes on.
  func note(_ event: Event) { try? tell(event) }

  func announce(_ plan: DriverPlan) throws { try tell(.plan(plan)) }

  func announceWait(for device: DeviceInUse) throws { try tell(.waiting(device)) }
}
