// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A fact about a host that hurts, or will at the next boot.
///
/// A case says who, what and when; the sentence, the command that mends it and the words of other
/// tools are made from it elsewhere.
package enum Problem: Hashable, Sendable {
  /// A device can't start.
  case start(StartProblem)

  // MARK: Devices

  /// A definition can't be read.
  case definitionUnreadable(DeviceIdentity, Cause)
  /// No definition of a parent can be read.
  case definitionsUnreadable(ParentName, Cause)
  /// Something in the store is no definition.
  case strayEntry(Warning)
  /// A definition asks for adapters and domains that the host does not have.
  case queuesAbsent(DeviceIdentity, APMatrix)
  /// The guest of a running device does not get these of its queues.
  case queuesWithheld(DeviceIdentity, APQueueSet)
  /// A running device has another matrix than its definition.
  case matrixDiffers(DeviceIdentity, running: APMatrix)
  /// A running device has another type than its definition, which starts it when somebody asks.
  case typeDiffers(DeviceIdentity, running: TypeName, defined: TypeName)
  /// A device runs on a parent, and is defined on others only.
  case runsElsewhere(DeviceIdentity, defined: [ParentName])
  /// Processes use a device that nothing defines.
  case usedWithoutDefinition(DeviceIdentity, [DeviceUser])

  // MARK: Drivers

  /// Masks and overrides of these queues come into force together, and the kernel takes one.
  case masksAndOverrides(APQueueSet)
  /// A driver is stored for a device that the host does not have.
  case overrideStale(BusDevice, DriverName)
  /// A device has another driver than the one that is stored for it.
  case overrideIgnored(DriverState, stored: DriverName)
  /// A stored driver can't be read.
  case overrideUnreadable(BusDevice, Cause)
  /// Guests have a part of an IOMMU group, and the host another.
  case groupSplit(number: Int, handedOut: [DriverState], kept: [DriverState])
  /// The masks of the next boot make no sense.
  case masksUnreadable(Cause)

  // MARK: Cards

  /// A card does not have what is stored for it, or can't have that.
  case card(PCIAddress, CardProblem)

  // MARK: Changes

  /// A change was interrupted between what is in force and what is stored.
  case changeInterrupted(TwofoldChange)

  // MARK: The installation

  case rules(RulesProblem)
  /// A unit that the boot needs is not installed.
  case unitMissing(name: String)
  /// A unit runs another program than this one.
  case unitForeign(path: String, program: String)
  /// What the initrd of the running kernel gives devices for a driver was changed since it was made.
  case initrdStale(path: String, by: InitrdMaker)
  /// A script is not run.
  case scriptNotRun(path: String, Cause)
  /// Others than the owner of a file can write to it.
  case writableByOthers(path: String)
  /// A part of the host can't be read.
  case unreadable(HostPart, Cause)
  /// Something that was read on the way makes no sense and was passed over.
  case passedOver(Warning)
}

/// A part of a host that is read as a whole.
package enum HostPart: String, Sendable {
  case definitions, overrides, changes, devices, parents, apBus, subchannels, overriddenDevices,
    groups
  case cards, rules, units, initrd, scripts
}

/// A fault of udev's rules on a host.
package enum RulesProblem: Hashable, Sendable {
  /// No directory of rules has the file.
  case missing(name: String)
  /// The file in effect is not the one that we would write.
  case outdated(path: String)
  /// The file in effect is another tool's, and stands where ours would or behind that.
  case foreign(path: String, isInTheWay: Bool)
  /// The file in effect gives an AP mask a value that is none.
  case strangeMask(path: String, APMaskError)
  /// The file in effect has these masks for the AP bus, and never sets them.
  case masksWithoutEffect(path: String, APMasks)
  /// A line in the file of owners is not ours.
  case strangeLine(path: String, line: Int)
  /// An owner of a device that is neither defined nor running.
  case ownerWithoutDevice(DeviceUUID)
}

/// A value that hurts less or more.
package enum Severity: String, Sendable {
  /// A device does not start, or somebody has what is another's.
  case error
  /// It works, or may work, but not as one would expect.
  case warning
}
