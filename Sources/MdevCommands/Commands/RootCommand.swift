// SPDX-License-Identifier: Apache-2.0

import MdevArguments

enum RootCommand {
  static let syntax = CommandSyntax(
    "mdevctl", "Manage mediated devices.",
    discussion: """
      A mediated device is a part of a device that the kernel makes on request, for a virtual \
      machine to own: a vGPU, a channel device, a set of crypto queues. Definitions are kept in \
      /etc/mdevctl.d; those marked 'auto' start as soon as their parent device is there.
      """,
    examples: ["mdevctl define -p mtty -t mtty-2 --auto"],
    options: [.shortVersion], sharedOptions: [.version],
    groups: [
      CommandGroup(
        "Devices",
        [
          DefineCommand.syntax, UndefineCommand.syntax, ModifyCommand.syntax, StartCommand.syntax,
          StopCommand.syntax,
        ]),
      CommandGroup(
        "Drivers",
        [
          DriverCommand.syntax, APCommand.syntax, VGPUCommand.syntax, SubchannelCommand.syntax,
          GroupsCommand.syntax, CDICommand.syntax,
        ]),
      CommandGroup(
        "Boot",
        [
          AutostartCommand.syntax, RulesCommand.syntax, RecoverCommand.syntax,
          StartParentMdevsCommand.syntax,
        ]),
      CommandGroup(
        "Whole hosts", [ExportCommand.syntax, DiffCommand.syntax, ApplyCommand.syntax]),
      CommandGroup(
        "Looking",
        [
          ListCommand.syntax, ShowCommand.syntax, TypesCommand.syntax, StatusCommand.syntax,
          CheckCommand.syntax, PlanCommand.syntax, MonitorCommand.syntax, WaitCommand.syntax,
          CalloutsCommand.syntax,
        ]),
    ],
    requiresSubcommand: true)
}
