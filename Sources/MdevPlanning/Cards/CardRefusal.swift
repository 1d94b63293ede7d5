// SPDX-License-Identifier: Apache-2.0

package import MdevModel

/// A reason why a card is not even tried to be given functions or types.
package enum CardRefusal: Error, Hashable, Sendable {
  /// More functions than the card can have.
  case tooManyFunctions(Int)
  /// NVIDIA's program enables all functions of a card or none.
  case allOrNone(Int)
  /// NVIDIA's driver itself hands functions to guests.
  case driverOfNVIDIA
  /// Types are asked for where NVIDIA's driver has no vGPUs.
  case noTypes
  /// A driver or memory for functions of which no number is known.
  case functionsUnknown
  /// The card has no such function.
  case noFunction(PCIAddress)
  /// The card has no function of that number.
  case noFunctionNumber(Int)
  case functionTwice(PCIAddress)
  /// No such type is offered, on a card with functions that have types or without.
  case unknownType(VGPUTypeName, possible: [VGPUType], isTyped: Bool)
  case ambiguousType(VGPUTypeName, [VGPUType])
  /// There are fewer free functions than vGPUs asked for.
  case tooFewFunctions(VGPUType, wanted: Int, possible: Int)
  /// NVIDIA's driver does not have the function, or not yet.
  case notReady(PCIAddress)
  /// The function has a type that somebody else has set.
  case notOurs(PCIAddress, type: Int)
  case inUse(PCIAddress, [DeviceUser])
  /// The driver does not offer the type for the function.
  case notOffered(VGPUType, PCIAddress, possible: [VGPUType])
  /// Types of several sizes on a card that takes one.
  case sizesMixed([VGPUType])
  /// In GB.
  case noRoom(needed: Int, there: Int)
  /// The number of functions can't be changed while some have types, or are in use.
  case functionsTyped([PCIAddress])
  case functionsInUse([PCIAddress: [DeviceUser]])
  /// Functions that the host itself uses would go, or get another driver.
  case functionsUsedByHost([UsedFunction])
  /// Nothing is stored for the card or function.
  case nothingStored(PCIAddress)
  /// The address is that of a function of this card.
  case isFunction(of: PCIAddress)
  /// The address is neither a card with virtual functions nor a function of one.
  case noCard(PCIAddress)

  /// A function and what the host uses it for.
  package struct UsedFunction: Hashable, Sendable {
    package let function: PCIAddress
    package let uses: [HostUse]

    package init(_ function: PCIAddress, _ uses: [HostUse]) {
      self.function = function
      self.uses = uses
    }
  }
}
