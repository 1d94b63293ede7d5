// SPDX-License-Identifier: Apache-2.0

import MdevDrivers
import MdevHost
import MdevModel
import SystemPackage
import TestSupport
import Testing

struct MatrixDeviceTests {
  private static let old = APMatrix(adapters: APMask([5]), domains: APMask([4]))
  private static let files = ["matrix": "05.0004\n", "control_domains": ""]

  private static func host(_ attributes: [String: String]) throws -> ScratchHost {
    let host = try ScratchHost()
    try host.addAPBus(["05.0004", "05.0006", "06.0004"], APMasks(without: [5], []))
    try host.addMatrixDevice(1, attributes)
    return host
  }

  private static func device(_ host: ScratchHost) throws -> MatrixDevice {
    MatrixDevice(try host.uuid(1), root: host.root)
  }

  @Test(arguments: [
    (["ap_config": "\(old)\n", "matrix": "06.0006\n"], old), (files, old),
    (["matrix": "", "control_domains": ""], APMatrix()),
    (["matrix": "05.\n06.\n", "control_domains": ""], APMatrix(adapters: APMask([5, 6]))),
    (
      ["matrix": ".0004\n.00ab\n", "control_domains": "0004\n"],
      APMatrix(domains: APMask([4, 0xab]), controlDomains: APMask([4]))
    ),
  ])
  func `the matrix is that of ap_config, or what is listed`(
    _ attributes: [String: String], _ matrix: APMatrix
  ) throws {
    let host = try Self.host(attributes)
    #expect(try Self.device(host).matrix() == matrix)
  }

  @Test(arguments: [
    (["ap_config": "0x1,0x2\n"], "ap_config", APMatrixError.Fault.notThreeMasks),
    (["matrix": "05\n", "control_domains": ""], "matrix", .notALine("05")),
    (["matrix": "", "control_domains": "x\n"], "matrix", .notALine("x")),
  ])
  func `what is no matrix is named with its file`(
    _ attributes: [String: String], _ file: String, _ fault: APMatrixError.Fault
  ) throws {
    let host = try Self.host(attributes)
    let path = try "\(host.scratch.path)/sys/bus/mdev/devices/\(host.uuid(1))/\(file)"
    #expect(throws: DriverError.noMatrix(path: path, fault)) {
      try Self.device(host).matrix()
    }
  }

  @Test(arguments: [
    ([:], nil), (["guest_matrix": "05.0004\n"], ["05.0004"]), (["guest_matrix": ""], []),
  ])
  func `a kernel tells what the guest gets, or does not`(
    _ attributes: [String: String], _ queues: [String]?
  ) throws {
    let host = try Self.host(attributes)
    let guest = try Self.device(host).guestMatrix()
    #expect(guest.map { $0.queues.map(\.description) } == queues)
  }

  // MARK: - Changes

  @Test func `a matrix is written to ap_config whole`() throws {
    let host = try Self.host(["ap_config": "\(Self.old)\n"])
    let wanted = APMatrix(adapters: APMask([5]), domains: APMask([4, 6]))
    try Self.device(host).change(to: wanted, from: Self.old)
    #expect(try Self.device(host).matrix() == wanted)
  }

  @Test func `a change of which nothing comes is found out afterwards`() throws {
    let host = try Self.host(Self.files.merging(["assign_control_domain": ""]) { $1 })
    var wanted = Self.old
    wanted.controlDomains = APMask([4])
    // Plain files take every write.
    let error = #expect(throws: DriverError.self) {
      try Self.device(host).change(to: wanted, from: Self.old)
    }
    guard case .matrixRefused(let refusal) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(refusal.reason == .differs(wanted: wanted, actual: Self.old))
    let path = "sys/devices/vfio_ap/matrix/\(try host.uuid(1))/assign_control_domain"
    #expect(try host.scratch.read(path) == "0x0004")
  }

  @Test func `a refused write that nothing explains keeps the kernel's words`() throws {
    let host = try Self.host(["ap_config": "\(Self.old)\n"])
    let path = "sys/devices/vfio_ap/matrix/\(try host.uuid(1))/ap_config"
    try host.refuseWrites(to: path)
    let wanted = APMatrix(adapters: APMask([5]), domains: APMask([6]))
    let error = #expect(throws: DriverError.self) {
      try Self.device(host).change(to: wanted, from: Self.old)
    }
    guard case .matrixRefused(let refusal) = error,
      case .refused(wanted, let cause) = refusal.reason
    else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(cause.errno == .tooManySymbolicLinkLevels)
    #expect(refusal.aftermath == .unchanged)
  }
}
