// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevOperations

/// The devices of containers.
enum CDICommand {
  static let syntax = CommandSyntax(
    "cdi", "Offer devices to containers, by the Container Device Interface.",
    discussion: """
      podman, Docker, containerd and CRI-O read /run/cdi/mdevctl.json, which has every running \
      mediated device and every PCI function that is given to user space: \
      'podman run --device mdevctl/vfio=UUID', or with a PCI address. Once installed, it is kept \
      as the host is by each start, stop and change of drivers with this program, and made by \
      each boot; it is gone while there is no device.
      """,
    examples: ["mdevctl cdi install"],
    groups: [CommandGroup([install, remove, show])], requiresSubcommand: true)

  private static let install = CommandSyntax(
    "install", "Offer devices to containers from now on.", examples: ["mdevctl cdi install"]
  ) { _ in
    .waiting { try await Host.operations().offerToContainers.install() }
  }

  private static let remove = CommandSyntax(
    "remove", "Offer devices to containers no longer.", examples: ["mdevctl cdi remove"]
  ) { _ in
    .waiting { try await Host.operations().offerToContainers.remove() }
  }

  private static let show = CommandSyntax(
    "show", "Print the devices that containers can be offered now.", examples: ["mdevctl cdi show"]
  ) { _ in
    .immediate {
      try Output.print(
        .containerDevices(try Host.operations().offerToContainers.devices()), as: .json)
    }
  }
}
