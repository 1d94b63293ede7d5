// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel

enum VGPUCommand {
  static let syntax = CommandSyntax(
    "vgpu", "Divide cards into virtual functions, and give these vGPU types.",
    discussion: """
      Where a driver has no mediated devices, as NVIDIA's since Linux 6.8, a vGPU is a type that a \
      virtual function of the card (SR-IOV) is given, and the function is what a virtual machine \
      gets. The kernel forgets functions and types with every reboot; what 'set' has made is kept in \
      /etc/mdevctl.vgpu.d and comes back with the boot. Cards and functions are named by their PCI \
      addresses, as lspci prints them.
      """,
    examples: ["mdevctl vgpu", "mdevctl vgpu set 0000:03:00.0 L40S-4Q=3"],
    groups: [
      CommandGroup([
        VGPUListCommand.syntax, VGPUTypesCommand.syntax, VGPUSetCommand.syntax,
        VGPUUnsetCommand.syntax, VGPURestoreCommand.syntax,
      ])
    ],
    defaultSubcommand: "list")
}

/// The options and operands of the commands about cards.
extension OperandSyntax {
  static func card(_ help: String, _ count: Count = .one) -> OperandSyntax {
    OperandSyntax("CARD", .card, count, help: help)
  }
}

extension PCIAddress {
  init(argument: String) throws(PCIAddressError) {
    try self.init(argument)
  }
}
