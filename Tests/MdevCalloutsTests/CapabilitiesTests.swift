// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MdevCallouts

struct CapabilitiesTests {
  @Test(arguments: [
    (
      #"{"supports":{"version":2,"actions":["start","stop"],"events":["pre","get"]}}"#,
      Capabilities(version: 2, events: [.pre, .get], actions: [.start, .stop])
    ),
    (
      #"{"supports":{"version":3,"actions":["start","pause"],"events":["pre","soon",7]}}"#,
      Capabilities(version: 3, events: [.pre], actions: [.start])
    ),
    (
      "{\"supports\":{\"version\":2,\"actions\":[],\"events\":[]}}\0\0",
      Capabilities(version: 2, events: [], actions: [])
    ),
    (#"{"supports":{"version":2}}"#, nil),
    (#"{"supports":{"version":2,"actions":["start"]}}"#, nil),
    (#"{"supports":{"version":2,"events":["pre"]}}"#, nil),
    (#"{"supports":{"version":2,"actions":"start","events":{}},"more":1}"#, nil),
    (#"{"supports":{"version":"2","actions":[],"events":[]}}"#, nil),
    (#"{"supports":{"actions":[],"events":[]}}"#, nil),
    (#"{"supports":7}"#, nil), (#"{"provides":{"version":2}}"#, nil), ("[]", nil), ("{", nil),
    ("", nil), ("usage: script -t TYPE", nil),
  ])
  func `an answer is read as capabilities, or passed over`(
    _ answer: String, _ expected: Capabilities?
  ) {
    #expect(Capabilities(answer: Array(answer.utf8)) == expected)
  }

  @Test func `what this program says of itself can be read by itself`() throws {
    let own = Capabilities.provided.replacing("provides", with: "supports")
    let read = try #require(Capabilities(answer: Array(own.utf8)))
    #expect(
      read
        == Capabilities(
          version: 2, events: Set(CalloutEvent.allCases), actions: Set(CalloutAction.allCases)))
  }

  @Test(arguments: [
    (CalloutEvent.pre, CalloutAction.start, true), (.pre, .stop, false), (.post, .start, false),
  ])
  func `a call is for a script that has both its event and its action`(
    _ event: CalloutEvent, _ action: CalloutAction, _ expected: Bool
  ) throws {
    let capabilities = Capabilities(version: 2, events: [.pre], actions: [.start])
    let call = Call(event: event, action: action, device: try .example())
    #expect(capabilities.include(call) == expected)
  }
}
