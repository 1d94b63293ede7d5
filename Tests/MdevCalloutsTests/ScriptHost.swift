// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevCallouts
import MdevHost
import MdevModel
import Synchronization
import SystemPackage
import TestSupport

/// A host with scripts, and what is noticed about them.
final class ScriptHost: Sendable {
  let scratch: Scratch
  private let entries = Mutex<[String]>([])

  /// Gives scripts more time than any machine needs, for all of this process.
  private static let hasPatience = setenv("MDEVCTL_CALLOUT_TIMEOUT", "3600", 1) == 0

  init() throws {
    scratch = try Scratch()
    guard ScriptHost.hasPatience else { throw Errno(rawValue: errno) }
  }

  var root: SystemRoot { SystemRoot(scratch.path) }

  var callouts: Callouts {
    Callouts(root: root) { [self] warning in entries.withLock { $0.append(warning.line) } }
  }

  /// The notices of all callouts, in order.
  var notices: [String] { entries.withLock { $0 } }

  /// Where a script of the name is put: of the host's own, or of those that packages bring.
  func path(of name: String, isPackaged: Bool = false) -> String {
    (isPackaged ? "usr/lib/mdevctl/scripts.d/" : "etc/mdevctl.d/scripts.d/") + name
  }

  /// Puts a script there, `callouts/NAME` or `notifiers/NAME`; `$call` is its event and action.
  func add(
    _ name: String, _ commands: String, isPackaged: Bool = false, mode: UInt32 = 0o755
  ) throws {
    let file = path(of: name, isPackaged: isPackaged)
    try scratch.write("#!/bin/bash\ncall=$4-$6\n\(commands)\n", to: file)
    guard chmod("\(scratch.path)/\(file)", mode) == 0 else { throw Errno(rawValue: errno) }
  }
}

extension MediatedDevice {
  static func example(_ parent: String = "mtty") throws -> MediatedDevice {
    MediatedDevice(
      identity: DeviceIdentity(
        parent: try ParentName(parent),
        uuid: try DeviceUUID("83b8f4f2-509f-382f-3c1e-e6bfe0fa1001")),
      definition: DeviceDefinition(type: try TypeName("mtty-2"), start: .manual))
  }
}
