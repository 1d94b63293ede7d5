// SPDX-License-Identifier: Apache-2.0

import CFuse
import Glibc

/// The answers to requests of the kernel; each request gets exactly one.
///
/// That an answer cannot be sent means that whoever asked is gone, so results are not looked at.
@unsafe
enum FuseReply {
  static func error(_ error: KernelError, to request: OpaquePointer) {
    _ = unsafe fuse_reply_err(request, error.code)
  }

  static func success(to request: OpaquePointer) {
    _ = unsafe fuse_reply_err(request, 0)
  }

  static func write(_ outcome: SimulatedKernel.WriteOutcome, to request: OpaquePointer) {
    switch outcome {
    case .accepted(let count): _ = unsafe fuse_reply_write(request, count)
    case .refused(let error): _ = unsafe fuse_reply_err(request, error.code)
    case .waiting: break
    }
  }

  static func bytes(_ bytes: ArraySlice<UInt8>, to request: OpaquePointer) {
    unsafe bytes.withUnsafeBytes { bytes in
      _ = unsafe fuse_reply_buf(
        request, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
    }
  }
}
