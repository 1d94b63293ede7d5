// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevSimulator

/// Something that is done to one thing of a running host, which is named.
protocol NamedRequest {
  static var name: String { get }
  static var abstract: String { get }
  static var example: String { get }
  /// The argument's name and help.
  static var argument: ArgumentHelp { get }
  static func request(_ name: String) -> ControlRequest
}

/// `mdevsim ctl` with one of these requests.
struct NamedRequestCommand<Request: NamedRequest>: ParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: Request.name, abstract: Request.abstract,
      discussion: "Example: mdevsim ctl \(Request.name) \(Request.example)")
  }

  @OptionGroup var host: RunningHostOptions

  @Argument(help: Request.argument)
  var name: String

  func run() throws {
    _ = try host.ask(Request.request(name))
  }
}

extension ArgumentHelp {
  fileprivate static let device = ArgumentHelp(
    "A uuid, or the address of a PCI function.", valueName: "device")
  fileprivate static let parent = ArgumentHelp(
    "The parent, such as 0000:00:02.0.", valueName: "parent")
  fileprivate static let card = ArgumentHelp("The card, such as card05.", valueName: "card")
  fileprivate static let module = ArgumentHelp(
    "The module, such as vfio_ccw.", valueName: "module")
}

enum Hold: NamedRequest {
  static let name = "hold"
  static let abstract = "Hold a device open, as a running VM does."
  static let example = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
  static let argument = ArgumentHelp.device
  static func request(_ name: String) -> ControlRequest { .hold(name) }
}

enum Release: NamedRequest {
  static let name = "release"
  static let abstract = "Release a device that is held."
  static let example = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
  static let argument = ArgumentHelp.device
  static func request(_ name: String) -> ControlRequest { .release(name) }
}

enum Register: NamedRequest {
  static let name = "register"
  static let abstract = "Make a parent offer its types again."
  static let example = "mtty"
  static let argument = ArgumentHelp.parent
  static func request(_ name: String) -> ControlRequest { .register(name) }
}

enum Unregister: NamedRequest {
  static let name = "unregister"
  static let abstract = "Make a parent take its types and devices away."
  static let example = "mtty"
  static let argument = ArgumentHelp.parent
  static func request(_ name: String) -> ControlRequest { .unregister(name) }
}

enum Offline: NamedRequest {
  static let name = "offline"
  static let abstract = "Take a crypto card from the host."
  static let example = "card05"
  static let argument = ArgumentHelp.card
  static func request(_ name: String) -> ControlRequest { .offline(name) }
}

enum Online: NamedRequest {
  static let name = "online"
  static let abstract = "Give a crypto card back to the host."
  static let example = "card05"
  static let argument = ArgumentHelp.card
  static func request(_ name: String) -> ControlRequest { .online(name) }
}

enum Load: NamedRequest {
  static let name = "load"
  static let abstract = "Load a module that the profile knows."
  static let example = "vfio_ccw"
  static let argument = ArgumentHelp.module
  static func request(_ name: String) -> ControlRequest { .load(name) }
}

enum Unload: NamedRequest {
  static let name = "unload"
  static let abstract = "Unload a module."
  static let example = "vfio_ccw"
  static let argument = ArgumentHelp.module
  static func request(_ name: String) -> ControlRequest { .unload(name) }
}
