// SPDX-License-Identifier: Apache-2.0

import MdevCallouts
import MdevHost
import MdevModel
import TestSupport
import Testing

struct CalloutsTests {
  private static let supports =
    #"[ $call != get-capabilities ] || { echo '{"supports":{"version":2,"actions":["start","#
    + #""modify","attributes"],"events":["pre","post","get","live"]}}'; exit 0; }"#

  // MARK: - Consent

  @Test(arguments: [
    ("exit 0", nil),
    (
      "echo no room >&2; exit 1",
      CalloutError.refused(script: "a", call: "pre-start", status: 1, words: "no room")
    ),
    ("exit 3", .refused(script: "a", call: "pre-start", status: 3, words: "")),
    ("exit 2", nil),
  ])
  func `a script consents with 0, leaves it to others with 2, and refuses with the rest`(
    _ commands: String, _ expected: CalloutError?
  ) async throws {
    let host = try ScriptHost()
    try host.add("callouts/a", "[ $call = pre-start ] || exit 2\n\(commands)")
    do {
      try await host.callouts.before(.start, .example())
      #expect(expected == nil)
    } catch let error as CalloutError {
      #expect(error == expected)
    }
  }

  @Test func `the definition is on stdin, the rest on the command line`() async throws {
    let host = try ScriptHost()
    try host.add(
      "callouts/a",
      "[ $call != get-capabilities ] || exit 2\ncat >\"${0%/*}/../in\"; echo $* >>\"${0%/*}/../in\""
    )
    try await host.callouts.before(.define, .example())
    #expect(
      try host.scratch.read("etc/mdevctl.d/scripts.d/in") == """
        {"mdev_type":"mtty-2","start":"manual","attrs":[]}-t mtty-2 -e pre -a define -s none \
        -u 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001 -p mtty

        """)
  }

  @Test func `without the consent of a script that is not run nothing is done`() async throws {
    let host = try ScriptHost()
    try host.add("callouts/a", "exit 0")
    try host.add("callouts/b", "exit 0", mode: 0o777)
    let error = await #expect(throws: CalloutError.self) {
      try await host.callouts.before(.start, .example())
    }
    guard case .untrusted(let script) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(script.fault == .untrusted(Distrust(script.path, .writable)))
    #expect(script.name == "b")
  }

  @Test func `a script that a signal ends is passed over with a notice`() async throws {
    let host = try ScriptHost()
    try host.add("callouts/a", "[ $call = pre-start ] || exit 2\nkill -9 $$")
    try host.add("callouts/b", "[ $call = pre-start ] || exit 2\necho mine >&2")
    try await host.callouts.before(.start, .example())
    #expect(
      host.notices == [
        "Warning: passing over callout 'a' (pre-start): signal 9 ended it", "b: mine",
      ])
  }

  @Test func `who consented is told what came of it, and notifiers are all told`() async throws {
    let host = try ScriptHost()
    for name in ["callouts/a", "callouts/b", "notifiers/n"] {
      let status = name == "callouts/a" ? 2 : 0
      try host.add(
        name,
        "[ $call = get-capabilities ] || echo ${0##*/} $call $8 >>\"${0%/*}/../log\"\nexit \(status)"
      )
    }
    let callouts = host.callouts
    try await callouts.before(.start, .example())
    try await callouts.after(.start, .example(), state: .success)
    #expect(
      try host.scratch.read("etc/mdevctl.d/scripts.d/log") == """
        a pre-start none
        b pre-start none
        b post-start success
        n notify-start success

        """)
  }

  @Test func `one change is asked for after the other`() async throws {
    let host = try ScriptHost()
    try host.add(
      "callouts/a",
      "[ $call = get-capabilities ] && exit 2\necho $call ${12} >>\"${0%/*}/../log\"")
    let callouts = host.callouts
    let devices = try (0..<8).map { try MediatedDevice.example("p\($0)") }
    try await withThrowingTaskGroup { group in
      for device in devices {
        group.addTask {
          try await callouts.before(.start, device)
          await callouts.after(.start, device, state: .success)
        }
      }
      try await group.waitForAll()
    }
    let log = try #require(try host.scratch.read("etc/mdevctl.d/scripts.d/log"))
    let lines = log.split(separator: "\n")
    try #require(lines.count == 2 * devices.count)
    for index in stride(from: 0, to: lines.count, by: 2) {
      let parent = try #require(lines[index].split(separator: " ").last)
      #expect(lines[index] == "pre-start \(parent)")
      #expect(lines[index + 1] == "post-start \(parent)")
    }
  }

  // MARK: - Capabilities

  @Test func `a script with capabilities answers alone, for what it names`() async throws {
    let host = try ScriptHost()
    try host.add("callouts/a", "exit 1")
    try host.add("callouts/b", Self.supports)
    let callouts = host.callouts
    try await callouts.before(.start, .example())
    await callouts.after(.start, try .example(), state: .none)
    try await callouts.before(.stop, .example())
    #expect(try await callouts.supportsLive(.example()))
  }

  @Test func `without a script that says so nothing is changed live`() async throws {
    let host = try ScriptHost()
    try host.add("callouts/a", "exit 0")
    let callouts = host.callouts
    #expect(try await callouts.supportsLive(.example()) == false)
    await #expect(throws: CalloutError.liveUnsupported) {
      try await callouts.changeLive(.example())
    }
  }

  // MARK: - Attributes

  @Test(arguments: [
    (#"echo '[{"b":"2"},{"a":"1"}]'"#, ["b=2", "a=1"]), ("echo '[]'", []), ("echo '[{}]'", []),
    ("printf '[{\"a\":\"1\"}]\\0'", ["a=1"]), ("", []), ("exit 2", nil),
  ])
  func `attributes are those that the script reports, in its order`(
    _ commands: String, _ expected: [String]?
  ) async throws {
    let host = try ScriptHost()
    try host.add("callouts/a", "[ $call = get-attributes ] || exit 2\n\(commands)")
    let attributes = try await host.callouts.attributes(of: .example())
    #expect(attributes.map { $0.map { "\($0.name)=\($0.value)" } } == expected)
  }

  @Test(arguments: ["echo words", "echo '[7]'", #"echo '[{"a":1}]'"#, "echo '{}'"])
  func `an answer that makes no sense is an error of that script`(_ commands: String) async throws {
    let host = try ScriptHost()
    try host.add("callouts/a", "[ $call = get-attributes ] || exit 2\n\(commands)")
    let error = await #expect(throws: CalloutError.self) {
      try await host.callouts.attributes(of: .example())
    }
    guard case .answer(script: "a", call: "get-attributes", let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(!reason.isEmpty)
  }

  @Test func `a script that can't tell says why`() async throws {
    let host = try ScriptHost()
    try host.add("callouts/a", "[ $call = get-attributes ] || exit 2\necho broken >&2; exit 5")
    await #expect(
      throws: CalloutError.unable(
        script: "a", call: "get-attributes", status: 5, words: "broken")
    ) { try await host.callouts.attributes(of: .example()) }
  }

  @Test func `a script that is not run is named once, and the others are asked`() async throws {
    let host = try ScriptHost()
    try host.add("callouts/a", "exit 0", mode: 0o757)
    try host.add("callouts/b", "[ $call = get-attributes ] || exit 2\necho '[{\"a\":\"1\"}]'")
    let callouts = host.callouts
    for _ in 0..<2 {
      let attributes = try #require(try await callouts.attributes(of: .example()))
      #expect(attributes.map(\.name.path) == ["a"])
    }
    let path = "\(host.scratch.path)/\(host.path(of: "callouts/a"))"
    #expect(
      host.notices == [
        "Warning: script '\(path)' is not run: others than its owner can write to '\(path)'"
          + " (chmod go-w helps)"
      ])
  }
}
