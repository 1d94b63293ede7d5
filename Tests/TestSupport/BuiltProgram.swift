// SPDX-License-Identifier: Apache-2.0

import Glibc
import Subprocess
package import SystemPackage

/// What a program left behind when it ended.
package struct ProgramResult: Equatable, Sendable {
  package let status: Int32
  package let output: String
  package let errors: String

  package init(status: Int32, output: String, errors: String) {
    self.status = status
    self.output = output
    self.errors = errors
  }
}

/// The folder of the programs that were built together with the tests.
package var buildDirectory: FilePath {
  get throws {
    var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = bytes.withUnsafeMutableBytes { buffer in
      buffer.baseAddress.map { readlink("/proc/self/exe", $0, buffer.count) } ?? 0
    }
    guard count > 0 else { throw Errno(rawValue: errno) }
    return FilePath(String(decoding: bytes[..<count], as: UTF8.self)).removingLastComponent()
  }
}

/// The project's own folder.
package let projectDirectory = FilePath(#filePath)
  .removingLastComponent().removingLastComponent().removingLastComponent()

/// The text of a file of the project, a golden file for example.
package func projectText(_ path: String) throws -> String {
  let file = try FileDescriptor.open(projectDirectory.pushing(FilePath(path)), .readOnly)
  return try file.closeAfter {
    try String(unsafeUninitializedCapacity: 1 << 20) { buffer in
      try file.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
  }
}

/// Runs a program to its end with nothing in its environment but PATH and `environment`.
package func runProgram(
  _ path: FilePath, _ arguments: [String], input: String = "",
  environment: [String: String] = [:]
) async throws -> ProgramResult {
  let search = try "\(buildDirectory):/usr/sbin:/usr/bin:/sbin:/bin"
  var variables: [Environment.Key: String] = ["PATH": search, "LC_ALL": "C.UTF-8"]
  for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
  let result = try await run(
    .path(path), arguments: Arguments(arguments),
    environment: .custom(variables),
    input: .string(input), output: .string(limit: 1 << 24), error: .string(limit: 1 << 24))
  let status: Int32 =
    switch result.terminationStatus {
    case .exited(let code): code
    case .signaled(let signal): 128 + signal
    }
  return ProgramResult(
    status: status, output: result.standardOutput, errors: result.standardError)
}

/// Runs the built `mdevctl` on the host at `root`.
package func runMdevctl(
  _ arguments: String..., input: String = "", root: Scratch
) async throws -> ProgramResult {
  try await runProgram(
    buildDirectory.appending("mdevctl"), arguments, input: input,
    environment: ["MDEVCTL_ENV_ROOT": root.path])
}
