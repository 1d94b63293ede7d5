// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// Gives an open file the security label of the first of these files that is there; 0, or -1 with
/// `errno`.
///
/// A file has the label of the directory in which it was made (SELinux), wherever it is renamed to.
func copyLabel(to file: CInt, from models: [String]) -> CInt {
  for model in models {
    var label = [UInt8](repeating: 0, count: 4096)
    let length = unsafe lgetxattr(model, labelName, &label, UInt(label.count))
    if length < 0 {
      if errno == ENOENT { continue }
      // A system without labels.
      return 0
    }
    var own = [UInt8](repeating: 0, count: label.count)
    let ownLength = unsafe fgetxattr(file, labelName, &own, UInt(own.count))
    if ownLength == length, own == label { return 0 }
    return unsafe fsetxattr(file, labelName, label, UInt(length), 0)
  }
  return 0
}

private let labelName = "security.selinux"
