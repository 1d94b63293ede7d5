// SPDX-License-Identifier: Apache-2.0

/// A program that the host of an NVIDIA GPU has.
struct SimulatedProgram {
  /// The file's name.
  let name: String
  /// The directory in which a real host has it.
  let directory: String
  private let script: [UInt8]

  static let all = [
    SimulatedProgram(
      name: "sriov-manage", directory: "/usr/lib/nvidia", script: PackageResources.sriov_manage),
    SimulatedProgram(
      name: "nvidia-smi", directory: "/usr/bin", script: PackageResources.nvidia_smi),
  ]

  /// Puts the program into a directory, for the host whose files are below `root`.
  ///
  /// The root is written down, so that no copy can reach another host.
  func install(in directory: String, root: String) throws(SimulatorError) {
    let quoted = root.replacing("'", with: #"'\''"#)
    let text = String(decoding: script, as: UTF8.self).replacing("@ROOT@", with: quoted)
    try HostCalls.makeDirectory(directory)
    // A program that runs goes on with the text that it has.
    HostCalls.remove("\(directory)/\(name)")
    try HostCalls.write(text, to: "\(directory)/\(name)", mode: 0o755)
  }
}
