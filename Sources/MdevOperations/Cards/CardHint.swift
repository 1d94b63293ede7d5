// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel

/// What to say to who looks for mediated devices where NVIDIA's driver has vGPUs without them.
struct CardHint: Sendable {
  let root: SystemRoot

  /// The way to the vGPUs of a card or function that is no parent; `nil` if it has none.
  func warning(about parent: ParentName) throws(DriverError) -> Warning? {
    guard let address = PCIAddress(text: parent.name) else { return nil }
    if let card = try SRIOVCard.card(ofFunction: address, root: root) {
      let function = try SRIOVCard(card, root: root)?.function(address)
      guard function?.vgpu != nil else { return nil }
      return Warning(
        "'\(address)' is a virtual function that takes a vGPU type, and no parent of mediated devices: "
          + CardHint.advice(on: card))
    }
    guard let card = try SRIOVCard(address, root: root), card.isNVIDIA else { return nil }
    return Warning(
      "'\(address)' has vGPUs on virtual functions, and no mediated devices: "
        + CardHint.advice(on: address))
  }

  private static func advice(on card: PCIAddress) -> String {
    "'mdevctl vgpu types \(card)' lists the types, 'mdevctl help vgpu set' tells how one is given"
  }

  /// The way to the vGPUs of a host without types of mediated devices; `nil` if it has none.
  func warning() throws(DriverError) -> Warning? {
    for address in try SRIOVCard.addresses(root: root) {
      guard let card = try SRIOVCard(address, root: root), card.isNVIDIA else { continue }
      return Warning(
        "card '\(address)' has vGPUs on virtual functions, and no mediated devices:"
          + " 'mdevctl vgpu types' lists their types")
    }
    return nil
  }
}
