// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevSimulator

/// `mdevsim mount`.
struct MountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mount",
    abstract: "Serve a simulated host under a directory.",
    discussion: """
      Use it with MDEVCTL_ENV_ROOT=DIR. It is served until it is unmounted or mdevsim is \
      interrupted; what is in DIR/etc by then is kept for the next time.

      Example: mdevsim mount --profile mtty --background /tmp/host
      """)

  @OptionGroup var profile: ProfileOptions

  @Flag(help: "Go on in the background once the host is there.")
  var background = false

  @Flag(help: .hidden)
  var detached = false

  @Argument(help: "A directory that is new, empty, or was served before.", completion: .directory)
  var directory: String

  func run() throws {
    let profile = try profile.load()
    let host = MountedHost(directory)
    guard background else {
      return try host.serve(profile) {
        announce("ready \(host.directory)")
        if detached { BackgroundHost.detach() }
      }
    }
    try announce(BackgroundHost.start(self.profile.name, at: host.directory))
  }
}
