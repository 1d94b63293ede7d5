// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A Unix socket at a path of any length: it is named through its directory, since an address has
/// room for 107 bytes only (unix(7)).
private struct SocketPlace: ~Copyable {
  let directory: Int32
  let name: String

  init(_ path: String) throws(SimulatorError) {
    let parts = path.split(separator: "/")
    name = parts.last.map(String.init) ?? path
    let above = (path.hasPrefix("/") ? "/" : "") + parts.dropLast().joined(separator: "/")
    directory = unsafe open(above.isEmpty ? "." : above, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw .call("open", path: above, code: errno) }
  }

  deinit { close(directory) }

  /// Calls `body` with the address (`bind`, `connect`).
  func withAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array("/proc/self/fd/\(directory)/\(name)".utf8)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    return unsafe withUnsafePointer(to: &address) { address in
      unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, size) }
    }
  }
}

/// One end of a connection: words separated by NUL, and one message each way.
private struct Connection: ~Copyable {
  let file: Int32

  /// Waits for the other end so many seconds at a time.
  init(_ file: Int32, patience: Int) {
    self.file = file
    var limit = timeval(tv_sec: patience, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    unsafe setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
    unsafe setsockopt(file, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
  }

  deinit { close(file) }

  /// Sends all of `text` and says that no more will come; whether it went out.
  func send(_ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { bytes in
        unsafe Glibc.send(file, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return shutdown(file, Int32(SHUT_WR)) == 0
  }

  /// All that the other end sends.
  func receive() -> String? {
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = unsafe recv(file, &buffer, buffer.count, 0)
      guard count >= 0 else { return nil }
      guard count > 0 else { return String(decoding: text, as: UTF8.self) }
      text += buffer.prefix(count)
    }
  }
}

/// The end of the control socket at which the host answers.
struct ControlListener: ~Copyable {
  let file: Int32
  private let path: String

  /// Listens at `path`, in place of a socket that nobody serves any more.
  init(at path: String) throws(SimulatorError) {
    let place = try SocketPlace(path)
    let file = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    unsafe unlinkat(place.directory, place.name, 0)
    let isBound = unsafe place.withAddress { unsafe bind(file, $0, $1) } == 0
    guard isBound, listen(file, 16) == 0 else {
      let code = errno
      close(file)
      throw .call("listen at", path: path, code: code)
    }
    self.file = file
    self.path = path
  }

  deinit {
    unsafe unlink(path)
    close(file)
  }

  /// Answers one request.
  func serve(_ host: SimulatedHost) {
    let peer = accept(file, nil, nil)
    guard peer >= 0 else { return }
    let connection = Connection(peer, patience: 5)
    guard let text = connection.receive() else { return }
    let words = text.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
    guard let request = ControlRequest(words: words) else {
      _ = connection.send("refused\0unknown request")
      return
    }
    host.settle()
    do throws(KernelError) {
      _ = connection.send("done\0" + (try host.carryOut(request)))
    } catch {
      let words = request.words.joined(separator: " ")
      _ = connection.send("refused\0'\(words)' is refused: \(SimulatorError.text(error.code))")
    }
  }
}

/// The end of the control socket that asks.
package enum ControlClient {
  /// Sends a request to the host that listens at `path` and returns what it prints.
  package static func ask(
    _ request: ControlRequest, at path: String
  ) throws(SimulatorError) -> String {
    guard let connection = try connect(to: path) else { throw .notRunning(path) }
    guard connection.send(request.words.joined(separator: "\0")),
      let answer = connection.receive(),
      let end = answer.firstIndex(of: "\0")
    else { throw .notRunning(path) }
    let text = String(answer[answer.index(after: end)...])
    guard answer[..<end] == "done" else { throw .refused(text) }
    return text
  }

  /// Tells whether a host listens there.
  static func isAnswered(_ path: String) -> Bool {
    do {
      return try connect(to: path) != nil
    } catch {
      return false
    }
  }

  private static func connect(to path: String) throws(SimulatorError) -> Connection? {
    let place = try SocketPlace(path)
    // A host with 65,536 queues takes some seconds to boot.
    let connection = Connection(
      socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0), patience: 120)
    let file = connection.file
    guard unsafe place.withAddress({ unsafe Glibc.connect(file, $0, $1) }) == 0 else { return nil }
    return connection
  }
}
