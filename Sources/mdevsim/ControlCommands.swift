// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevSimulator

/// `mdevsim ctl hold`.
struct HoldCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold", abstract: "Hold a device open, as a running VM does.",
    discussion: "Example: mdevsim ctl hold 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001")

  @OptionGroup var host: RunningHostOptions

  @Argument(help: "A uuid, or the address of a PCI function.")
  var device: String

  func run() throws {
    _ = try host.ask(.hold(device))
  }
}

/// `mdevsim ctl release`.
struct ReleaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "Let go of a device that is held.",
    discussion: "Example: mdevsim ctl release 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001")

  @OptionGroup var host: RunningHostOptions

  @Argument(help: "A uuid, or the address of a PCI function.")
  var device: String

  func run() throws {
    _ = try host.ask(.release(device))
  }
}

/// `mdevsim ctl register`.
struct RegisterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "register", abstract: "Have a parent offer its types again.",
    discussion: "Example: mdevsim ctl register mtty")

  @OptionGroup var host: RunningHostOptions

  @Argument(help: "The parent, such as 0000:00:02.0.")
  var parent: String

  func run() throws {
    _ = try host.ask(.register(parent))
  }
}

/// `mdevsim ctl unregister`.
struct UnregisterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unregister", abstract: "Have a parent take its types and devices away.",
    discussion: "Example: mdevsim ctl unregister mtty")

  @OptionGroup var host: RunningHostOptions

  @Argument(help: "The parent, such as 0000:00:02.0.")
  var parent: String

  func run() throws {
    _ = try host.ask(.unregister(parent))
  }
}

/// `mdevsim ctl offline`.
struct OfflineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "offline", abstract: "Take a crypto card from the host.",
    discussion: "Example: mdevsim ctl offline card05")

  @OptionGroup var host: RunningHostOptions

  @Argument(help: "The card, such as card05.")
  var card: String

  func run() throws {
    _ = try host.ask(.offline(card))
  }
}

/// `mdevsim ctl online`.
struct OnlineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "online", abstract: "Give a crypto card back to the host.",
    discussion: "Example: mdevsim ctl online card05")

  @OptionGroup var host: RunningHostOptions

  @Argument(help: "The card, such as card05.")
  var card: String

  func run() throws {
    _ = try host.ask(.online(card))
  }
}

/// `mdevsim ctl load`.
struct LoadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load", abstract: "Load a module that the profile knows.",
    discussion: "Example: mdevsim ctl load vfio_ccw")

  @OptionGroup var host: RunningHostOptions

  @Argument(help: "The module, such as vfio_ccw.")
  var module: String

  func run() throws {
    _ = try host.ask(.load(module))
  }
}

/// `mdevsim ctl unload`.
struct UnloadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unload", abstract: "Unload a module.",
    discussion: "Example: mdevsim ctl unload vfio_ccw")

  @OptionGroup var host: RunningHostOptions

  @Argument(help: "The module, such as vfio_ccw.")
  var module: String

  func run() throws {
    _ = try host.ask(.unload(module))
  }
}
