// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import MdevModel
import SystemPackage

/// An open VFIO group, whose devices nobody else can open.
///
/// It is ours alone; or we share it with another process, and it has an empty container of ours, in
/// which the kernel opens no device (`vfio_df_group_open` in drivers/vfio/group.c).
struct VFIOGroup: ~Copyable {
  private let file: OpenFile
  private let container: OpenFile?

  /// A group that nobody else has open.
  init(_ file: consuming OpenFile) {
    self.file = file
    container = nil
  }

  private init(_ file: consuming OpenFile, container: consuming OpenFile) {
    self.file = file
    self.container = consume container
  }

  deinit {
    // Fails if the group is gone, as it should be.
    if container != nil { _ = CLinux_vfio_group_unset_container(file.descriptor) }
  }

  /// The end of an attempt to share a group.
  enum Sharing: ~Copyable {
    /// Nobody had prepared it for use, and now nobody can.
    case barred(VFIOGroup)
    /// It has a container, so a device of it is open, or will be in a moment.
    case prepared
    /// We may not share it, or can't tell: what /proc shows must do.
    case unknown
  }

  /// Shares the device's group with one of the processes that have it open (`pidfd_getfd`).
  ///
  /// A group takes one container, and takes it in one step (`VFIO_GROUP_SET_CONTAINER`), so there
  /// is no moment in which who has the group could get at the device.
  static func share(of device: VFIODevice, among processes: [VFIOProcess]) -> Sharing {
    guard let node = device.groupNode else { return .unknown }
    for process in processes {
      guard let number = process.openGroup(of: device),
        let file = try? OpenFile(number, of: process.user.pid),
        // The process may have closed it, and /proc be that of another root.
        (try? readLink("/proc/self/fd/\(file.descriptor)", in: AT_FDCWD)) == node,
        let container = try? OpenFile(device.root.path("/dev/vfio/vfio"), O_RDWR)
      else { continue }
      if CLinux_vfio_group_set_container(file.descriptor, container.descriptor) == 0 {
        return .barred(VFIOGroup(file, container: container))
      }
      if errno == EINVAL { return .prepared }
    }
    return .unknown
  }
}

extension OpenFile {
  /// The open file that a process has under `number` (`pidfd_open`, `pidfd_getfd`; Linux 5.6).
  fileprivate init(_ number: CInt, of process: CInt) throws(Errno) {
    let pidfd = OpenFile(owning: try checked(CLinux_pidfd_open(process)))
    self.init(owning: try checked(CLinux_pidfd_getfd(pidfd.descriptor, number)))
  }
}
