// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevModel
import SystemPackage

/// A device, and the files through which it is used: its group's, and its own where the kernel has
/// those (`/dev/vfio/devices/vfioN`, since Linux 6.6).
struct VFIODevice {
  let root: SystemRoot
  /// The last component of its path: its uuid, or its address.
  let name: String
  /// The name of its group's node, which is its number.
  let group: String?
  /// The paths of its own nodes.
  let nodes: [String]

  /// The device whose directory, or a link to it, is at `path`.
  init(at path: String, root: SystemRoot) throws(HostError) {
    self.root = root
    name = path.pathComponents.last.map(String.init) ?? ""
    group = try linkedName("\(path)/iommu_group")
    let own = try Directory.existing("\(path)/vfio-dev")?.readEntries()
    nodes = own?.map { root.path("/dev/vfio/devices/\($0.name)") } ?? []
  }

  /// The path of its group's node.
  var groupNode: String? { group.map { root.path("/dev/vfio/\($0)") } }

  /// Tells if the device can be open while its group is not, and not only in the hands of somebody
  /// who had that open.
  ///
  /// Only with a container of the first kind does an open device keep its group open
  /// (`vfio_group_use_container` in drivers/vfio/container.c); one that was opened by its own node,
  /// or through iommufd, does not.
  var canBeOpenAlone: Bool {
    get throws(HostError) {
      for node in [root.path("/dev/iommu")] + nodes where try FileKind(at: node) != nil {
        return true
      }
      return false
    }
  }

  /// The end of an attempt to open a device's group.
  enum Opening: ~Copyable {
    case opened(VFIOGroup)
    /// Somebody has it open.
    case busy
    /// No node, no driver behind it, or not for us: /proc may still know of a user.
    case missing
  }

  /// Opens the group, which one process can (`vfio_group_fops_open`).
  func openGroup() throws(HostError) -> Opening {
    guard let node = groupNode else { return .missing }
    do throws(Errno) {
      return .opened(VFIOGroup(try OpenFile(node, O_RDWR)))
    } catch .resourceBusy {
      return .busy
    } catch .noSuchFileOrDirectory, .operationNotSupportedByDevice, .permissionDenied,
      .notPermitted
    {
      return .missing
    } catch {
      throw HostError(.open, node, error)
    }
  }
}
