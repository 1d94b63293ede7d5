// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// The commands that messages name: what a user is told to run does what is promised of it.
///
/// Those that mend a finding of `mdevctl check` are run by ``RemedyTests``, `journalctl` and
/// `update-initramfs` by the tests on a kernel. `fuser -v` is not run, since only a process that
/// /proc does not show here is looked for by it, nor `dmesg`, which has what drivers write.
struct AdviceTests {
  /// A way out that a message names.
  struct Advice: CustomTestStringConvertible {
    /// The simulated host, and what is done on it first.
    let profile: String
    let disorder: String
    /// The command that fails, or warns.
    let command: String
    /// The words about the way out.
    let words: String
    /// The way, where that is not the command in quotes; `ADVICE` stands for it.
    var way = "ADVICE"
    /// The proof that it was one.
    var proof: String?

    var testDescription: String { words }

    /// The command that the words have in quotes.
    var advice: String {
      words.split(separator: "'").first { $0.hasPrefix("mdevctl ") }.map(String.init) ?? ""
    }
  }

  private static let uuid = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
  private static let script = "etc/mdevctl.d/scripts.d/callouts/a"
  private static let subchannel = "mdevctl driver set css/0.0.0313 vfio_ccw"
  private static let new = "etc/driverctl.d/.mdevctl.new"

