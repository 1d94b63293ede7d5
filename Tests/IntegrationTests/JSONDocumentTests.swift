// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import TestSupport
import Testing

/// What `docs/json.md` says of the outputs of `--json`, against these on simulated hosts.
struct JSONDocumentTests {
  /// A host on which members of an output appear.
  struct Session {
    /// The heading of the output in the document.
    let output: String
    let profile: String
    /// What is done first.
    var before = ":"
    /// The command, which may end with any status.
    let command: String
    /// True if it prints what is an element elsewhere.
    var isElement = false
  }

  private static let opens =
    """
    opens() { mkdir -p proc/$1/fd; echo qemu >proc/$1/comm; printf '%s\\0' qemu $3 >proc/$1/cmdline
    ln -s $PWD/dev/vfio/$(basename $(readlink $2/iommu_group)) proc/$1/fd/3
    ln -s 'anon_inode:[vfio-device]' proc/$1/fd/4; }
    """
  private static let cards =
    """
    mdevctl vgpu set 03:00.0 L40S-4Q=2; \(opens); opens 4711 sys/bus/pci/devices/0000:03:00.4 '-name web1'
    """

  static let sessions = [
    Session(
      output: "mdevctl list", profile: "mtty",
      before: "mdevctl define -u $a -p mtty -t mtty-2; mdevctl modify -u $a --addattr x --value 1",
      command: "mdevctl list --defined --json"),
    Session(
      output: "mdevctl list", profile: "mtty", before: "mdevctl start -u $a -p mtty -t mtty-2",
      command: "mdevctl list --json"),
    Session(
      output: "mdevctl list --uuid", profile: "mtty",
      before: "mdevctl define -u $a -p mtty -t mtty-2; mdevctl modify -u $a --addattr x --value 1",
      command: "mdevctl list -d -u $a --json"),
    Session(output: "mdevctl types", profile: "nvidia", command: "mdevctl types --json"),
    Session(
      output: "mdevctl status", profile: "mtty",
      before: """
        mdevctl start -u $a -p mtty -t mtty-2; mdevctl define -a -u $b -p mtty -t mtty-9; mdevctl autostart
        mdevctl define -u $(number 1) -p gone -t x; echo '{' | definition mtty $c; \(opens)
        opens 77 sys/bus/mdev/devices/$a '-name web1'; opens 78 sys/bus/mdev/devices/$a
        file=$MDEVCTL_ENV_ROOT/etc/mdevctl.d/.host.json; echo '{' >$file; mdevctl apply --prune $file
        """,
      command: "mdevctl status --json"),
    Session(
      output: "mdevctl status", profile: "nvidia-sriov",
      before: """
        \(cards); ctl fail /sys/bus/pci/devices/0000:03:00.5/nvidia/current_vgpu_type EIO
        echo '{"functions":2}' >etc/mdevctl.vgpu.d/0000:04:00.0; mdevctl vgpu restore
        """,
      command: "mdevctl status --json"),
    Session(
      output: "mdevctl autostart", profile: "mtty",
      before: """
        for n in 1 2; do mdevctl define -a -u $(number $n) -p mtty -t mtty-$n; done
        mdevctl define -a -u $a -p mtty -t mtty-9; mdevctl define -a -u $b -p gone -t x
        """,
      command: "mdevctl autostart --json"),
    Session(
      output: "mdevctl plan", profile: "s390x",
      before: """
        auto assign_adapter=5 assign_domain=6 | definition matrix $a; mkdir -p etc/driverctl.d
        auto assign_adapter=4 assign_domain=6 | definition matrix $b; mdevctl ap set apmask=-5 --boot-only
        echo vfio_ccw >etc/driverctl.d/css-0.0.0313
        """,
      command: "mdevctl plan --boot --json"),
    Session(
      output: "mdevctl plan", profile: "nvidia-sriov", before: cards,
      command: "mdevctl plan --boot --json"),
    Session(
      output: "mdevctl check", profile: "s390x",
      before: "auto assign_adapter=5 assign_domain=4 | definition matrix $a",
      command: "mdevctl check --json"),
    Session(
      output: "mdevctl show UUID", profile: "s390x",
      before: """
        mdevctl driver set css/0.0.0313 vfio_ccw; mdevctl define -a -u $a -p 0.0.0313 -t vfio_ccw-io
        mdevctl start $a; \(opens); opens 77 sys/bus/mdev/devices/$a '-name web1'
        opens 78 sys/bus/mdev/devices/$a; definition gone $c <<<'{"mdev_type":"x","start":"manual"}'
        auto assign_adapter=9 assign_domain=9 | definition matrix $b; mdevctl autostart
        """,
      command: "mdevctl show $a $b $c --json"),
    Session(
      output: "mdevctl show DEVICE", profile: "s390x",
      before: """
        mdevctl driver set css/0.0.0313 vfio_ccw; mdevctl start $a -p 0.0.0313 -t vfio_ccw-io
        mdevctl define $b -p matrix -t vfio_ap-passthrough
        """,
      command: "mdevctl show 0.0.0313 0.0.0314 matrix --json"),
    Session(
      output: "mdevctl show DEVICE", profile: "nvidia-sriov",
      before: "\(cards); opens 78 sys/bus/pci/devices/0000:03:00.5",
      command: "mdevctl show 03:00.0 03:00.4 03:00.5 03:00.6 --json"),
    Session(
      output: "mdevctl driver devices", profile: "pci",
      before: "mdevctl driver set pci/0000:01:00.0 vfio-pci",
      command: "mdevctl driver devices --json"),
    Session(
      output: "mdevctl driver devices", profile: "s390x",
      before: "mdevctl driver set css/0.0.0313 vfio_ccw",
      command: "mdevctl driver overrides -b css --json"),
    Session(
      output: "mdevctl groups", profile: "pci",
      before: "mdevctl driver set pci/0000:01:00.0 vfio-pci", command: "mdevctl groups --json"),
    Session(
      output: "mdevctl subchannel", profile: "s390x",
      before:
        "mdevctl driver set css/0.0.0313 vfio_ccw; mdevctl start -u $a -p 0.0.0313 -t vfio_ccw-io",
      command: "mdevctl subchannel --json"),
    Session(
      output: "mdevctl subchannel", profile: "s390x",
      command: "mdevctl subchannel 0.0.2b09 --json", isElement: true),
    Session(
      output: "mdevctl ap", profile: "s390x",
      before: """
        mdevctl ap set apmask=-5; ap assign_adapter=5 assign_domain=4 >in
        mdevctl start -u $a -p matrix --jsonfile in
        """,
      command: "mdevctl ap --json"),
    Session(output: "mdevctl ap", profile: "s390x", command: "mdevctl ap 05.0004 --json"),
    Session(
      output: "mdevctl driver set", profile: "pci",
      command: "mdevctl driver set pci/0000:01:00.0 vfio-pci --json"),
    Session(
      output: "mdevctl driver set", profile: "pci",
      before: "mkdir -p etc/driverctl.d; echo vfio-pci >etc/driverctl.d/pci-0000:00:09.0",
      command: "mdevctl driver unset pci/0000:00:09.0 --json"),
    Session(
      output: "mdevctl driver set", profile: "s390x",
      command: "mdevctl driver set ap/05.0004 vfio_ap --json"),
    Session(
      output: "mdevctl driver set", profile: "s390x", command: "mdevctl ap set apmask=-5 --json"),
    Session(
      output: "mdevctl vgpu list", profile: "nvidia-sriov", before: cards,
      command: "mdevctl vgpu --json"),
    Session(
      output: "mdevctl vgpu list", profile: "xe",
      before: "mdevctl vgpu set 03:00.0 --functions 2 --driver vfio-pci --vram 1G",
      command: "mdevctl vgpu list --json"),
    Session(
      output: "mdevctl vgpu types", profile: "nvidia-sriov",
      before: "mdevctl vgpu set 03:00.0 1150=1",
      command: "mdevctl vgpu types --json"),
    Session(
      output: "mdevctl vgpu set", profile: "nvidia-sriov", before: cards,
      command: "rm -r proc; mdevctl vgpu set 03:00.0 0000:03:00.4=none 0000:03:00.6=L40S-4Q --json"),
    Session(
      output: "mdevctl vgpu set", profile: "nvidia-sriov",
      before: "mdevctl vgpu set 03:00.0 1150=1",
      command: "mdevctl vgpu unset 03:00.0 --json"),
    Session(
      output: "mdevctl vgpu set", profile: "xe",
      command: "mdevctl vgpu set 03:00.0 --functions 2 --driver vfio-pci --vram 1G --json"),
    Session(
      output: "mdevctl vgpu restore", profile: "nvidia-sriov",
      before: """
        mdevctl vgpu set 03:00.0 L40S-4Q=2
        for n in 4 5; do echo 0 >sys/bus/pci/devices/0000:03:00.$n/nvidia/current_vgpu_type; done
        rm -r run/mdevctl; ctl fail /sys/bus/pci/devices/0000:03:00.5/nvidia/current_vgpu_type EIO
        """,
      command: "mdevctl vgpu restore --json"),
    Session(
      output: "mdevctl export", profile: "s390x",
      before: """
        mdevctl ap set apmask=-5 aqmask=-0x2b; mdevctl driver set css/dev:0.0.2b09 vfio_ccw
        apply '"devices": [ { "name": "n", "uuid": "'$a'", "parent": "matrix", "note": "x",
          "mdev_type": "vfio_ap-passthrough", "attrs": [ { "assign_adapter": "5" } ] } ]'
        """,
      command: "mdevctl export --owner web | grep -v '^{' >part; mdevctl export"),
    Session(
      output: "mdevctl export", profile: "s390x",
      before: """
        apply '"devices": [ { "name": "n", "parent": "matrix", "note": "x", "mdev_type": "vfio_ap-passthrough" } ]'
        """,
      command: "mdevctl export --owner web"),
    Session(
      output: "mdevctl export", profile: "nvidia-sriov",
      before: """
        mdevctl vgpu set 03:00.0 L40S-4Q=1 L40S-8Q=1 --mixed-sizes
        sed -i 's/"name": "NVIDIA L40S-8Q"/"name": null/' etc/mdevctl.vgpu.d/*
        """,
      command: "mdevctl export"),
    Session(
      output: "mdevctl export", profile: "xe",
      before: "mdevctl vgpu set 03:00.0 --functions 2 --driver vfio-pci --vram 1G",
      command: "mdevctl export"),
    Session(
      output: "mdevctl diff", profile: "s390x",
      before: """
        mdevctl ap set apmask=-5 aqmask=-0x2b
        apply '"drivers": { "css/dev:0.0.2b09": "vfio_ccw" }, "devices": [
          { "name": "n", "parent": "css/dev:0.0.2b09", "mdev_type": "vfio_ccw-io" },
          { "uuid": "'$b'", "parent": "matrix", "mdev_type": "vfio_ap-passthrough", "attrs": [ { "assign_adapter": "5" } ] },
          { "uuid": "'$a'", "parent": "matrix", "mdev_type": "vfio_ap-passthrough", "attrs": [ { "assign_adapter": "5" } ] } ]'
        file '"drivers": { "css/dev:0.0.2b09": "none" }, "ap": { "apmask": "0-255", "aqmask": "0-255" }, "devices": [
          { "uuid": "'$a'", "parent": "matrix", "mdev_type": "vfio_ap-passthrough", "attrs": [ { "assign_adapter": "6" } ] } ]' \
          >new.json
        """,
      command: "mdevctl diff --json --adopt new.json"),
    Session(
      output: "mdevctl diff", profile: "s390x", before: "mdevctl ap set apmask=-5",
      command: """
        mdevctl diff --json - <<<"$(file '"ap": { "apmask": "0-255" }')"
        """),
    Session(
      output: "mdevctl diff", profile: "mtty",
      before: """
        mdevctl start -u $a -p mtty -t mtty-2
        apply '"devices": [ { "uuid": "'$a'", "parent": "mtty", "mdev_type": "mtty-1" } ]'; ctl hold $a
        """,
      command: """
        mdevctl apply --json --start - <<<"$(file '"devices": [ { "uuid": "'$a'", "parent": "mtty", "mdev_type": "mtty-1" } ]')"
        """),
    Session(
      output: "mdevctl diff", profile: "nvidia-sriov",
      before: """
        mdevctl vgpu set 03:00.0 L40S-4Q=1 --mixed-sizes
        sed -i 's/"name": "NVIDIA L40S-4Q"/"name": null/' etc/mdevctl.vgpu.d/*
        """,
      command: """
        mdevctl diff --json --adopt - <<<"$(file '"vgpus": { "0000:03:00.0": { "functions": 16, "mixed_sizes": true, "types": { "0": 1, "1": "x" } } }')"
        """),
    Session(
      output: "mdevctl diff", profile: "xe",
      before: "mdevctl vgpu set 03:00.0 --functions 2 --driver vfio-pci --vram 1G",
      command: """
        mdevctl diff --json --adopt - <<<"$(file '"vgpus": { "0000:03:00.0": { "functions": 3, "driver": "vfio-pci", "vram_quota": 5 } }')"
        """),
    Session(
      output: "mdevctl callouts list", profile: "mtty",
      before: """
        script etc/callouts/a <<<'echo "{\\"supports\\":{\\"version\\":2,\\"actions\\":[\\"start\\"],\\"events\\":[\\"pre\\"]}}"'
        for kind in callouts notifiers; do script etc/$kind/b <<<:; chmod 644 etc/mdevctl.d/scripts.d/$kind/b; done
        """,
      command: "mdevctl callouts list --json"),
    Session(
      output: "mdevctl callouts list", profile: "s390x",
      before: """
        mkdir -p usr/lib/mdevctl/scripts.d/callouts
        ln -s $(command -v mdevctl) usr/lib/mdevctl/scripts.d/callouts/50-mdevctl-validate
        """,
      command: "mdevctl callouts list --json"),
  ]

