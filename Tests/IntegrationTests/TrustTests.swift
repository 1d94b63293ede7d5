// SPDX-License-Identifier: Apache-2.0

import Glibc
import SystemPackage
import TestSupport
import Testing

/// What the program believes, and what it does about the rest.
struct TrustTests {
  static let uuid = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"

  /// Runs lines of bash on a host in the current directory, within some seconds each.
  static func bash(_ script: String, in scratch: Scratch) async throws -> ProgramResult {
    try await runProgram(
      "/bin/bash", ["-c", "cd \"$MDEVCTL_ENV_ROOT\"; \(script)"],
      environment: ["MDEVCTL_ENV_ROOT": scratch.path])
  }

  static func host() throws -> Scratch {
    let scratch = try Scratch()
    try scratch.write(
      #"{"mdev_type":"t","start":"auto","attrs":[]}"#, to: "etc/mdevctl.d/mtty/\(uuid)")
    for directory in ["etc/driverctl.d", "etc/udev/rules.d", "run/lock"] {
      scratch.makeDirectory(directory)
    }
    return scratch
  }

  /// A FIFO hung these commands for ever; whoever can write to /run/lock can make one there.
  @Test(
    .timeLimit(.minutes(10)),
    arguments: [
      ("etc/driverctl.d/pci-0000:00:01.0", "check"), ("etc/driverctl.d/pci-0000:00:01.0", "plan"),
      ("etc/udev/rules.d/41-ap.rules", "check"), ("etc/udev/rules.d/41-ap.rules", "rules check"),
      ("etc/mdevctl.d/mtty/\(uuid)", "list -d"), ("etc/mdevctl.d/mtty/\(uuid)", "autostart"),
      ("etc/udev/rules.d/60-mdevctl.rules", "rules install"),
    ])
  func `a FIFO is no file, and whose it is is said`(
    _ path: String, _ command: String
  ) async throws {
    let scratch = try Self.host()
    scratch.remove(path)
    try #require(mkfifo("\(scratch.path)/\(path)", 0o644) == 0)
    let result = try await Self.bash("timeout 20 mdevctl \(command)", in: scratch)
    #expect(result.status == 0 || result.status == 1)
    let words = "'\(scratch.path)/\(path)' is a FIFO of user \(geteuid()), not a regular file"
    #expect((result.output + result.errors).contains(words), "\(result)")
  }

  @Test(.timeLimit(.minutes(10)), arguments: ["mkfifo LOCK", "echo 1 >LOCK; chown 65534 LOCK"])
  func `a lock that another made is refused at once`(_ commands: String) async throws {
    guard geteuid() == 0 || !commands.contains("chown") else { return }
    let scratch = try Self.host()
    scratch.makeDirectory("sys/bus/ap/devices")
    for mask in ["apmask", "aqmask"] {
      try scratch.write("0x" + String(repeating: "f", count: 64) + "\n", to: "sys/bus/ap/\(mask)")
    }
    let lock = "run/lock/s390apconfig.lock"
    let result = try await Self.bash(
      commands.split(separator: "LOCK", omittingEmptySubsequences: false).joined(separator: lock)
        + "; timeout 20 mdevctl ap set apmask=-5 --boot-only", in: scratch)
    let words =
      commands.hasPrefix("mkfifo")
      ? "is a FIFO of user \(geteuid()), not a regular file"
      : "is owned by user 65534, neither root nor the caller (chown root helps)"
    let path = "\(scratch.path)/\(lock)"
    #expect(
      result.status == 1
        && result.errors == "Error: failed to lock '\(path)': '\(path)' \(words)\n", "\(result)")
  }