  static let advices = [
    Advice(
      profile: "mtty", disorder: "mdevctl start -u $a -p mtty -t mtty-2; ctl hold $a",
      command: "mdevctl stop -u $a", words: "'mdevctl stop -u \(uuid) --wait' waits for it",
      way: "ADVICE & ctl release $a; wait $!", proof: "[ -z \"$(mdevctl list)\" ]"),
    Advice(
      profile: "s390x",
      disorder: "auto assign_adapter=5 assign_domain=4 | tee in | definition matrix $a;"
        + " mdevctl ap set apmask=-5 >/dev/null",
      command: "mdevctl define -u $b -p matrix --jsonfile in", words: "'--force' stores it anyway",
      way: "mdevctl define -u $b -p matrix --jsonfile in --force", proof: "mdevctl list -d -u $b"),
    Advice(
      profile: "s390x",
      disorder: subchannel
        + #"; echo '{"mdev_type":"vfio_ccw-io","start":"auto"}' | definition 0.0.0313 $a"#,
      command: "mdevctl driver unset css/0.0.0313", words: "'--force' changes it anyway",
      way: "mdevctl driver unset css/0.0.0313 --force"),
    Advice(
      profile: "s390x",
      disorder: "mdevctl ap set apmask=-5 >/dev/null;"
        + " auto assign_adapter=5 assign_domain=0xab | definition matrix $a",
      command: "mdevctl ap set apmask=+5",
      words: "have them start on demand, with 'mdevctl modify -u \(uuid) -p matrix --manual'"),
    Advice(
      profile: "s390x-619", disorder: "mdevctl ap set aqmask=-4 --persistent",
      command: "mdevctl driver set ap/05.0004 vfio_ap",
      words: "give all queues back with 'mdevctl ap set apmask=0-255 aqmask=0-255 --persistent'"),
    Advice(
      profile: "s390x-619", disorder: "mdevctl driver set ap/05.0004,05.00ab vfio_ap",
      command: "mdevctl ap set apmask=-6",
      words: "remove them with 'mdevctl driver unset ap/05.0004,05.00ab'"),
    Advice(
      profile: "s390x", disorder: "mdevctl driver set ap/05.0004 vfio_ap",
      command: "mdevctl driver set ap/05.0004 cex4queue",
      words: "'driver unset' gives it back to the host",
      way: "mdevctl driver unset ap/05.0004",
      proof: "driverctl -b ap list-devices | grep -x '05.0004 cex4queue'"),
    Advice(
      profile: "s390x",
      disorder: "killed \(new) \(subchannel) || rm \(new); mkdir \(new)", command: subchannel,
      words: "'mdevctl recover' says what is in the way",
      way: "ADVICE 2>&1 | grep '\(new).: Is a directory'; rmdir \(new)"),
    Advice(
      profile: "s390x",
      disorder: "echo 0.0.0314 >sys/bus/css/drivers/io_subchannel/unbind; ctl unload vfio_ccw",
      command: subchannel,
      words: "'mdevctl driver unset css/0.0.0314' gives it back",
      proof: "driverctl -b css list-devices | grep -x '0.0.0314 io_subchannel'"),
    Advice(
      profile: "s390x",
      disorder: #"echo '{"mdev_type":"vfio_ccw-io","start":"auto"}' | definition 0.0.9999 $a"#,
      command: "mdevctl check",
      words: "'mdevctl subchannel' lists what there is", proof: ":"),
    Advice(
      profile: "s390x", disorder: ":", command: "mdevctl start -u $a -p 0.0.0313 -t vfio_ccw-io",
      words: "'\(subchannel)' gives it to vfio_ccw"),
    Advice(
      profile: "s390x", disorder: "ctl unload vfio_ap",
      command: "mdevctl start -u $a -p matrix -t vfio_ap-passthrough", words: "'modprobe vfio_ap'",
      way: "sbin/modprobe -- vfio_ap"),
    Advice(
      profile: "mtty", disorder: ":", command: "mdevctl start -p mtti -t mtty-2",
      words: "'mdevctl types' lists the parents that offer types",
      way: "ADVICE | grep -x mtty", proof: "mdevctl start -p mtty -t mtty-2"),
    Advice(
      profile: "mtty",
      disorder: #"definition mtty $a <<<'{"mdev_type":"mtty-9","start":"manual"}'"#,
      command: "mdevctl start -u $a", words: "'mdevctl types -p mtty' lists what it offers",
      way: "ADVICE | grep -x '  mtty-2'", proof: "mdevctl start -p mtty -t mtty-2"),
    Advice(
      profile: "s390x", disorder: ":",
      command: "\(subchannel) --early",
      words: "leave out '--early'", way: subchannel, proof: ":"),
    Advice(
      profile: "nvidia", disorder: ":",
      command: "mdevctl start -u $a -p 0000:86:00.0 -t 'GRID T4-9Q'",
      words: "nvidia-231 (GRID T4-2Q)",
      way: "mdevctl start -u $a -p 0000:86:00.0 -t 'GRID T4-2Q'", proof: "mdevctl list -u $a"),
    Advice(
      profile: "pci", disorder: ":", command: "mdevctl driver set pci/0000:01:00.0 vfio-pci",
      words: "--group takes it along", way: "mdevctl driver set pci/0000:01:00.0 vfio-pci --group"),
    Advice(
      profile: "mtty", disorder: "mdevctl define -u $a -p mtty -t mtty-2",
      command: "mdevctl wait $a --timeout 0", words: "'mdevctl start -u \(uuid)' starts it"),
    Advice(
      profile: "mtty", disorder: ":", command: "mdevctl rules check",
      words: "'mdevctl rules install' mends it"),
    Advice(
      profile: "mtty",
      disorder: "mdevctl rules install; mdevctl define -u $a -p mtty -t mtty-2;"
        + " mdevctl rules owner -u $a --owner root; mdevctl undefine -u $a",
      command: "mdevctl rules check",
      words: "'mdevctl rules owner --remove -u \(uuid)' mends it"),
    Advice(
      profile: "mtty",
      disorder: "mkdir -p etc/udev/rules.d; echo >etc/udev/rules.d/60-mdevctl.rules",
      command: "mdevctl rules install", words: "left alone; move it away first",
      way: "mv etc/udev/rules.d/60-mdevctl.rules away"),
    Advice(
      profile: "mtty", disorder: "script host/callouts/a <<<'exit 0'; chmod o+w \(script)",
      command: "mdevctl define -u $a -p mtty -t mtty-2", words: "(chmod go-w helps)",
      way: "chmod go-w \(script)"),
    Advice(
      profile: "mtty", disorder: "script host/callouts/a <<<'exit 0'; chmod o+w \(script)",
      command: "mdevctl define -u $a -p mtty -t mtty-2", words: "'--force' goes on without it",
      way: "mdevctl define -u $a -p mtty -t mtty-2 --force", proof: "mdevctl list -d -u $a"),
    Advice(
      profile: "mtty", disorder: "script host/callouts/a <<<'exit 0'; chmod 644 \(script)",
      command: "mdevctl callouts list", words: "(chmod 755 makes it so)",
      way: "chmod 755 \(script)"),
    Advice(
      profile: "mtty", disorder: "script host/callouts/a <<<'exit 0'",
      command: "(ulimit -n 10; mdevctl define -u $a -p mtty -t mtty-2)", words: "(see ulimit -n)",
      way: "ulimit -n 64; mdevctl define -u $a -p mtty -t mtty-2", proof: "mdevctl list -d -u $a"),
  ]

