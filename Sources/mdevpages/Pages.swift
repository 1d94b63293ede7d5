// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevArguments
import MdevCommands
import MdevManual
import MdevSimulatorCommands
import SystemPackage

/// `mdevpages PROJECT DIRECTORY`: writes all manual pages of the project to an existing directory.
///
/// It is used to build, and not installed.
@main
enum Pages {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 3 else {
      print("Usage: mdevpages PROJECT DIRECTORY")
      exit(2)
    }
    let (project, directory) = (FilePath(arguments[1]), FilePath(arguments[2]))
    for page in ManualPage.all {
      let text = try page.text(
        programs: Program.syntaxes + [Simulator.syntax], version: Program.version
      ) { try read(project.appending($0)) }
      try write(text, to: directory.appending(page.name))
    }
  }

  private static func read(_ path: FilePath) throws -> String {
    let file = try FileDescriptor.open(path, .readOnly)
    return try file.closeAfter {
      let size = Int(try file.seek(offset: 0, from: .end))
      try file.seek(offset: 0, from: .start)
      return try String(unsafeUninitializedCapacity: size) { buffer in
        try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
    }
  }

  private static func write(_ text: String, to path: FilePath) throws {
    let file = try FileDescriptor.open(
      path, .writeOnly, options: [.create, .truncate],
      permissions: [.ownerReadWrite, .groupRead, .otherRead])
    try file.closeAfter { _ = try file.writeAll(text.utf8) }
  }
}
