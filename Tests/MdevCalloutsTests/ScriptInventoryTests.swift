// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevCallouts
import MdevHost
import SystemPackage
import TestSupport
import Testing

struct ScriptInventoryTests {
  @Test func `a host without scripts has none`() throws {
    let host = try ScriptHost()
    let inventory = try ScriptInventory(root: host.root)
    #expect(inventory.callouts == [] && inventory.notifiers == [] && inventory.builtIn == [])
  }

  @Test func `those of packages come first, each sorted by name, without samples`() throws {
    let host = try ScriptHost()
    for name in ["20-b", "10-a", ".hidden", "50-example.sample"] {
      try host.add("callouts/\(name)", "")
    }
    try host.add("callouts/90-z", "", isPackaged: true)
    try host.add("notifiers/n", "")
    let inventory = try ScriptInventory(root: host.root)
    #expect(inventory.callouts.map(\.name) == ["90-z", "10-a", "20-b"])
    #expect(inventory.callouts.map(\.fault) == [nil, nil, nil])
    #expect(inventory.notifiers.map(\.name) == ["n"])
  }

  @Test func `this program among them is not called`() throws {
    let host = try ScriptHost()
    try host.add("callouts/10-a", "")
    try host.scratch.link(host.path(of: "callouts/50-self"), to: "/proc/self/exe")
    let inventory = try ScriptInventory(root: host.root)
    #expect(inventory.callouts.map(\.name) == ["10-a"])
    #expect(inventory.builtIn.map(\.name) == ["50-self"])
  }

  @Test func `a directory that can't be read is an error`() throws {
    let host = try ScriptHost()
    try host.scratch.write("", to: "etc/mdevctl.d/scripts.d/callouts")
    let path = "\(host.scratch.path)/etc/mdevctl.d/scripts.d/callouts"
    #expect(throws: CalloutError.host(HostError(.open, path, .errno(.notDirectory)))) {
      try ScriptInventory(root: host.root)
    }
  }

  // MARK: - Trust

  @Test(arguments: [(UInt32(0o755), false), (0o700, false), (0o775, false), (0o757, true)])
  func `a script that others than root and its group can change is not trusted`(
    _ mode: UInt32, _ isWritable: Bool
  ) throws {
    let host = try ScriptHost()
    try host.add("callouts/a", "", mode: mode)
    let script = try #require(try ScriptInventory(root: host.root).callouts.first)
    #expect(script.fault == (isWritable ? .untrusted(Distrust(script.path, .writable)) : nil))
  }

  @Test func `a script of another group that may change it is not trusted`() throws {
    let host = try ScriptHost()
    try host.add("callouts/a", "")
    let path = "\(host.scratch.path)/\(host.path(of: "callouts/a"))"
    try #require(chown(path, 0, 1) == 0 && chmod(path, 0o775) == 0)
    #expect(
      try ScriptInventory(root: host.root).callouts.map(\.fault)
        == [.untrusted(Distrust(path, .writable))])
  }

  @Test func `a script in a directory that others can change is not trusted`() throws {
    let host = try ScriptHost()
    try host.add("callouts/a", "")
    let directory = "\(host.scratch.path)/etc/mdevctl.d/scripts.d/callouts"
    try #require(chmod(directory, 0o777) == 0)
    #expect(
      try ScriptInventory(root: host.root).callouts.map(\.fault)
        == [.untrusted(Distrust(directory, .writable))])
  }

  @Test func `links are followed to what they lead to`() throws {
    let host = try ScriptHost()
    try host.add("elsewhere/good", "")
    try host.add("elsewhere/bad", "", mode: 0o777)
    try host.scratch.link(host.path(of: "callouts/3-good"), to: "../elsewhere/good")
    try host.scratch.link(host.path(of: "callouts/4-bad"), to: "../elsewhere/bad")
    let target = "\(host.scratch.path)/\(host.path(of: "elsewhere/bad"))"
    #expect(
      try ScriptInventory(root: host.root).callouts.map(\.fault)
        == [nil, .untrusted(Distrust(target, .writable))])
  }

  /// Who could write to a folder above took the callouts away for a moment, and nobody was asked.
  @Test func `callouts that others could have taken away are missing, not none`() throws {
    let host = try ScriptHost()
    host.scratch.makeDirectory("etc")
    try #require(chmod("\(host.scratch.path)/etc", 0o777) == 0)
    let inventory = try ScriptInventory(root: host.root)
    #expect(
      inventory.callouts.map(\.fault)
        == [.untrusted(Distrust("\(host.scratch.path)/etc", .writable))])
    #expect(inventory.notifiers == [])
  }

  /// A README among the callouts refused every change, the boot's starts among them.
  @Test func `what is no regular executable is no script`() throws {
    let host = try ScriptHost()
    let directory = "callouts"
    try host.scratch.link(host.path(of: "\(directory)/1-missing"), to: "nowhere")
    host.scratch.makeDirectory(host.path(of: "\(directory)/2-directory"))
    try host.scratch.write("about", to: host.path(of: "\(directory)/README"))
    try #require(
      mkfifo("\(host.scratch.path)/\(host.path(of: "\(directory)/fifo"))", 0o777) == 0)
    try host.add("callouts/a", "")
    try host.scratch.write("about", to: host.path(of: "notifiers/README"))
    let inventory = try ScriptInventory(root: host.root)
    #expect(inventory.callouts.map(\.name) == ["a"] && inventory.notifiers == [])
    #expect(
      inventory.otherCallouts.map(\.fault) == [.missing, .notAFile, .notExecutable, .notAFile])
    #expect(inventory.otherNotifiers.map(\.fault) == [.notExecutable])
  }
}
