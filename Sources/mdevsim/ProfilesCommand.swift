// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevSimulator

/// `mdevsim profiles`.
struct ProfilesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profiles", abstract: "List the profiles that there are.",
    discussion: "Example: mdevsim profiles")

  func run() throws {
    for listing in try ProfileLibrary.current().listings() {
      announce("\(listing.name)\t\(listing.description)")
    }
  }
}
