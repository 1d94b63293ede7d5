// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevCallouts
import MdevHost
import MdevModel
import MdevOperations
import TestSupport
import Testing

/// The lock of s390-tools around the replies of a callout; the caller is who runs the tests.
struct CalloutReplyTests {
  static let lock = "run/lock/s390apconfig.lock"

  @Test(arguments: [
    (CalloutEvent.pre, CalloutAction.stop), (.pre, .undefine), (.pre, .define),
    (.get, .attributes), (.live, .modify),
  ])
  func `while another has the lock everything is refused`(
    _ event: CalloutEvent, _ action: CalloutAction
  ) throws {
    let scratch = try Scratch()
    try scratch.write("1", to: Self.lock)
    #expect(
      try Self.reply(to: event, action, on: scratch)
        == .refusal([
          "Failed to acquire configuration lock: failed to lock '\(scratch.path)/\(Self.lock)':"
            + " process 1 has held it for 0 s"
        ]))
    #expect(try Self.reply(to: .post, action, on: scratch) == .consent([]))
    #expect(try scratch.read(Self.lock) == "1")
    #expect(scratch.names(below: "run/lock") == ["s390apconfig.lock"])
  }

  @Test func `the caller has the lock from a consent to what comes after`() throws {
    let scratch = try Scratch()
    for _ in 0..<2 {
      #expect(try Self.reply(to: .pre, .stop, on: scratch) == .consent([]))
      #expect(try scratch.read(Self.lock) == "\(getppid())")
    }
    let reply = try Self.reply(to: .get, .attributes, on: scratch)
    #expect(reply == .consent([]))
    #expect(try scratch.read(Self.lock) == "\(getppid())")
    #expect(try Self.reply(to: .post, .stop, on: scratch) == .consent([]))
    #expect(try scratch.read(Self.lock) == nil)
  }

  @Test(arguments: ["vfio_ccw-io", "mtty-2"])
  func `other types have nothing to do with the lock`(_ type: String) throws {
    let scratch = try Scratch()
    try scratch.write("1", to: Self.lock)
    let reply = try Self.reply(to: .pre, .stop, on: scratch, type: TypeName(type))
    #expect(reply == (type == "mtty-2" ? .notServed : .consent([])))
    #expect(try scratch.read(Self.lock) == "1")
  }

  private static func reply(
    to event: CalloutEvent, _ action: CalloutAction, on scratch: Scratch,
    type: TypeName = .vfioAP
  ) throws -> CalloutReply {
    let uuid = try DeviceUUID("83b8f4f2-509f-382f-3c1e-e6bfe0fa1001")
    return try Operations(root: SystemRoot(scratch.path)).validateChange.run(
      CalloutRequest(
        event: event, action: action, type: type,
        identity: DeviceIdentity(parent: ParentName("matrix"), uuid: uuid)),
      definition: nil, patience: .zero)
  }
}
