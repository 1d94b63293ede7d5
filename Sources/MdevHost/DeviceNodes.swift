// SPDX-License-Identifier: Apache-2.0

import Glibc
package import MdevModel

/// The nodes by which the device is opened whose directory, or a link to it, is at `path`, as far as
/// they are there: its group's, and its own for iommufd (Documentation/driver-api/vfio.rst).
package func vfioNodes(
  ofDeviceAt path: String, root: SystemRoot
) throws(HostError) -> [DeviceNode] {
  let device = try VFIODevice(at: path, root: root)
  var nodes: [DeviceNode] = []
  for path in [device.groupNode].compactMap({ $0 }) + device.nodes {
    if let node = try DeviceNode(at: path, root: root) { nodes.append(node) }
  }
  return nodes
}

extension DeviceNode {
  /// The node at `path`, which is below the root (`stat`); `nil` if there is none.
  package init?(at path: String, root: SystemRoot) throws(HostError) {
    guard let state = try statusIfPresent(of: path) else { return nil }
    self.init(
      path: root.hostPath(path), owner: userName(state.st_uid), group: groupName(state.st_gid),
      mode: state.st_mode & 0o7777)
  }
}

/// The name of a user (`getpwuid`), or the number of one without a name.
private func userName(_ number: uid_t) -> String {
  guard let entry = unsafe getpwuid(number), let name = unsafe entry.pointee.pw_name else {
    return "\(number)"
  }
  return unsafe String(cString: name)
}

/// The name of a group (`getgrgid`), or the number of one without a name.
private func groupName(_ number: gid_t) -> String {
  guard let entry = unsafe getgrgid(number), let name = unsafe entry.pointee.gr_name else {
    return "\(number)"
  }
  return unsafe String(cString: name)
}
