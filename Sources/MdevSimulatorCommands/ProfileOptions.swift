// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevSimulator

/// The host to simulate.
extension OptionSyntax {
  static let profile = OptionSyntax.value(
    "-p", "--profile", takes: ValueSyntax("PROFILE", .profile),
    help: "A profile's name ('mdevsim profiles' lists them) or a file.", isRequired: true)
}

extension ParsedArguments {
  /// The name of the profile, or its file.
  var profile: String {
    get throws(ArgumentError) { try required("--profile") { (text) throws(ValueError) in text } }
  }
}

/// The profile of that name, or in that file.
func load(_ profile: String) throws -> Profile {
  try ProfileLibrary.current().profile(profile)
}
