// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevSimulator

/// `mdevsim mount`.
enum MountCommand {
  static let syntax = CommandSyntax(
    "mount", "Serve a simulated host under a directory.",
    discussion: """
      Use it with MDEVCTL_ENV_ROOT=DIRECTORY. It is served until it is unmounted or mdevsim is \
      interrupted; what is in DIRECTORY/etc by then is kept for the next time.
      """,
    examples: ["mdevsim mount --profile mtty --background /tmp/host"],
    options: [
      .profile, .flag("--background", help: "Go on in the background once the host is there."),
      .flag("--detached", help: "The part of --background that serves.", isHidden: true),
    ],
    operands: [
      OperandSyntax(
        "DIRECTORY", .directory, help: "A directory that is new, empty, or was served before.")
    ]
  ) { arguments throws(ArgumentError) in
    let profile = try arguments.profile
    let host = MountedHost(try arguments.requiredOperand("DIRECTORY"))
    let isDetached = arguments.has("--detached")
    guard arguments.has("--background") else {
      return .immediate { try serve(profile, on: host, isDetached: isDetached) }
    }
    return .immediate {
      _ = try load(profile)
      try announce(BackgroundHost.start(profile, at: host.directory))
    }
  }

  private static func serve(
    _ profile: String, on host: MountedHost, isDetached: Bool
  ) throws {
    try host.serve(try load(profile)) {
      announce("ready \(host.directory)")
      if isDetached { BackgroundHost.detach() }
    }
  }
}
