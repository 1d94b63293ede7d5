// SPDX-License-Identifier: Apache-2.0

import CFuse
import Glibc

/// Owns one FUSE session and its mount; both end with it.
@safe
struct FuseSession: ~Copyable {
  private static let subtype = "mdevsim"
  /// The type of its mount, as /proc/self/mounts has it (proc_pid_mounts(5)).
  static let fileSystemType = "fuse.\(subtype)"

  private let session: OpaquePointer
  /// Kept from request to request, since libfuse makes it larger than malloc keeps.
  private let buffer: UnsafeMutablePointer<fuse_buf>
  private let mount: FuseMount
  /// The directory that it is mounted on.
  let path: String

  /// Mounts a directory of `host` at `path` (`fuse_session_new`, `fuse_session_mount`).
  init(_ directory: String, of host: SimulatedHost, at path: String) throws(SimulatorError) {
    guard let root = host.kernel.tree.find(directory) else { throw .mount(path) }
    try FuseSession.checkDevice()
    let mount = FuseMount(host: host, root: root)
    guard let session = unsafe FuseSession.makeSession(mount) else { throw .mount(path) }
    guard unsafe fuse_session_mount(session, path) == 0 else {
      unsafe fuse_session_destroy(session)
      throw .mount(path)
    }
    unsafe self.session = session
    unsafe buffer = .allocate(capacity: 1)
    unsafe buffer.initialize(to: fuse_buf())
    self.mount = mount
    self.path = path
    let file = unsafe fuse_session_fd(session)
    _ = fcntl(file, F_SETFL, fcntl(file, F_GETFL) | O_NONBLOCK)
  }

  deinit {
    unsafe fuse_session_unmount(session)
    unsafe fuse_session_destroy(session)
    unsafe free(buffer.pointee.mem)
    unsafe buffer.deallocate()
  }

  /// The file descriptor for `poll`.
  var file: Int32 { unsafe fuse_session_fd(session) }

  /// True if it was unmounted from outside.
  var isOver: Bool { unsafe fuse_session_exited(session) != 0 }

  /// Answers the request that is there (`fuse_session_receive_buf`).
  func serve() {
    guard unsafe fuse_session_receive_buf(session, buffer) > 0 else { return }
    unsafe fuse_session_process_buf(session, buffer)
  }

  private static func checkDevice() throws(SimulatorError) {
    let file = unsafe open("/dev/fuse", O_RDWR | O_CLOEXEC)
    guard file >= 0 else { throw .noFuse(code: errno) }
    Glibc.close(file)
  }

  /// Everyone may look, as in sysfs, where the kernel allows that; modes are checked by Linux.
  private static func makeSession(_ mount: FuseMount) -> OpaquePointer? {
    let sharing = geteuid() == 0 ? ",allow_other" : ""
    var table = unsafe FuseOperations.table()
    let options = "default_permissions,fsname=mdevsim,subtype=\(subtype)" + sharing
    let owner = unsafe Unmanaged.passUnretained(mount).toOpaque()
    let words: [String] = ["mdevsim", "-o", options]
    var texts: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) }
    defer { for index in words.indices { unsafe free(texts[index]) } }
    let count = Int32(words.count)
    return unsafe texts.withUnsafeMutableBufferPointer { texts in
      var arguments = unsafe fuse_args(argc: count, argv: texts.baseAddress, allocated: 0)
      defer { unsafe fuse_opt_free_args(&arguments) }
      return unsafe CFuse_session_new(&arguments, &table, owner)
    }
  }
}
