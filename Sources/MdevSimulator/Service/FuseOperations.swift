// SPDX-License-Identifier: Apache-2.0

import CFuse
import Glibc

/// The functions that libfuse calls, one for each request (`struct fuse_lowlevel_ops`).
///
/// The kernel may keep nothing that the simulated one could change behind its back: an entry is
/// valid for no time, unless it never goes. So each path is looked up anew, and attributes may be
/// kept, since they come with each look-up.
@unsafe
enum FuseOperations {
  /// The table; what is not in it does not exist in sysfs either.
  static func table() -> fuse_lowlevel_ops {
    var table = fuse_lowlevel_ops()
    unsafe addLookups(to: &table)
    unsafe addFiles(to: &table)
    unsafe addDirectories(to: &table)
    unsafe addRefusals(to: &table)
    return table
  }

  /// A day, in seconds.
  private static let forever = 86400.0

  private static func mount(_ request: OpaquePointer?) -> (FuseMount, OpaquePointer)? {
    guard let request = unsafe request, let owner = unsafe fuse_req_userdata(request) else {
      return nil
    }
    return unsafe (Unmanaged<FuseMount>.fromOpaque(owner).takeUnretainedValue(), request)
  }

  private static func addLookups(to table: inout fuse_lowlevel_ops) {
    unsafe table.lookup = { request, parent, name in
      guard let (mount, request) = unsafe FuseOperations.mount(request), let name = unsafe name
      else { return }
      let tree = mount.host.kernel.tree
      guard let id = unsafe tree.child(String(cString: name), of: mount.node(parent)),
        let status = mount.status(of: id)
      else { return unsafe FuseReply.error(.noEntry, to: request) }
      var entry = fuse_entry_param()
      entry.ino = mount.inodeForLookup(id)
      entry.attr = status
      unsafe entry.attr_timeout = FuseOperations.forever
      entry.entry_timeout = unsafe tree.isPermanent(id) ? FuseOperations.forever : 0
      _ = unsafe fuse_reply_entry(request, &entry)
    }
    unsafe table.getattr = { request, inode, _ in
      guard let (mount, request) = unsafe FuseOperations.mount(request) else { return }
      unsafe FuseOperations.replyStatus(of: mount.node(inode), mount, request)
    }
    unsafe table.setattr = { request, inode, status, changed, _ in
      guard let (mount, request) = unsafe FuseOperations.mount(request) else { return }
      let id = mount.node(inode)
      if changed & FUSE_SET_ATTR_MODE != 0, let status = unsafe status {
        unsafe mount.host.kernel.setMode(status.pointee.st_mode & 0o7777, of: id)
      }
      unsafe FuseOperations.replyStatus(of: id, mount, request)
    }
    unsafe table.readlink = { request, inode in
      guard let (mount, request) = unsafe FuseOperations.mount(request) else { return }
      guard case .link(let target) = mount.host.kernel.tree[mount.node(inode)]?.content else {
        return unsafe FuseReply.error(.invalid, to: request)
      }
      _ = unsafe fuse_reply_readlink(request, target)
    }
  }

  private static func replyStatus(
    of id: SysfsTree.NodeID, _ mount: FuseMount, _ request: OpaquePointer
  ) {
    guard var status = mount.status(of: id) else {
      return unsafe FuseReply.error(.noEntry, to: request)
    }
    _ = unsafe fuse_reply_attr(request, &status, forever)
  }

  private static func addFiles(to table: inout fuse_lowlevel_ops) {
    unsafe table.open = { request, inode, file in
      guard let (mount, request) = unsafe FuseOperations.mount(request), let file = unsafe file
      else { return }
      let access = unsafe file.pointee.flags & O_ACCMODE
      do throws(KernelError) {
        try mount.host.kernel.open(
          mount.node(inode), reading: access != O_WRONLY, writing: access != O_RDONLY)
        unsafe file.pointee.fh = mount.host.makeHandle(mount.node(inode))
        unsafe CFuse_bypass_cache(file)
        _ = unsafe fuse_reply_open(request, file)
      } catch {
        unsafe FuseReply.error(error, to: request)
      }
    }
    unsafe table.read = { request, inode, count, offset, file in
      guard let (mount, request) = unsafe FuseOperations.mount(request), let file = unsafe file
      else { return }
      unsafe mount.host.read(
        WaitingRead(
          request: request, id: mount.node(inode), handle: file.pointee.fh, offset: Int(offset),
          count: count))
    }
    unsafe table.write = { request, inode, bytes, count, _, _ in
      guard let (mount, request) = unsafe FuseOperations.mount(request) else { return }
      let bytes = unsafe Array(UnsafeRawBufferPointer(start: bytes, count: count))
      let outcome = mount.host.kernel.write(bytes, to: mount.node(inode))
      guard case .waiting(let ticket) = outcome else {
        return unsafe FuseReply.write(outcome, to: request)
      }
      unsafe mount.host.wait(ticket, request)
      unsafe FuseOperations.watchInterrupt(of: request, ticket)
    }
    unsafe table.release = { request, inode, file in
      guard let (mount, request) = unsafe FuseOperations.mount(request) else { return }
      if let file = unsafe file { unsafe mount.host.close(file.pointee.fh) }
      mount.host.kernel.close(mount.node(inode))
      unsafe FuseReply.success(to: request)
    }
  }

