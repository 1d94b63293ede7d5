// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A failure of mdevsim itself.
package enum SimulatorError: Error, Equatable {
  /// A call failed: what was tried, on what, and the reason.
  case call(String, path: String, code: Int32)
  /// A profile that is not as it should be.
  case profile(path: String, reason: String)
  case unknownProfile(String, known: [String])
  case notEmpty(String)
  case alreadyMounted(String)
  /// There is no /dev/fuse, or it may not be opened.
  case noFuse(code: Int32)
  case mount(String)
  /// No mdevsim answers.
  case notRunning(String)
  /// The simulated host refused what `mdevsim ctl` asked for.
  case refused(String)
}

extension SimulatorError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .call(let what, let path, let code):
      "failed to \(what) '\(path)': \(SimulatorError.text(code))"
    case .profile(let path, let reason): "profile '\(path)': \(reason)"
    case .unknownProfile(let name, let known):
      "no profile '\(name)' (there are \(known.joined(separator: ", ")))"
    case .notEmpty(let path): "directory '\(path)' is not empty"
    case .alreadyMounted(let path): "a simulated host is already mounted at '\(path)'"
    case .noFuse(let code):
      "failed to open '/dev/fuse': \(SimulatorError.text(code)) (load it with 'modprobe fuse'; "
        + "in a container, start that with '--device /dev/fuse')"
    case .mount(let path): "failed to mount a simulated host at '\(path)'"
    case .notRunning(let path): "no simulated host answers at '\(path)'"
    case .refused(let reason): reason
    }
  }

  /// The text for an errno (`strerror`).
  static func text(_ code: Int32) -> String {
    guard let text = unsafe strerror(code) else { return "errno \(code)" }
    return unsafe String(cString: text)
  }
}
