// SPDX-License-Identifier: Apache-2.0

package import MdevDrivers
package import MdevHost
package import MdevModel
package import MdevPlanning
package import MdevStore

/// A reason why something asked for was not done.
///
/// Of a device that is missed, what there is in its place is for a hint; `nil` where that can't be
/// read.
package enum OperationError: Error, Equatable {
  /// A device that does not run has no parent to be taken from.
  case noParent(Lookalikes?)
  case noType
  case parentRequired(file: String)
  case insufficient(Lookalikes?)
  case typeWithoutParent
  case refusingToOverwrite(DeviceIdentity)
  case noneDefined(Lookalikes?)
  case notDefined(DeviceUUID, ParentName?, Lookalikes?)
  case ambiguous(DeviceUUID, [ParentName])
  case otherTypeDefined(DeviceIdentity, TypeName)
  case otherTypeActive(DeviceIdentity, TypeName)
  case notActive(DeviceUUID, Lookalikes?)
  /// No device among those that are meant has such a uuid; others may.
  case noneBegins(UUIDBeginning, DeviceCircle, elsewhere: [DeviceUUID])
  case severalBegin(UUIDBeginning, [DeviceUUID])
  /// A device that is neither defined nor running.
  case unknown(DeviceUUID, Lookalikes?)
  /// A name that is that of no device at all.
  case nothingCalled(String)
  /// Queues, which have a command of their own.
  case queuesAreElsewhere(APSelection)
  /// No type of the parent has this name of either kind.
  case typeNotOffered(TypeName, ParentName, [NamedType])
  /// Several types of the parent are called so.
  case typeNameAmbiguous(TypeName, ParentName, [TypeName])
  /// A name for people, on a parent that is not there to say which type it is.
  case typeNameUnresolved(TypeName, ParentName)
  /// The definition of a device that was changed live could not be stored.
  case notChangedBack(after: StoreError, DriverError)
  case severalFailed([DeviceFailure])
  /// A definition that can't start at the next boot, or keeps others from it.
  case definitionConflict(DeviceIdentity, Consequences)
  /// A device that can't start now.
  case cannotStart(MediatedDevice, [StartObstacle])
  /// A running device that can't be given another matrix.
  case cannotChange(MediatedDevice, [StartObstacle])
  case inUse(DeviceInUse)
  /// To this user nobody shows who uses a device.
  case usersHidden
  case notReached(StateNotReached)
  case start(StartFailure)
  case drivers(DriverRefusal)
  case rules(RulesRefusal)
  /// Nobody of that name has applied anything.
  case noOwner(GivenName)
  /// A host file that is not applied.
  case hostFile([HostFault])
  /// A card that is not even tried to be given functions or types.
  case card(PCIAddress, CardRefusal)

  /// One device of several that a command failed for.
  package struct DeviceFailure: Equatable, Sendable {
    package let identity: DeviceIdentity
    package let reason: Cause
  }

  /// A reason why a device did not start.
  package enum StartFailure: Equatable, Sendable {
    case alreadyActive
    /// The uuid is taken, though no device shows it.
    case removalPending(DeviceUUID)
    /// The pool is full, whatever the kernel's count says.
    case exhausted(ParentName, TypeName, HostError)
    /// The driver refused for reasons of its own.
    case refusedByDriver(ParentName, TypeName, HostError)
    case creationFailed(ParentName, TypeName, HostError)
    /// Its start, by a process that is known while the driver makes it, is not over.
    case late(ParentName, driver: String?, maker: DeviceUser?, seconds: Int64)
    /// A signal came in before it was complete, so the device was removed again, or not even that.
    case interrupted(cleanUp: HostError?)
    /// An attribute could not be set, so the device was removed again, or not even that.
    case attributeFailed(DeviceAttribute, HostError, cleanUp: HostError?)
  }

  /// A reason why a change of drivers or masks is not even begun.
  package enum DriverRefusal: Equatable, Sendable {
    case noSubchannel(BusDeviceName)
    case nothingStored(BusDevice)
    /// Overrides are asked for where masks are in use.
    case masksInUse(path: String)
    /// Masks are asked for where queues have overrides.
    case overridesInUse([BusDevice])
    case onlyVFIO(DriverName)
    case unsupportedByMasks
    /// The rules of the masks make no sense.
    case strangeRules(path: String, APMaskError)
    case queuesInUse([DriverError.DeviceQueue])
    case nothingOverridable(BusName)
    /// No initrd comes before the drivers of this bus.
    case neverEarly(BusName)
    /// Devices could not start any more at the next boot.
    case startsLost([StartProblem])
    /// The same by masks that were given by name, which nothing overrides.
    case startsLostByMasks([StartProblem])
    /// An earlier change of the same was interrupted and can't be brought to its end.
    case unfinished(TwofoldChange)
  }

  /// A reason why rules are not written.
  package enum RulesRefusal: Equatable, Sendable {
    case foreign(path: String)
    case strangeLine(path: String, line: Int)
    case noUser(String)
    case noOwner(DeviceUUID)
    case noDevice(DeviceUUID)
  }
}

/// A running device and the processes that have it open.
package struct DeviceInUse: Hashable, Sendable {
  package let uuid: DeviceUUID
  /// Empty where /proc does not show them.
  package let holders: [DeviceUser]
}
