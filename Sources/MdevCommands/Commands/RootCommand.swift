// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct RootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mdevctl",
    abstract: "Manage mediated devices.",
    discussion: """
      A mediated device is a part of a device that the kernel makes on request, for a virtual \
      machine to own: a vGPU, a channel device, a set of crypto queues. Definitions are kept in \
      /etc/mdevctl.d; those marked 'auto' start as soon as their parent device is there.

      Example: mdevctl define -p mtty -t mtty-2 --auto
      """,
    version: Program.version,
    subcommands: [
      DefineCommand.self, UndefineCommand.self, ModifyCommand.self, StartCommand.self,
      StopCommand.self, ListCommand.self, TypesCommand.self, AutostartCommand.self,
      StatusCommand.self, CheckCommand.self, PlanCommand.self, CalloutsCommand.self,
      RulesCommand.self,
      StartParentMdevsCommand.self,
      DriverCommand.self, APCommand.self, SubchannelCommand.self, GroupsCommand.self,
      RecoverCommand.self,
    ])

  @Flag(name: .customShort("V"), help: ArgumentHelp("Show the version.", visibility: .private))
  var showsVersion = false

  func run() throws {
    if showsVersion { throw CleanExit.message(Program.version) }
    throw ValidationError("a command is missing, such as 'list'")
  }
}
