// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevSimulator

/// The option for the host to simulate.
struct ProfileOptions: ParsableArguments {
  @Option(
    name: [.customShort("p"), .customLong("profile")],
    help: "A profile's name ('mdevsim profiles' lists them) or a file.")
  var name: String

  func load() throws -> Profile {
    try ProfileLibrary.current().profile(name)
  }
}
