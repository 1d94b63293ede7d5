// SPDX-License-Identifier: Apache-2.0

import CFuse
import Glibc

/// A simulated host in a mount namespace of its own, in which one command runs.
///
/// The namespace goes with its last process, and everything that is mounted in it goes along.
package struct PrivateHost {
  let profile: Profile
  /// The profile's name, for the greeting.
  let name: String
  let uevents: UeventReach

  /// The reach of the host's uevents.
  package enum UeventReach: Sendable {
    /// The log alone.
    case log
    /// Also udev's clients, in a network namespace of the host's own.
    case clients
  }

  package init(_ profile: Profile, name: String, uevents: UeventReach = .log) {
    self.profile = profile
    self.name = name
    self.uevents = uevents
  }

  /// Where the control socket is, and the variable that says so.
  private static let control = "/run/mdevsim/control"
  package static let controlVariable = "MDEVSIM_CONTROL"

  /// First in PATH: programs that a real host has among many others.
  private static let programs = "/run/mdevsim/bin"

  /// The directories that are empty at first and forgotten at the end.
  private static let scratch = [
    "/etc/mdevctl.d", "/etc/driverctl.d", "/etc/driverctl.early.d", "/etc/mdevctl.vgpu.d",
    "/etc/udev/rules.d", "/var/lib/mdevctl",
  ]

  /// Runs a command, or a shell if it is empty, and returns the exit status that it gave: that of
  /// a shell, so 128 and the signal's number for one that was killed.
  package func run(_ command: [String]) throws(SimulatorError) -> Int32 {
    let kernel = SimulatedKernel(profile)
    try enterNamespace()
    try prepareDirectories()
    let server = try HostServer(
      kernel, sys: "/sys", vfio: "/dev/vfio",
      gpus: profile.hasGPUs ? SimulatedKernel.gpuRoot : nil, control: PrivateHost.control,
      rules: "/etc/udev/rules.d", uevents: try socket(of: kernel))
    let words = command.isEmpty ? [Shell.path] : command
    if command.isEmpty { Shell.greet(name) }
    let child = try Process.startTied(words, environment: environment)
    guard case .child(let status) = try server.run(child: child) else { return 1 }
    let signal = status & 0x7f
    return signal == 0 ? status >> 8 & 0xff : 128 + signal
  }

  /// A socket for the uevents if clients are to hear them; these look for udev before they listen.
  private func socket(of kernel: SimulatedKernel) throws(SimulatorError) -> UeventSocket? {
    guard uevents == .clients else { return nil }
    try HostCalls.write("", to: "/run/udev/control")
    return try UeventSocket(from: kernel.journal)
  }

  /// The command's environment: sd-device is told not to ask whether /sys is a real sysfs.
  private var environment: [String: String] {
    var environment = [
      PrivateHost.controlVariable: PrivateHost.control, "MDEVSIM_PROFILE": name,
      "SYSTEMD_DEVICE_VERIFY_SYSFS": "0",
    ]
    if profile.hasGPUs {
      let path = unsafe getenv("PATH").map { unsafe String(cString: $0) }
      environment["PATH"] = "\(PrivateHost.programs):\(path ?? "/usr/bin:/bin")"
    }
    return environment
  }

  /// A mount namespace whose mounts nobody else sees, and for uevents a network namespace; for an
  /// ordinary user in a user namespace in which that user is root (user_namespaces(7)).
  private func enterNamespace() throws(SimulatorError) {
    let (user, group) = (geteuid(), getegid())
    let network = uevents == .clients ? CLONE_NEWNET : 0
    let flags = (user == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) | network
    guard CFuse_unshare(flags) == 0 else {
      throw .call("make a namespace for", path: "mdevsim run", code: errno)
    }
    if user != 0 {
      try HostCalls.write("deny", to: "/proc/self/setgroups")
      try HostCalls.write("0 \(user) 1", to: "/proc/self/uid_map")
      try HostCalls.write("0 \(group) 1", to: "/proc/self/gid_map")
    }
    try HostCalls.mount("none", at: "/", flags: MS_REC | MS_PRIVATE)
    // To an ordinary user the mounts of others are locked (mount_namespaces(7)).
    if user == 0 { try leaveOtherHosts() }
  }

  /// Takes the simulated hosts that are mounted elsewhere out of this namespace: the kernel would
  /// not tell their servers that they were unmounted before this one ends as well.
  private func leaveOtherHosts() throws(SimulatorError) {
    let list = String(decoding: try HostCalls.read("/proc/self/mounts"), as: UTF8.self)
    for line in list.split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count > 2, words[2] == FuseSession.fileSystemType else { continue }
      // One that is unmounted meanwhile, or whose path has blanks, is no worse off than before.
      _ = HostCalls.unmount(String(words[1]))
    }
  }

  private func prepareDirectories() throws(SimulatorError) {
    try HostCalls.mountScratch(at: "/run")
    for directory in ["/run/mdevsim", "/run/lock", "/run/udev"] {
      try HostCalls.makeDirectory(directory)
    }
    for directory in PrivateHost.scratch {
      try MirrorDirectory.makePlace(directory)
      try HostCalls.mountScratch(at: directory)
    }
    try MirrorDirectory.makePlace("/dev/vfio")
    if profile.hasGPUs { try prepareGPUs() }
    for kind in ["callouts", "notifiers"] {
      try HostCalls.makeDirectory("/etc/mdevctl.d/scripts.d/\(kind)")
    }
  }
}

extension PrivateHost {
  /// The programs of NVIDIA's driver, and a place for its files.
  private func prepareGPUs() throws(SimulatorError) {
    try MirrorDirectory.makePlace(SimulatedKernel.gpuRoot)
    for program in SimulatedProgram.all {
      guard program.directory != "/usr/bin" else {
        try program.install(in: PrivateHost.programs, root: "")
        continue
      }
      try MirrorDirectory.makePlace(program.directory)
      // It may be one of the real host.
      try HostCalls.mountScratch(at: program.directory)
      try program.install(in: program.directory, root: "")
    }
  }
}

/// The shell that runs when no command is given.
private enum Shell {
  static var path: String {
    guard let shell = unsafe getenv("SHELL") else { return "/bin/sh" }
    return unsafe String(cString: shell)
  }

  static func greet(_ name: String) {
    StandardError.print(
      "This shell runs on a simulated host, profile '\(name)'; leave it with 'exit'.")
  }
}

/// Where what is not a result is printed.
enum StandardError {
  static func print(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    // Nobody can be told that this failed.
    _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
  }
}
