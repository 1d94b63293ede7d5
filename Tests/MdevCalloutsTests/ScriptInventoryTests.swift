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

  @Test(arguments: [
    (UInt32(0o755), nil), (0o700, nil), (0o775, "script"), (0o757, "script"),
    (0o644, "executable"),
  ])
  func `a script that others can change, or that can't be run, is not trusted`(
    _ mode: UInt32, _ fault: String?
  ) throws {
    let host = try ScriptHost()
    try host.add("callouts/a", "", mode: mode)
    let script = try #require(try ScriptInventory(root: host.root).callouts.first)
    let expected: ScriptFile.Fault? =
      switch fault {
      case "script": .writable(script.path)
      case "executable": .notExecutable
      default: nil
      }
    #expect(script.fault == expected)
  }

  @Test func `a script in a directory that others can change is not trusted`() throws {
    let host = try ScriptHost()
    try host.add("callouts/a", "")
    let directory = "\(host.scratch.path)/etc/mdevctl.d/scripts.d/callouts"
    try #require(chmod(directory, 0o777) == 0)
    #expect(try ScriptInventory(root: host.root).callouts.map(\.fault) == [.writable(directory)])
  }

  @Test func `links are followed to what they lead to`() throws {
    let host = try ScriptHost()
    try host.scratch.link(host.path(of: "callouts/1-missing"), to: "nowhere")
    host.scratch.makeDirectory(host.path(of: "callouts/2-directory"))
    try host.add("elsewhere/good", "")
    try host.add("elsewhere/bad", "", mode: 0o777)
    try host.scratch.link(host.path(of: "callouts/3-good"), to: "../elsewhere/good")
    try host.scratch.link(host.path(of: "callouts/4-bad"), to: "../elsewhere/bad")
    let target = "\(host.scratch.path)/\(host.path(of: "elsewhere/bad"))"
    #expect(
      try ScriptInventory(root: host.root).callouts.map(\.fault)
        == [.missing, .notAFile, nil, .writable(target)])
  }
}
