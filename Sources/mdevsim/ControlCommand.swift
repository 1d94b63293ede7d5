// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevSimulator

/// `mdevsim ctl`.
struct ControlCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ctl",
    abstract: "Make a running host slow, faulty or busy.",
    discussion: "Example: mdevsim ctl hold 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001",
    subcommands: [
      LatencyCommand.self, FailCommand.self, HeldCommand.self, NamedRequestCommand<Hold>.self,
      NamedRequestCommand<Release>.self, NamedRequestCommand<Register>.self,
      NamedRequestCommand<Unregister>.self, NamedRequestCommand<Offline>.self,
      NamedRequestCommand<Online>.self, NamedRequestCommand<Load>.self,
      NamedRequestCommand<Unload>.self, RebootCommand.self,
    ])
}

/// `mdevsim ctl latency`.
struct LatencyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "latency", abstract: "Delay each creation of a device.",
    discussion: "Example: mdevsim ctl latency 50")

  @OptionGroup var host: RunningHostOptions

  @Argument(help: "Milliseconds; 0 for none.")
  var milliseconds: Int

  func validate() throws {
    guard milliseconds >= 0 else { throw ValidationError("a time cannot be negative") }
    guard ControlRequest.latencies.contains(milliseconds) else {
      throw ValidationError("a time is at most \(ControlRequest.latencies.upperBound) milliseconds")
    }
  }

  func run() throws {
    _ = try host.ask(.latency(milliseconds))
  }
}

/// `mdevsim ctl fail`.
struct FailCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fail", abstract: "Make the next write to a file fail.",
    discussion: "Example: mdevsim ctl fail /sys/bus/ap/apmask EBUSY")

  @OptionGroup var host: RunningHostOptions

  @Argument(help: "The file as the host names it: /sys/...; it need not exist yet.")
  var path: String

  @Argument(help: "The error, as in errno.h: ENOSPC.")
  var error: KernelError

  func run() throws {
    _ = try host.ask(.fail(path: path, error: error))
  }
}

/// `mdevsim ctl reboot`.
struct RebootCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reboot", abstract: "Boot the host again, with what its /etc has.",
    discussion: "Example: mdevsim ctl reboot --command-line 'ap.apmask=0xffff ap.aqmask=0xff'")

  @OptionGroup var host: RunningHostOptions

  @Option(help: "The kernel's command line from now on; its AP masks count.")
  var commandLine: String?

  func run() throws {
    _ = try host.ask(.reboot(commandLine: commandLine))
  }
}

extension KernelError: ExpressibleByArgument {
  /// Reads a name as in errno.h.
  public init?(argument: String) {
    self.init(name: argument)
  }
}

/// `mdevsim ctl held`.
struct HeldCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "held", abstract: "List the devices that are held.",
    discussion: "Example: mdevsim ctl held")

  @OptionGroup var host: RunningHostOptions

  func run() throws {
    print(try host.ask(.held), terminator: "")
  }
}