  @Test func `each output has the members that the document has, and no others`() async throws {
    let documented = try Document.outputs()
    #expect(Set(Self.sessions.map(\.output)) == Set(documented.keys))
    var seen: [String: Set<String>] = [:]
    for session in Self.sessions {
      let members = try #require(documented[session.output])
      try await SimulatedRoot.with(session.profile) { root in
        let before = try await root.shell("{ \(session.before); } >/dev/null 2>&1")
        #expect(before.status < 2, "\(session): \(before)")
        var value = try await root.json(session.command)
        if session.isElement { value = .array([value]) }
        var walk = Walk(members: members)
        walk.visit(value, at: "")
        #expect(walk.faults == [], "\(session.command) on \(session.profile)")
        seen[session.output, default: []].formUnion(walk.seen)
      }
    }
    for (output, members) in documented.sorted(by: { $0.key < $1.key }) {
      let unseen = Set(members.keys).subtracting(seen[output] ?? []).sorted()
      #expect(unseen == [], "\(output) never has these")
    }
  }

  /// The paths of members with the kinds that they may be of.
  typealias Members = [String: Set<String>]

  private enum Document {
    /// What the document has of each output.
    static func outputs() throws -> [String: Members] {
      var outputs: [String: Members] = [:]
      var output = ""
      for line in try projectText("docs/json.md").split(separator: "\n") {
        if line.hasPrefix("## ") { output = String(line.dropFirst(3)) }
        let cells = line.split(separator: "|", omittingEmptySubsequences: false)
          .map { $0.drop { $0 == " " } }
        guard !output.isEmpty, cells.count == 5, cells[1].hasPrefix("`") else { continue }
        let name = cells[1].split(separator: "`")[0]
        let kinds = cells[2].split(separator: " ").filter { $0 != "or" }.map(String.init)
        #expect(outputs[output]?[String(name)] == nil, "\(output) has \(name) twice")
        outputs[output, default: [:]][String(name)] = Set(kinds)
      }
      return outputs
    }
  }

