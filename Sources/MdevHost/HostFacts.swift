// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// The path by which this very program is installed, or else by which it runs.
///
/// Where /usr/sbin is a link to /usr/bin, as on some hosts, the rules and units that came with the
/// program name it by the former.
package func programPath() throws(HostError) -> String {
  let path = try linkTarget("/proc/self/exe")
  let usual = ["/usr/sbin/mdevctl", "/usr/local/sbin/mdevctl"]
  return usual.first { (try? resolvedPath($0)) == path } ?? path
}

/// Refuses this very program where somebody else could put another in its place.
///
/// Nobody should have root run that. What is trusted without a look is as for ``TrustedPath``.
package func refuseForeignProgram(root: SystemRoot) throws(HostError) {
  let path = try programPath()
  let program = try TrustedPath(path, root: root)
  if let fault = program.state.faultOfFile {
    throw HostError(.run, path, .untrusted(Distrust(program.resolved, fault)))
  }
}

/// The release of the kernel that runs (`uname`, which has no way to fail here).
package var kernelRelease: String {
  var names = utsname()
  _ = unsafe uname(&names)
  return unsafe withUnsafeBytes(of: names.release) { bytes in
    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}

/// True if there is a user of this name or number (`getpwnam`, `getpwuid`).
package func isUser(_ name: String) -> Bool {
  if let number = uid_t(name) { return unsafe getpwuid(number) != nil }
  return unsafe getpwnam(name) != nil
}
