// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevModel

/// The names of options that several commands have; `-uVALUE` is taken as well as `-u VALUE`.
extension NameSpecification {
  static let uuid: NameSpecification = [.customShort("u", allowingJoined: true), .long]
  static let parent: NameSpecification = [.customShort("p", allowingJoined: true), .long]
  static let type: NameSpecification = [.customShort("t", allowingJoined: true), .long]
  static let index: NameSpecification = [.customShort("i", allowingJoined: true), .long]
}

extension DeviceUUID {
  init(argument: String) throws {
    try self.init(argument)
  }
}

extension PathComponent {
  init(argument: String) throws {
    try self.init(argument)
  }
}

extension AttributeName {
  init(argument: String) throws {
    try self.init(argument)
  }
}

/// The option to go on in spite of scripts and conflicts.
struct CalloutOptions: ParsableArguments {
  @Flag(
    name: .shortAndLong,
    help: "Go on although a callout script refuses, or there is a conflict.")
  var force = false
}
