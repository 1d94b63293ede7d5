// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevSimulator
import SimulatorSupport
import TestSupport

/// The sysfs of a simulated host as plain files, some of which no kernel would have there.
///
/// Whatever has the root of a host in it, a bind mount, a container or a half written copy, may be
/// such a place; and what can be read of it should be read.
struct StrangeHost {
  /// Has the root of the host in `host`, and beside it what nobody may change, in `outside`.
  let scratch: Scratch
  private var random: ReproducibleNumbers

  private static let profiles = [
    "i915", "s390x", "s390x-619", "pci", "nvidia-sriov", "mtty", "xe",
  ]

  /// Something that is no attribute, directory or link of a kernel, or not the right one.
  private enum Oddity: CaseIterable {
    case missing, empty, directory, text, long, bytes, dangling, loop, circle, outside, pipe, closed
    case stranger
  }

  init(seed: Int) throws {
    scratch = try Scratch()
    random = ReproducibleNumbers(seed: seed)
    try scratch.write("kept\n", to: "outside/file")
    scratch.makeDirectory("gone")
    let profiles = StrangeHost.profiles
    try copySysfs(of: StrangeHost.busyHost(profiles[abs(seed) % profiles.count]))
    try addStore()
    let share = 1 << Int.random(in: 0...7, using: &random)
    for name in scratch.names(below: "host") where Int.random(in: 0..<1024, using: &random) < share
    {
      spoil("\(scratch.path)/host/\(name)")
    }
  }

  /// A host of a profile on which each parent has a device.
  private static func busyHost(_ profile: String) throws -> Scene {
    var host = try Scene(profile)
    for (index, parent) in host.list("/sys/class/mdev_bus").enumerated() {
      let types = "/sys/class/mdev_bus/\(parent)/mdev_supported_types"
      guard let type = host.list(types).first else { continue }
      _ = host.put(Scene.uuid(20 + index), "\(types)/\(type)/create")
    }
    return host
  }

  private func copySysfs(of host: Scene) throws {
    let tree = host.kernel.tree
    var rest = tree.entries(of: SysfsTree.root).map { (path: "host/\($0.name)", id: $0.id) }
    while let (path, id) = rest.popLast() {
      switch tree[id]?.content {
      case .directory:
        scratch.makeDirectory(path)
        rest += tree.entries(of: id).map { ("\(path)/\($0.name)", $0.id) }
      case .link(let target): try scratch.link(path, to: target)
      case .attribute:
        // Some can only be written.
        try scratch.write((try? host.kernel.read(id)) ?? "", to: path)
      case nil: continue
      }
    }
  }

  /// Definitions for parents that are there, by all likelihood, and an override.
  private func addStore() throws {
    let definitions = [
      ("0000:00:02.0", "i915-GVTg_V5_4", "[]"), ("mtty", "mtty-2", "[]"),
      ("matrix", "vfio_ap-passthrough", #"[{"assign_adapter":"5"},{"assign_domain":"4"}]"#),
      ("0.0.0313", "vfio_ccw-io", "[]"),
    ]
    for (index, (parent, type, attributes)) in definitions.enumerated() {
      try scratch.write(
        #"{"mdev_type":"\#(type)","start":"auto","attrs":\#(attributes)}"#,
        to: "host/etc/mdevctl.d/\(parent)/\(Scene.uuid(index))")
    }
    try scratch.write("vfio-pci\n", to: "host/etc/driverctl.d/pci-0000:00:03.0")
    scratch.makeDirectory("host/run/lock")
  }

  /// Puts something odd in place of what is at `path`, or beside it.
  private mutating func spoil(_ path: String) {
    let oddity = Oddity.allCases[Int.random(in: 0..<Oddity.allCases.count, using: &random)]
    switch oddity {
    case .closed:
      chmod(path, 0)
      return
    case .stranger:
      let names: [[UInt8]] = [
        [0xff, 0xfe], [0x0a], [0xc2, 0x9b], Array(" -x".utf8), Array("05.".utf8),
      ]
      let name = names[Int.random(in: 0..<names.count, using: &random)]
      let directory = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8[...$0] }
      let bytes = Array(directory ?? path.utf8[...]) + name + [0]
      mkdir(bytes.map { CChar(bitPattern: $0) }, 0o755)
      return
    default: break
    }
    // Not removed, which for a directory takes longer.
    guard rename(path, "\(scratch.path)/gone/\(random.next())") == 0 else { return }
    switch oddity {
    case .missing, .closed, .stranger: break
    case .empty: put([], at: path)
    case .directory: mkdir(path, 0o755)
    case .text: put(Array(oddText().utf8), at: path)
    case .long: put([UInt8](repeating: 0x37, count: 1 << 17), at: path)
    case .bytes: put((0..<64).map { _ in UInt8.random(in: 0...255, using: &random) }, at: path)
    case .dangling: symlink("../nowhere", path)
    case .loop: symlink(path, path)
    case .circle: symlink("..", path)
    case .outside: symlink("\(scratch.path)/outside/file", path)
    case .pipe: mkfifo(path, 0o600)
    }
  }

  private mutating func oddText() -> String {
    let texts = [
      "-1", "0", "99999999999999999999", "0x", "0xffffffffffffffff", "1e9", "\u{202e}\u{1b}[2J",
      "05.0004",
      "../../etc", "a\nb\n", "0x\(String(repeating: "f", count: 65))", "..", "/", "none\n",
      "(null)",
    ]
    return texts[Int.random(in: 0..<texts.count, using: &random)]
  }

  private func put(_ bytes: [UInt8], at path: String) {
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o644)
    guard file >= 0 else { return }
    _ = write(file, bytes, bytes.count)
    close(file)
  }
}
