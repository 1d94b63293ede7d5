// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel

/// The times that a command looks at.
struct MomentsShown: ParsableArguments {
  @Flag(name: [.long, .customLong("active")], help: "Only what is wrong now.")
  var now = false

  @Flag(help: "Only what goes wrong at the next boot.")
  var boot = false

  func validate() throws {
    guard !now || !boot else {
      throw ValidationError("--now and --boot cannot be used together")
    }
  }

  var moments: Set<Moment> {
    switch (now, boot) {
    case (true, _): [.now]
    case (false, true): [.boot]
    case (false, false): [.now, .boot]
    }
  }
}

/// The times that a command changes; the second names are those of chzdev.
struct MomentsChanged: ParsableArguments {
  @Flag(
    name: [.long, .customLong("active")], help: "Change it now only, not for the next boot.")
  var nowOnly = false

  @Flag(name: [.long, .customLong("persistent")], help: "Change it for the next boot.")
  var bootOnly = false

  var moments: Set<Moment> {
    switch (nowOnly, bootOnly) {
    case (true, false): [.now]
    case (false, true): [.boot]
    case (true, true), (false, false): [.now, .boot]
    }
  }
}
