// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel

/// The times that a command looks at.
enum MomentsShown {
  static let syntax: [OptionSyntax] = [
    .flag("--now", "--active", help: "Only what is wrong now.", excludes: ["--boot"]),
    .flag("--boot", help: "Only what goes wrong at the next boot."),
  ]

  static func moments(_ arguments: ParsedArguments) -> Set<Moment> {
    if arguments.has("--now") { return [.now] }
    return arguments.has("--boot") ? [.boot] : [.now, .boot]
  }
}

extension OptionSyntax {
  /// Changes what is in force and nothing that is stored; `other` is another program's name for it.
  ///
  /// It is not `--now`: to people who know systemctl that would be "now as well".
  static func nowOnly(other: String? = nil) -> OptionSyntax {
    let help = "Change it now only, not for the next boot."
    return if let other {
      .flag("--now-only", other, help: help)
    } else {
      .flag("--now-only", help: help)
    }
  }
}

/// The times that a command changes; the second names are those of chzdev.
enum MomentsChanged {
  static let syntax: [OptionSyntax] = [
    .nowOnly(other: "--active"),
    .flag("--boot-only", "--persistent", help: "Change it for the next boot."),
  ]

  static func moments(_ arguments: ParsedArguments) -> Set<Moment> {
    switch (arguments.has("--now-only"), arguments.has("--boot-only")) {
    case (true, false): [.now]
    case (false, true): [.boot]
    case (true, true), (false, false): [.now, .boot]
    }
  }
}