  /// Nobody looks at what a boot applies before it does.
  @Test func `the host file of the boot is believed as definitions are, and one in hand as it is`()
    async throws
  {
    let scratch = try Self.host()
    try scratch.write(
      #"{"version":1,"owner":"o","devices":[{"name":"a","parent":"p","mdev_type":"t"}]}"#,
      to: "etc/mdevctl.d/.host.json")
    let path = "\(scratch.path)/etc/mdevctl.d/.host.json"
    let result = try await Self.bash(
      """
      cp \(path) mine.json; chmod 666 \(path) mine.json
      mdevctl apply \(path); echo $?; ls etc/mdevctl.d
      mdevctl diff --quiet mine.json; echo $?
      chmod 644 \(path); mdevctl apply --json \(path) >/dev/null; echo $?; ls etc/mdevctl.d
      """, in: scratch)
    let words = "others than its owner can write to '\(path)' (chmod go-w helps)"
    #expect(
      result
        == ProgramResult(
          status: 0, output: "1\nmtty\n1\n0\nmtty\np\n",
          errors: "Error: failed to open '\(path)': \(words)\n"))
  }

  @Test(.enabled(if: geteuid() == 0), arguments: ["etc", "etc/mdevctl.d", "etc/mdevctl.d/mtty"])
  func `definitions in a folder of another are not started`(_ folder: String) async throws {
    let scratch = try Self.host()
    let result = try await Self.bash(
      "chown 65534 \(folder); mdevctl autostart -p mtty", in: scratch)
    #expect(!result.output.contains(Self.uuid), "\(result)")
    #expect(
      result.errors.contains("'\(scratch.path)/\(folder)' is owned by user 65534"), "\(result)")
  }

  @Test func `a parent's folder may be a link`() async throws {
    let scratch = try Self.host()
    let result = try await Self.bash(
      "mkdir elsewhere; mv etc/mdevctl.d/mtty elsewhere; ln -s ../../elsewhere/mtty etc/mdevctl.d;"
        + " mdevctl list -d", in: scratch)
    #expect(result == ProgramResult(status: 0, output: "\(Self.uuid) mtty t auto\n", errors: ""))
  }

  /// In 266 of 300 tries the script of another ran as root, once a folder above was open to all.
  @Test func `a script below a folder that is open to all is not run`() async throws {
    let scratch = try Self.host()
    let result = try await Self.bash(
      """
      mkdir -p usr/lib/mdevctl/scripts.d/callouts
      printf '#!/bin/sh\\ntouch $MDEVCTL_ENV_ROOT/ran\\n' >usr/lib/mdevctl/scripts.d/callouts/a
      chmod 755 usr/lib/mdevctl/scripts.d/callouts/a
      chmod 777 usr/lib
      mdevctl define -p mtty -t t; echo $?; ls ran
      chmod 755 usr/lib; mdevctl define -u \(Self.uuid) -p other -t t; echo $?; ls ran
      """, in: scratch)
    #expect(result.output == "1\n0\nran\n", "\(result)")
    #expect(
      result.errors.hasPrefix(
        "Error: the consent of callout 'a' is missing, since it is not run: others than its owner"
          + " can write to '\(scratch.path)/usr/lib' (chmod go-w helps)\n"
          + "('--force' goes on without it)\n"
      ), "\(result)")
  }

  /// The script is run by way of a descriptor, which nobody should notice.
  @Test func `a script finds its name, its neighbours, and its path in what it complains of`()
    async throws
  {
    let scratch = try Self.host()
    let result = try await Self.bash(
      """
      mkdir -p etc/mdevctl.d/scripts.d/callouts; cd etc/mdevctl.d/scripts.d/callouts
      echo 'echo read >&2' >.library
      printf '#!/bin/bash\\n[ $4 = pre ] || exit 2\\n. "$(dirname "$0")/.library"\\nbasename "$0" >&2\\nno-such-command\\nexit 0\\n' >50-a
      chmod 755 50-a
      mdevctl define -u \(Self.uuid) -p other -t t
      """, in: scratch)
    let path = "\(scratch.path)/etc/mdevctl.d/scripts.d/callouts/50-a"
    #expect(
      result
        == ProgramResult(
          status: 0, output: "",
          errors: "50-a: read\n50-a\n\(path): line 5: no-such-command: command not found\n"))
  }

  @Test(arguments: [
    ("mine/mdevctl", "chown 65534 mine/mdevctl", "mine/mdevctl' is owned by user 65534"),
    ("mine/mdevctl", "chmod 777 mine", "others than its owner can write to"),
    ("m i/mdevctl", ":", "which has a blank in its path"),
    ("m$i/mdevctl", ":", "which has '$' in its path"),
    ("m%k/mdevctl", ":", "which has '%' in its path"),
    ("m'i/mdevctl", ":", "which has ''' in its path"),
  ])
  func `rules name no program that udev should not run`(
    _ path: String, _ commands: String, _ words: String
  ) async throws {
    guard geteuid() == 0 || !commands.contains("chown") else { return }
    let scratch = try Self.host()
    let folder = path.split(separator: "/")[0]
    let run = try await runProgram(
      "/bin/bash",
      [
        "-c",
        "cd \"$MDEVCTL_ENV_ROOT\"; mkdir \"$1\"; cp \"$(command -v mdevctl)\" \"$1\"; \(commands);"
          + " \"$1/mdevctl\" rules install; status=$?; ls etc/udev/rules.d; exit $status",
        "-", String(folder),
      ], environment: ["MDEVCTL_ENV_ROOT": scratch.path])
    #expect(run.status == 1 && run.output == "", "\(run)")
    #expect(run.errors.contains(words), "\(run)")
  }

  /// A package's rules in /etc/udev/rules.d were an error, though they do what ours do.
  @Test func `rules of a package that start devices are left alone with a warning`() async throws {
    let scratch = try Self.host()
    let result = try await Self.bash(
      """
      echo 'ACTION=="change", RUN+="/bin/sh -c '"'/usr/sbin/mdevctl start-parent-mdevs %k'"'"' \
        >etc/udev/rules.d/60-mdevctl.rules
      mdevctl rules install; echo $?; ls etc/udev/rules.d; grep -c mdevctl etc/udev/rules.d/60*
      """, in: scratch)
    let directory = "\(scratch.path)/etc/udev/rules.d"
    #expect(
      result
        == ProgramResult(
          status: 0,
          output: "\(directory)/05-driverctl.rules\n0\n05-driverctl.rules\n60-mdevctl.rules\n1\n",
          errors: "Warning: leaving '\(directory)/60-mdevctl.rules' alone: it is another tool's and"
            + " starts devices as well\n"))
  }

  @Test
  func `names with control characters are shown as what they are, and are themselves in JSON`()
    async throws
  {
    let scratch = try Self.host()
    let parent = "p\n\u{1b}[2J"
    try scratch.write(
      #"{"mdev_type":"t\u001b","start":"manual","attrs":[{"a":"\u0007"}]}"#,
      to: "etc/mdevctl.d/\(parent)/\(Self.uuid)")
    scratch.remove("etc/mdevctl.d/mtty/\(Self.uuid)")
    try scratch.write("", to: "etc/mdevctl.d/\(parent)/\u{1b}c")
    let text = try await runMdevctl("list", "-dv", root: scratch)
    #expect(
      text.output
        == "\(Self.uuid) p\\n\\x1b[2J t\\x1b manual\n  Attrs:\n    @{0}: {\"a\":\"\\x07\"}\n")
    #expect(text.errors.contains("\\x1bc': its name is no uuid\n"), "\(text)")
    #expect(!text.errors.contains("\u{1b}"))
    let json = try await runMdevctl("list", "-d", "--dumpjson", root: scratch)
    #expect(json.output.contains(#""p\n\u001B[2J""#) && json.output.contains(#""t\u001B""#))
  }
}
