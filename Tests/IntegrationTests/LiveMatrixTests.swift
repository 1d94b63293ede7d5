// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevOperations
import SystemPackage
import TestSupport
import Testing

/// Changes of running devices of vfio_ap on a simulated host, which is an independent witness.
struct LiveMatrixTests {
  @Test(arguments: [true, false], TestSeed.fresh)
  func `random changes are made whole or not at all`(
    hasConfiguration: Bool, seed: Int
  ) async throws {
    var random = ReproducibleNumbers(seed: seed)
    try await LiveHost.with(hasConfiguration: hasConfiguration) { host in
      var matrices = [APMatrix(), APMatrix()]
      for number in 0..<300 {
        let device = number % 2
        let (old, other) = (matrices[device], matrices[1 - device])
        let wanted = LiveHost.randomMatrix(using: &random)
        var isAllowed = LiveHost.isAllowed(wanted, beside: other)
        if isAllowed, wanted != old, Int.random(in: 0..<3, using: &random) == 0 {
          let steps = old.steps(to: wanted).map(\.attribute)
          let attribute =
            hasConfiguration ? "ap_config" : steps.randomElement(using: &random) ?? ""
          try await host.fail(attribute, device, using: &random)
          isAllowed = false
        }
        let isChanged = try await host.change(device, to: wanted, using: &random)
        if isChanged { matrices[device] = wanted }
        #expect(isChanged == isAllowed, "\(number): \(old) to \(wanted) beside \(other)")
        for (device, matrix) in matrices.enumerated() {
          #expect(try host.texts(of: device) == LiveHost.texts(of: matrix), "\(number)")
        }
      }
    }
  }
}

/// The host "s390x" with two devices; adapters 5, 6 and 7 are not its own, and it has no 7.
private struct LiveHost {
  private static let adapters: [UInt8] = [4, 5, 6, 7]
  private static let domains: [UInt8] = [4, 6, 0xab]
  private static let uuids = [1, 2].map { "83b8f4f2-509f-382f-3c1e-e6bfe0fa100\($0)" }
  private static let files = ["matrix", "control_domains", "guest_matrix"]

  private let root: Scratch

  static func with(
    hasConfiguration: Bool, _ body: (LiveHost) async throws -> Void
  ) async throws {
    let profiles = try Scratch()
    let text = try projectText("profiles/s390x.json")
    let words = hasConfiguration ? #", "ap_config""# : ""
    let features = #""features": ["guest_matrix", "hotplug""#
    let parts = text.split(
      separator: features + #", "ap_config""#, omittingEmptySubsequences: false)
    try #require(parts.count == 2)
    try profiles.write(parts.joined(separator: features + words), to: "host.json")
    let host = LiveHost(root: try Scratch())
    try await host.run(
      "mdevsim", "mount", "--background", "--profile", "\(profiles.path)/host.json",
      host.root.path)
    let failure: (any Error)?
    do {
      try await host.start()
      try await body(host)
      failure = nil
    } catch {
      failure = error
    }
    try await host.run("umount", "\(host.root.path)/dev/vfio")
    let path = host.root.path
    #expect(try await onOwnThread { try mountsLeft(below: path) } == [])
    if let failure { throw failure }
  }

  private func run(_ program: String, _ arguments: String...) async throws {
    let result = try await runProgram(
      "/usr/bin/env", [program] + arguments, environment: ["MDEVCTL_ENV_ROOT": root.path])
    try #require(result.status == 0, "\(program) \(arguments): \(result.errors)")
  }

  private func start() async throws {
    try SysfsAttribute("\(root.path)/sys/bus/ap/apmask").write("-5,-6,-7")
    for uuid in Self.uuids {
      try await run(
        "mdevctl", "start", "-u", uuid, "-p", "matrix", "-t", "vfio_ap-passthrough")
    }
  }

  /// The next write to the attribute of a device fails.
  func fail(
    _ attribute: String, _ device: Int, using random: inout ReproducibleNumbers
  ) async throws {
    let errors = ["EADDRINUSE", "EADDRNOTAVAIL", "EBUSY", "EIO", "ENODEV", "EPERM"]
    try await run(
      "mdevsim", "ctl", "fail", "/sys/bus/mdev/devices/\(Self.uuids[device])/\(attribute)",
      errors.randomElement(using: &random) ?? "EIO", "--dir", root.path)
  }

  /// Whether the device could be changed.
  func change(
    _ device: Int, to matrix: APMatrix, using random: inout ReproducibleNumbers
  ) async throws -> Bool {
    try root.write(Self.definition(of: matrix, using: &random), to: "new")
    let operations = Operations(root: SystemRoot(root.path))
    do {
      try await operations.modifyRunningDevice.run(
        DeviceUUID(Self.uuids[device]), on: nil, file: "\(root.path)/new", isStored: false)
      return true
    } catch {
      return false
    }
  }

  private static func definition(
    of matrix: APMatrix, using random: inout ReproducibleNumbers
  ) -> String {
    let attributes =
      Bool.random(using: &random)
      ? [#"{"ap_config":"\#(matrix)"}"#]
      : APMatrix().steps(to: matrix).shuffled(using: &random).map {
        #"{"\#($0.attribute)":"\#($0.value)"}"#
      }
    return #"{"mdev_type":"vfio_ap-passthrough","start":"manual","attrs":["#
      + attributes.joined(separator: ",") + "]}"
  }

  static func randomMatrix(using random: inout ReproducibleNumbers) -> APMatrix {
    func some(_ numbers: [UInt8]) -> APMask {
      APMask(numbers.filter { _ in Bool.random(using: &random) })
    }
    return APMatrix(
      adapters: some(adapters), domains: some(domains), controlDomains: some(domains))
  }

  /// Adapter 4 is the host's, a queue has one device, and control domains do not stand alone.
  static func isAllowed(_ matrix: APMatrix, beside other: APMatrix) -> Bool {
    guard !matrix.domains.members.isEmpty else { return matrix.controlDomains.members.isEmpty }
    let others = other.domains.members.isEmpty ? [] : Set(other.adapters.members)
    let isShared = matrix.domains.members.contains { other.domains[$0] }
    return !matrix.adapters[4]
      && !(isShared && matrix.adapters.members.contains(where: others.contains))
  }

  func texts(of device: Int) throws -> [String?] {
    try Self.files.map { try root.read("sys/bus/mdev/devices/\(Self.uuids[device])/\($0)") }
  }

  /// What the kernel shows of a matrix: its queues, control domains, and the queues of the guest.
  static func texts(of matrix: APMatrix) -> [String?] {
    let domains = matrix.domains.members
    let adapters = matrix.adapters.members
    return [
      listing(adapters, domains),
      matrix.controlDomains.members.map { APQueue.hex($0, 4) + "\n" }.joined(),
      listing(adapters.filter { $0 != 7 }, domains),
    ]
  }

  private static func listing(_ adapters: [UInt8], _ domains: [UInt8]) -> String {
    let columns = domains.isEmpty ? [""] : domains.map { APQueue.hex($0, 4) }
    let rows = adapters.isEmpty ? [""] : adapters.map { APQueue.hex($0, 2) }
    guard !(adapters.isEmpty && domains.isEmpty) else { return "" }
    return rows.flatMap { row in columns.map { "\(row).\($0)\n" } }.joined()
  }
}
