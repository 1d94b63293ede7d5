// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevSimulator

/// `mdevsim profiles`.
enum ProfilesCommand {
  static let syntax = CommandSyntax(
    "profiles", "List the profiles that there are.", examples: ["mdevsim profiles"]
  ) { _ in
    .immediate {
      for listing in try ProfileLibrary.current().listings() {
        announce("\(listing.name)\t\(listing.description)")
      }
    }
  }
}
