// SPDX-License-Identifier: Apache-2.0

package import MdevModel

extension HostUses {
  /// The processes that have crypto cards open, by any of the nodes that zcrypt has for them
  /// (drivers/s390/crypto/zcrypt_api.c).
  package static func cryptoUsers(root: SystemRoot) -> [DeviceUser] {
    let nodes = Set(
      (["z90crypt"] + members(ofClass: "zcrypt", root).keys).map {
        root.path("/dev/\($0)")
      })
    var users: [DeviceUser] = []
    try? ProcessFiles.forEach(root: root) { pid, _, target in
      guard nodes.contains(target), users.last?.pid != pid else { return }
      users.append(DeviceUser(pid, root: root))
    }
    return users
  }
}
