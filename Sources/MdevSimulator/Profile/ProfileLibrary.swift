// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevJSON

/// The profile files that there are.
package struct ProfileLibrary: Sendable {
  /// A profile's name and what it says of itself.
  package struct Listing: Equatable, Sendable {
    package let name: String
    package let description: String
  }

  /// Looked through in this order.
  package let directories: [String]

  /// `MDEVSIM_PROFILES` (directories separated by colons), then those that belong to the program
  /// at `executable`: `../share/mdevctl/profiles`, and `profiles` in a directory above, which is
  /// where a program from a source tree finds them.
  package init(environment: [String: String], executable: String) {
    var directories = (environment["MDEVSIM_PROFILES"] ?? "").split(separator: ":").map(String.init)
    var above = executable.split(separator: "/").dropLast().map(String.init)
    let prefix = above.dropLast()
    directories.append("/" + (prefix + ["share", "mdevctl", "profiles"]).joined(separator: "/"))
    while !above.isEmpty {
      let directory = "/" + above.joined(separator: "/")
      above.removeLast()
      guard HostCalls.isDirectory(directory + "/Sources/MdevSimulator") else { continue }
      directories.append(directory + "/profiles")
    }
    self.directories = directories
  }

  /// The library of this process.
  package static func current() -> ProfileLibrary {
    var environment: [String: String] = [:]
    if let value = unsafe getenv("MDEVSIM_PROFILES") {
      environment["MDEVSIM_PROFILES"] = unsafe String(cString: value)
    }
    return ProfileLibrary(
      environment: environment, executable: HostCalls.link("/proc/self/exe") ?? "/")
  }

  /// Every profile, sorted by name; of two with one name, the first found.
  package func listings() throws(SimulatorError) -> [Listing] {
    var listings: [Listing] = []
    for name in names {
      listings.append(Listing(name: name, description: try profile(name).description))
    }
    return listings
  }

  private var names: [String] {
    let names = directories.flatMap { HostCalls.names(in: $0) ?? [] }
    return Set(names.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }).sorted()
  }

  /// The profile called `name`, or the one in the file `name` if that has a slash or ends in
  /// `.json`.
  package func profile(_ name: String) throws(SimulatorError) -> Profile {
    if name.contains("/") || name.hasSuffix(".json") { return try Profile(file: name) }
    for directory in directories {
      let path = "\(directory)/\(name).json"
      if HostCalls.mode(path) != nil { return try Profile(file: path) }
    }
    throw .unknownProfile(name, known: names)
  }
}

extension Profile {
  /// Reads a profile file.
  package init(file path: String) throws(SimulatorError) {
    let text = try HostCalls.read(path)
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue(parsing: text)
    } catch {
      throw .profile(path: path, reason: "\(error)")
    }
    try self.init(json: json, path: path)
  }
}
