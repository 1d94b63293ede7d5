// SPDX-License-Identifier: Apache-2.0

import CFuse
import Glibc

/// Serves a host's directories and its control socket, on one thread, until it is told to stop.
@safe
final class HostServer {
  /// The reason why it stopped.
  enum Ending: Equatable {
    case signal(Int32)
    /// A directory was unmounted from outside.
    case unmounted
    /// The process that was waited for ended, with its wait status.
    case child(Int32)
  }

  let host: SimulatedHost
  private let sys: FuseSession
  private let vfio: FuseSession
  private let gpus: Directory?
  private let control: ControlListener
  private let signals: Int32
  private let uevents: UeventSocket?

  /// Mounts `/sys` and `/dev/vfio` of `kernel` there, and `/proc/driver/nvidia` if there are GPUs, and
  /// listens at `control`; at a reboot, the rules in the directory `rules` count.
  init(
    _ kernel: SimulatedKernel, sys: String, vfio: String, gpus: String?, control: String,
    rules: String, uevents: UeventSocket? = nil
  ) throws(SimulatorError) {
    self.uevents = uevents
    let host = SimulatedHost(kernel, rules: rules)
    self.host = host
    self.control = try ControlListener(at: control)
    self.sys = try FuseSession("/sys", of: host, at: sys)
    self.vfio = try FuseSession("/dev/vfio", of: host, at: vfio)
    if let gpus {
      self.gpus = Directory(try FuseSession(SimulatedKernel.gpuRoot, of: host, at: gpus))
    } else {
      self.gpus = nil
    }
    signals = try HostServer.takeSignals()
  }

  deinit { close(signals) }

  /// Answers until a signal comes, until `child` ends, or until something is unmounted.
  func run(child: pid_t? = nil) throws(SimulatorError) -> Ending {
    while true {
      let ready = try poll(timeout: host.timeout)
      host.settle()
      if ready.contains(sys.file) { sys.serve() }
      if ready.contains(vfio.file) { vfio.serve() }
      if ready.contains(gpuFile) { gpus?.session.serve() }
      if ready.contains(control.file) { control.serve(host) }
      host.settle()
      uevents?.send(from: host.kernel)
      if ready.contains(signals), let ending = takeSignal(child: child) { return ending }
      if isOver { return .unmounted }
    }
  }

  /// The file of the GPUs' session; -1, which `poll` passes over, if there is none.
  private var gpuFile: Int32 { gpus?.session.file ?? -1 }

  /// True once a directory was unmounted.
  private var isOver: Bool { sys.isOver || vfio.isOver || gpus?.session.isOver == true }

  /// A directory that not every host has: an optional of a session itself can't be asked for anything,
  /// since that can't be copied.
  private final class Directory {
    let session: FuseSession

    init(_ session: consuming FuseSession) {
      self.session = session
    }
  }

  /// The files that something can be read from, after at most `timeout` milliseconds.
  private func poll(timeout: Int32) throws(SimulatorError) -> [Int32] {
    let files = [sys.file, vfio.file, gpuFile, control.file, signals]
    var entries = files.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    let count = unsafe CFuse.poll(&entries, nfds_t(entries.count), timeout)
    guard count >= 0 || errno == EINTR else {
      throw .call("wait for", path: sys.path, code: errno)
    }
    guard count > 0 else { return [] }
    return entries.filter { $0.revents != 0 }.map(\.fd)
  }

  private func takeSignal(child: pid_t?) -> Ending? {
    var information = signalfd_siginfo()
    let size = MemoryLayout<signalfd_siginfo>.size
    guard unsafe read(signals, &information, size) == size else { return nil }
    let signal = Int32(information.ssi_signo)
    guard let child else { return signal == SIGCHLD ? nil : .signal(signal) }
    guard signal == SIGCHLD else {
      // A terminal sends the other two to the child itself.
      if signal == SIGTERM || signal == SIGHUP { kill(child, signal) }
      return nil
    }
    var status: Int32 = 0
    guard unsafe waitpid(child, &status, WNOHANG) == child else { return nil }
    return .child(status)
  }

  /// Has the signals that end or inform us come through a file (`signalfd`).
  private static func takeSignals() throws(SimulatorError) -> Int32 {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for signal in HostServer.signals { unsafe sigaddset(&set, signal) }
    unsafe sigprocmask(SIG_BLOCK, &set, nil)
    let file = unsafe signalfd(-1, &set, Int32(SFD_CLOEXEC))
    guard file >= 0 else { throw .call("open", path: "signalfd", code: errno) }
    return file
  }

  private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD]
}
