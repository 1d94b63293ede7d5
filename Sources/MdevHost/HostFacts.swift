// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage

/// The path of the program that runs now, links resolved (/proc/self/exe).
package func programPath() throws(HostError) -> String {
  try linkTarget("/proc/self/exe")
}

/// Whether there is a user of this name or number (`getpwnam`, `getpwuid`).
package func isUser(_ name: String) -> Bool {
  if let number = uid_t(name) { return unsafe getpwuid(number) != nil }
  return unsafe getpwnam(name) != nil
}
