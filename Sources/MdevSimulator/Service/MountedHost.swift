// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A simulated host below a directory, for programs that can be told another root.
package struct MountedHost {
  /// The directory, absolute.
  package let directory: String

  package init(_ directory: String) {
    self.directory = MountedHost.absolute(directory)
  }

  /// The socket on which the host under a directory listens.
  package var control: String { directory + "/.mdevsim/control" }

  private var sys: String { directory + "/sys" }
  private var vfio: String { directory + "/dev/vfio" }
  private var gpus: String { directory + SimulatedKernel.gpuRoot }
  private var rules: String { directory + "/etc/udev/rules.d" }

  private static let kept = [
    "etc/mdevctl.d/scripts.d/callouts", "etc/mdevctl.d/scripts.d/notifiers", "etc/driverctl.d",
    "etc/udev/rules.d", "run", "usr/lib/mdevctl/scripts.d/callouts",
    "usr/lib/mdevctl/scripts.d/notifiers",
  ]

  /// Serves until something is unmounted or a signal comes; calls `ready` once everything is there.
  ///
  /// The directory must be new, empty, or one that was served before: its `etc` is then kept, so
  /// that a host can boot again with its definitions and rules.
  package func serve(_ profile: Profile, ready: () -> Void) throws(SimulatorError) {
    let isBoot = try prepare()
    let kernel = SimulatedKernel(
      isBoot ? profile.rebooted : profile, rules: UdevRules(directory: rules))
    let server = try HostServer(
      kernel, sys: sys, vfio: vfio, gpus: try prepareGPUs(of: profile), control: control,
      rules: rules)
    ready()
    _ = try server.run()
  }

  /// Makes the directories; whether a host was served there before.
  private func prepare() throws(SimulatorError) -> Bool {
    var isServedAgain = false
    if let names = HostCalls.names(in: directory), !names.isEmpty {
      guard names.contains(".mdevsim") else { throw .notEmpty(directory) }
      guard !ControlClient.isAnswered(control) else { throw .alreadyMounted(directory) }
      removeStaleMounts()
      isServedAgain = true
    } else if HostCalls.mode(directory) != nil, !HostCalls.isDirectory(directory) {
      throw .call("serve", path: directory, code: ENOTDIR)
    }
    for path in [".mdevsim", "sys", "dev/vfio"] + MountedHost.kept {
      try HostCalls.makeDirectory(directory + "/" + path)
    }
    return isServedAgain
  }

  /// The directory for the GPUs, if there are any, whose programs are there then, too.
  private func prepareGPUs(of profile: Profile) throws(SimulatorError) -> String? {
    for program in SimulatedProgram.all {
      if profile.hasGPUs {
        try program.install(in: directory + program.directory, root: directory)
      } else {
        HostCalls.remove("\(directory)\(program.directory)/\(program.name)")
      }
    }
    guard profile.hasGPUs else { return nil }
    try HostCalls.makeDirectory(gpus)
    return gpus
  }

  /// Removes the mounts of a killed mdevsim, which answer ENOTCONN.
  private func removeStaleMounts() {
    for path in [gpus, vfio, sys] where !HostCalls.unmount(path) && errno == EPERM {
      FuseUnmount.run(path)
    }
  }

  private static func absolute(_ path: String) -> String {
    var path = path
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    guard !path.hasPrefix("/"), let here = unsafe getcwd(nil, 0) else { return path }
    defer { unsafe free(here) }
    return unsafe String(cString: here) + "/" + path
  }
}

/// Unmounting for an ordinary user, by libfuse's own program.
private enum FuseUnmount {
  static func run(_ path: String) {
    var status: Int32 = 0
    // When it fails, mounting does too, and says so.
    guard
      let child = try? Process.start(["fusermount3", "-u", "-z", "-q", path], environment: [:])
    else { return }
    _ = unsafe waitpid(child, &status, 0)
  }
}