  /// A signal does not end the wait; it is only noted.
  private static func watchInterrupt(
    of request: OpaquePointer, _ ticket: SimulatedKernel.Ticket
  ) {
    let number = unsafe UnsafeMutableRawPointer(bitPattern: ticket.number)
    unsafe fuse_req_interrupt_func(
      request,
      { request, number in
        guard let (mount, _) = unsafe FuseOperations.mount(request) else { return }
        mount.host.kernel.interrupt(
          SimulatedKernel.Ticket(number: Int(bitPattern: number)))
      }, number)
  }

  private static func addDirectories(to table: inout fuse_lowlevel_ops) {
    unsafe table.opendir = { request, inode, file in
      guard let (mount, request) = unsafe FuseOperations.mount(request), let file = unsafe file
      else { return }
      unsafe file.pointee.fh = mount.host.makeHandle(mount.node(inode))
      _ = unsafe fuse_reply_open(request, file)
    }
    unsafe table.readdir = { request, inode, size, offset, file in
      guard let (mount, request) = unsafe FuseOperations.mount(request), let file = unsafe file
      else { return }
      let entries = unsafe mount.host.listing(
        mount.node(inode), handle: file.pointee.fh, offset: Int(offset))
      unsafe FuseOperations.replyEntries(entries, size: size, mount, request)
    }
    unsafe table.releasedir = { request, _, file in
      guard let (mount, request) = unsafe FuseOperations.mount(request) else { return }
      if let file = unsafe file { unsafe mount.host.close(file.pointee.fh) }
      unsafe FuseReply.success(to: request)
    }
  }

  /// As many entries as there is room for; the offset of each is the index after it.
  private static func replyEntries(
    _ entries: ArraySlice<(name: String, id: SysfsTree.NodeID)>, size: Int, _ mount: FuseMount,
    _ request: OpaquePointer
  ) {
    var buffer = [CChar](repeating: 0, count: size)
    let used = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
      var used = 0
      for (index, entry) in zip(entries.indices, entries) {
        var status = mount.status(of: entry.id) ?? stat()
        let start = unsafe buffer.baseAddress.map { unsafe $0 + used }
        let needed = unsafe fuse_add_direntry(
          request, start, size - used, entry.name, &status, off_t(index + 1))
        guard needed <= size - used else { break }
        used += needed
      }
      return used
    }
    _ = unsafe fuse_reply_buf(request, buffer, used)
  }

  /// sysfs makes no file, whoever asks: EACCES from `open`, EPERM from the rest (`fs/namei.c`).
  private static func addRefusals(to table: inout fuse_lowlevel_ops) {
    unsafe table.create = { request, _, _, _, _ in
      guard let request = unsafe request else { return }
      unsafe FuseReply.error(.accessDenied, to: request)
    }
    unsafe table.mkdir = { request, _, _, _ in unsafe FuseOperations.refuse(request) }
    unsafe table.mknod = { request, _, _, _, _ in unsafe FuseOperations.refuse(request) }
    unsafe table.symlink = { request, _, _, _ in unsafe FuseOperations.refuse(request) }
    unsafe table.unlink = { request, _, _ in unsafe FuseOperations.refuse(request) }
    unsafe table.rmdir = { request, _, _ in unsafe FuseOperations.refuse(request) }
    unsafe table.rename = { request, _, _, _, _, _ in unsafe FuseOperations.refuse(request) }
    unsafe table.link = { request, _, _, _ in unsafe FuseOperations.refuse(request) }
  }

  private static func refuse(_ request: OpaquePointer?) {
    guard let request = unsafe request else { return }
    unsafe FuseReply.error(.notPermitted, to: request)
  }
}