  /// A look at a value, for members that are not documented, or of another kind than that.
  private struct Walk {
    let members: Members
    var seen: Set<String> = []
    var faults: Set<String> = []

    mutating func visit(_ value: JSONValue, at path: String) {
      for element in value.elements { visit(element, at: path + "[]") }
      for member in value.members {
        let prefix = path.isEmpty ? "" : path + "."
        let name = members["\(prefix)\(member.name)"] == nil ? "*" : member.name
        let place = prefix + name
        guard let kinds = members[place] else {
          faults.insert("\(prefix)\(member.name) is not documented")
          continue
        }
        seen.insert(place)
        if kinds.isDisjoint(with: Self.kinds(of: member.value)) {
          faults.insert("\(place) is \(member.value.kind)")
        }
        visit(member.value, at: place)
      }
    }

    /// The words of the document for a value; an empty list is one of anything.
    private static func kinds(of value: JSONValue) -> Set<String> {
      switch value {
      case .null: ["null"]
      case .boolean: ["boolean"]
      case .integer, .real: ["number"]
      case .string: ["string"]
      case .object: ["object"]
      case .array(let elements):
        elements.reduce(["objects", "strings"]) { $0.intersection(kinds(of: $1).map { "\($0)s" }) }
      }
    }
  }
}