  @Test(arguments: advices)
  func `what a message tells to do is done, and helps`(_ advice: Advice) async throws {
    try await SimulatedRoot.with(advice.profile) { root in
      let before = try await root.shell("set -e; \(advice.disorder)")
      #expect(before.status == 0, "\(before)")
      let told = try await root.shell(advice.command)
      #expect((told.output + told.errors).contains(advice.words), "\(told)")
      let way = advice.way.replacing("ADVICE", with: advice.advice)
      let done = try await root.shell("set -e; \(way)")
      #expect(done.status == 0, "\(done)")
      let after = try await root.shell(advice.proof ?? advice.command)
      #expect(after.status == 0, "\(after)")
      #expect(!(after.output + after.errors).contains(advice.words), "\(after)")
    }
  }

  /// Remedies of findings that the random hosts of ``RemedyTests`` seldom have.
  @Test(arguments: [
    (
      "mtty",
      "mdevctl start -u $a -p mtty -t mtty-2; mkdir -p proc/77/fd; echo qemu >proc/77/comm;"
        + " ln -s $PWD/dev/vfio/0 proc/77/fd/3; ln -s 'anon_inode:[vfio-device]' proc/77/fd/4",
      "mdevctl define -u \(uuid)"
    ),
    (
      "pci", "mdevctl driver set pci/0000:01:00.0 vfio-pci",
      "mdevctl driver set pci/0000:01:00.0 vfio-pci --group"
    ),
    (
      "s390x-619",
      "mdevctl driver set ap/06.0006 vfio_ap; chzdev_rules >etc/udev/rules.d/41-ap.rules",
      "mdevctl driver unset ap/06.0006"
    ),
    ("s390x", "killed \(new) \(subchannel) || :", "mdevctl recover"),
    (
      "mtty", "echo >etc/udev/rules.d/60-mdevctl.rules",
      "mv ROOT/etc/udev/rules.d/60-mdevctl.rules ROOT/etc/udev/rules.d/60-mdevctl.rules.old"
        + " && mdevctl rules install"
    ),
    (
      "mtty",
      "mdevctl define -u $a -p mtty -t mtty-2; mdevctl rules owner -u $a --owner root;"
        + " mdevctl undefine -u $a",
      "mdevctl rules owner --remove -u \(uuid)"
    ),
    (
      "s390x", "chzdev_rules | sed s/complete/Complete/ >etc/udev/rules.d/41-ap.rules",
      "mdevctl ap set apmask=0-4,6-255 aqmask=0-255 --boot-only"
    ),
  ])
  func `a remedy for a single finding leaves none`(
    _ profile: String, _ disorder: String, _ remedy: String
  ) async throws {
    try await SimulatedRoot.with(profile) { root in
      let before = try await root.shell("set -e; mdevctl rules install; \(disorder)")
      #expect(before.status == 0, "\(before)")
      let check = try await root.shell("mdevctl check | sed -n 's/^    //p'")
      #expect(check.output == remedy.replacing("ROOT", with: root.scratch.path) + "\n")
      let done = try await root.shell(check.output)
      #expect(done.status == 0, "\(done)")
      let after = try await root.shell("mdevctl check")
      #expect(after == ProgramResult(status: 0, output: "", errors: ""))
    }
  }
}
