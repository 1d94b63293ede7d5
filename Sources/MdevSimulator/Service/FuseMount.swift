// SPDX-License-Identifier: Apache-2.0

import CFuse
import Glibc

/// A directory of the host that is mounted somewhere; the callbacks of its session get it back.
final class FuseMount {
  let host: SimulatedHost
  let root: SysfsTree.NodeID
  private var lookups: UInt64 = 0

  init(host: SimulatedHost, root: SysfsTree.NodeID) {
    self.host = host
    self.root = root
  }

  /// The node for an inode number; the root of a mount is always number 1.
  func node(_ inode: fuse_ino_t) -> SysfsTree.NodeID {
    inode == FUSE_ROOT_ID
      ? root : SysfsTree.NodeID(number: UInt64(inode) & FuseMount.numberMask)
  }

  /// The inode that a look-up finds: another one each time for a file that is only written.
  ///
  /// Linux lets one process write to an inode at a time (`fuse_direct_write_iter` in fs/fuse), but
  /// a create or an unbind that waits must not keep others from the same file.
  func inodeForLookup(_ id: SysfsTree.NodeID) -> fuse_ino_t {
    guard let node = host.kernel.tree[id], node.mode & 0o444 == 0 else { return inode(id) }
    lookups += 1
    return fuse_ino_t(id.number | lookups << 32)
  }

  private static let numberMask: UInt64 = 0xffff_ffff

  /// The inode number of a node.
  func inode(_ id: SysfsTree.NodeID) -> fuse_ino_t {
    id == root ? fuse_ino_t(FUSE_ROOT_ID) : fuse_ino_t(id.number)
  }

  /// Makes the answer to `stat`; sizes are those of sysfs, where an attribute takes a page.
  func status(of id: SysfsTree.NodeID) -> stat? {
    guard let node = host.kernel.tree[id] else { return statusOfRemoved(id) }
    var status = blankStatus(of: id)
    switch node.content {
    case .directory:
      status.st_mode = S_IFDIR | node.mode
      status.st_nlink = nlink_t(2 + host.kernel.tree.directoryCount(of: id))
    case .link: status.st_mode = S_IFLNK | node.mode
    case .attribute(let attribute):
      status.st_mode = S_IFREG | node.mode
      status.st_size = attribute.size
    }
    return status
  }

  /// An attribute that somebody has open while its device is gone already.
  private func statusOfRemoved(_ id: SysfsTree.NodeID) -> stat? {
    guard host.isOpen(id) else { return nil }
    var status = blankStatus(of: id)
    status.st_mode = S_IFREG | 0o444
    status.st_size = SimulatedKernel.pageSize
    return status
  }

  private func blankStatus(of id: SysfsTree.NodeID) -> stat {
    var status = stat()
    status.st_ino = ino_t(inode(id))
    status.st_uid = host.owner.user
    status.st_gid = host.owner.group
    status.st_nlink = 1
    status.st_blksize = 4096
    (status.st_mtim, status.st_ctim, status.st_atim) = (host.birth, host.birth, host.birth)
    return status
  }
}

extension Attribute {
  fileprivate var size: Int {
    switch self {
    case .vfioGroup, .vfioContainer: 0
    case .bytes(let bytes): bytes.count
    default: SimulatedKernel.pageSize
    }
  }
}
