// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Wherever an apply ends, the next one arrives, and on the way each definition is there whole.
///
/// The calls are found by a first run under strace; then the process is killed as one of them
/// begins, of which each run of the test takes some.
@Suite(.timeLimit(.minutes(10)))
struct InterruptedApplyTests {
  private static let moved = "00000000-0000-0000-0000-000000000003"

  /// Devices that stay, change, go, come and move, drivers that come and go, and masks that change.
  private static let files = """
    cat >one.json <<'END'
    {"version":1,"owner":"web",
      "drivers":{"css/0.0.0314":"vfio_ccw"}, "ap":{"apmask":"0-4,6-255","aqmask":"0-255"},
      "devices":[
        {"uuid":"00000000-0000-0000-0000-000000000001","parent":"matrix","mdev_type":"vfio_ap-passthrough",
          "start":"auto","attrs":[{"assign_adapter":"5"},{"assign_domain":"4"}]},
        {"uuid":"00000000-0000-0000-0000-000000000002","parent":"0.0.0314","mdev_type":"vfio_ccw-io",
          "start":"auto"},
        {"uuid":"\(moved)","parent":"here","mdev_type":"x"},
        {"name":"new","parent":"here","mdev_type":"x"},
        {"uuid":"00000000-0000-0000-0000-000000000005","parent":"here","mdev_type":"x"}]}
    END
    cat >two.json <<'END'
    {"version":1,"owner":"web",
      "drivers":{"css/0.0.0313":"vfio_ccw"}, "ap":{"apmask":"0-4,7-255","aqmask":"0-170,172-255"},
      "devices":[
        {"uuid":"00000000-0000-0000-0000-000000000001","parent":"matrix","mdev_type":"vfio_ap-passthrough",
          "start":"auto","attrs":[{"assign_adapter":"5"},{"assign_domain":"0xab"}]},
        {"uuid":"\(moved)","parent":"there","mdev_type":"x"},
        {"name":"new","parent":"0.0.0313","mdev_type":"vfio_ccw-io","start":"auto"},
        {"uuid":"00000000-0000-0000-0000-000000000005","parent":"here","mdev_type":"x"}]}
    END
    """

  /// The state of the host: what is stored, in force and running.
  private static let state = """
    cd etc && grep -r '' mdevctl.d driverctl.d | sort; grep 'ATTR{../' udev/rules.d/41-ap.rules; cd ..
    cat var/lib/mdevctl/applied/web.json sys/bus/ap/apmask sys/bus/ap/aqmask
    for d in 0.0.0313 0.0.0314; do basename $(readlink sys/bus/css/devices/$d/driver); done
    mdevctl list; cat sys/bus/mdev/devices/*/matrix
    """

  @Test(arguments: TestSeed.fresh)
  func `an apply that was killed is brought to its end by the next`(seed: Int) async throws {
    try await SimulatedRoot.with("s390x") { host in
      let (back, change) = (Self.apply("one.json"), Self.apply("two.json"))
      let before = try await host.shell("\(Self.files)\n\(back) && { \(Self.state); }")
      try #require(before.status == 0, "\(before)")
      let calls = try await host.calls(of: "mdevctl apply --start --prune two.json")
      let after = try await host.shell(Self.state)
      try #require(after.status == 0 && after.output != before.output, "\(after)")
      try #require(calls.count > 60)
      var random = ReproducibleNumbers(seed: seed)
      // Each removal and renaming, since between two of them something could be lost, and some others.
      let (turns, others) = (calls.filter(\.isTurn), calls.filter { !$0.isTurn })
      var struckCount = 0
      for call in turns + others.shuffled(using: &random).prefix(12) {
        let start = try await host.shell("\(back) && { \(Self.state); }")
        #expect(start.output == before.output, "before \(call.path) \(call): \(start)")
        let result = try await host.run(
          "mdevctl apply --start --prune two.json", failing: call, with: "signal=KILL")
        if result.status == 137 { struckCount += 1 }
        let story: Comment = "seed \(seed): \(call.path) \(call): \(result)"
        let listing = try await host.shell("mdevctl list -d")
        #expect(listing.status == 0 && listing.errors == "", "\(story)\n\(listing)")
        for device in ["000000000001 matrix", "\(Self.moved.suffix(12)) ", "000000000005 here"] {
          #expect(listing.output.contains(device), "\(story)\n\(listing)")
        }
        let end = try await host.shell("\(change) && { \(Self.state); }")
        #expect(end.status == 0 && end.output == after.output, "\(story)\n\(end)")
        // Of a change in two places, the next of its kind says what became of it.
        let told = end.errors.split(separator: "\n")
        #expect(told.allSatisfy { $0.hasPrefix("Warning: the interrupted change of") }, "\(end)")
      }
      #expect(struckCount > 20)
    }
  }

  private static func apply(_ file: String) -> String {
    "mdevctl apply --start --prune \(file) >/dev/null && mdevctl diff --start --prune \(file)"
  }
}

extension SimulatedRoot.Call {
  /// True if it changes which files there are.
  fileprivate var isTurn: Bool {
    ["rename", "unlink", "link"].contains { description.hasPrefix($0) }
  }
}
