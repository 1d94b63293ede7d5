// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// The matrix that was assigned to a device of vfio_ap.
package struct APMatrixState: Hashable, Sendable {
  package internal(set) var adapters = APBits()
  package internal(set) var domains = APBits()
  package internal(set) var controlDomains = APBits()

  /// Tells whether a queue is among the product.
  func has(_ queue: SimulatedAPBus.Queue) -> Bool {
    adapters.contains(queue.adapter) && domains.contains(queue.domain)
  }

  /// The product of adapters and domains.
  package var queues: [SimulatedAPBus.Queue] {
    let domains = domains.members
    return adapters.members.flatMap { adapter in
      domains.map { SimulatedAPBus.Queue(adapter: adapter, domain: $0) }
    }
  }

  /// One line for each queue, or for each adapter or domain while the other is missing; no more
  /// lines than it takes to fill a page, of which each is eight bytes (`matrix_show`).
  fileprivate var text: String {
    let lines =
      if domains.isEmpty {
        adapters.members.map { hexadecimal($0, digits: 2) + "." }
      } else if adapters.isEmpty {
        domains.members.map { "." + hexadecimal($0, digits: 4) }
      } else {
        queues.prefix(SimulatedKernel.pageSize / 8).map(\.name)
      }
    return lines.map { $0 + "\n" }.joined()
  }
}

extension SimulatedKernel {
  /// The driver, its bus and the one device that is the parent (`vfio_ap_drv.c`).
  mutating func loadMatrixDriver() {
    guard let features = ap?.profile.features else { return }
    addDriver(SimulatedAPBus.driver, on: "ap", module: SimulatedAPBus.module)
    addBus("matrix")
    var device = SimulatedBusDevice(
      name: "matrix", path: SimulatedAPBus.matrixPath, matches: [SimulatedAPBus.driver])
    device.ueventLines = []
    addDevice(device, on: "matrix")
    addDriver(SimulatedAPBus.driver, on: "matrix", module: SimulatedAPBus.module)
    let words = features.joined(separator: " ") + "\n"
    if !features.isEmpty {
      tree.add(.text(words), at: SimulatedAPBus.matrixPath + "/features", mode: 0o444)
    }
    registerParent(
      "matrix", path: SimulatedAPBus.matrixPath, specification: .matrix, subsystem: "matrix")
    announceCompleteBindings()
  }

  mutating func unloadMatrixDriver() {
    unregisterParent("matrix")
    removeDriver(SimulatedAPBus.driver, on: "matrix")
    removeDevice("matrix", on: "matrix")
    removeBus("matrix")
    tree.remove("/sys/devices/vfio_ap")
    removeDriver(SimulatedAPBus.driver, on: "ap")
  }

  /// Tells whether this kernel's vfio_ap has the file.
  func hasFile(_ attribute: MatrixAttribute) -> Bool {
    switch attribute {
    case .configuration: ap?.profile.hasConfiguration ?? false
    case .guestMatrix: ap?.profile.features.contains("guest_matrix") ?? false
    default: true
    }
  }

  func show(_ attribute: MatrixAttribute, of uuid: DeviceUUID) throws(KernelError) -> String {
    guard let matrix = mdevs[uuid]?.matrix else { throw .noDevice }
    switch attribute {
    case .matrix: return matrix.text
    case .guestMatrix: return guestMatrix(of: matrix).text
    case .controlDomains:
      return matrix.controlDomains.members.map { hexadecimal($0, digits: 4) + "\n" }.joined()
    case .configuration:
      return "\(matrix.adapters),\(matrix.domains),\(matrix.controlDomains)\n"
    default: throw .accessDenied
    }
  }

  /// Works out the guest's matrix: no adapter of which a queue is missing or not vfio_ap's, no
  /// domain that the host does not have (`vfio_ap_mdev_filter_matrix`).
  func guestMatrix(of matrix: APMatrixState) -> APMatrixState {
    guard let ap else { return APMatrixState() }
    var guest = matrix
    guest.domains = APBits(matrix.domains.members.filter(ap.profile.domains.contains))
    guest.adapters = APBits(
      matrix.adapters.members.filter { adapter in
        ap.adapters.contains(adapter)
          && guest.domains.members.allSatisfy { domain in
            let queue = SimulatedAPBus.Queue(adapter: adapter, domain: domain)
            return buses["ap"]?.devices[queue.name]?.driver == SimulatedAPBus.driver
          }
      })
    return guest
  }

  mutating func store(
    _ bytes: [UInt8], in attribute: MatrixAttribute, of uuid: DeviceUUID
  ) throws(KernelError) {
    guard let ap, var matrix = mdevs[uuid]?.matrix else { throw .noDevice }
    guard changesUnderGuest || !faults.held.contains("\(uuid)") else { throw .busy }
    let number = { (maximum: Int) throws(KernelError) -> UInt8 in
      let number = try KernelText.number(bytes)
      guard number <= maximum else { throw .noDevice }
      return UInt8(number)
    }
    switch attribute {
    case .matrix, .guestMatrix, .controlDomains: throw .accessDenied
    case .assignAdapter: matrix.adapters.insert(try number(ap.profile.maximumAdapter))
    case .unassignAdapter: matrix.adapters.remove(try number(ap.profile.maximumAdapter))
    case .assignDomain: matrix.domains.insert(try number(ap.profile.maximumDomain))
    case .unassignDomain: matrix.domains.remove(try number(ap.profile.maximumDomain))
    case .assignControlDomain: matrix.controlDomains.insert(try number(ap.profile.maximumDomain))
    case .unassignControlDomain: matrix.controlDomains.remove(try number(ap.profile.maximumDomain))
    case .configuration: try configure(&matrix, bytes, maximum: ap.profile)
    }
    try checkQueues(of: matrix, gainedFrom: mdevs[uuid]?.matrix, by: uuid)
    mdevs[uuid]?.matrix = matrix
  }

  /// Before Linux 6.0 a guest kept the matrix that it started with (`assign_adapter_store`); the
  /// feature has come under either name.
  private var changesUnderGuest: Bool {
    let features = ap?.profile.features ?? []
    return features.contains("hotplug") || features.contains("dyn")
  }

  /// Three masks, all or nothing, each with or without `0x` and ended by a comma, a line end or the
  /// text's end; what comes after the third, or after 201 bytes, is not looked at
  /// (`ap_config_store`).
  private func configure(
    _ matrix: inout APMatrixState, _ bytes: [UInt8], maximum: APProfile
  ) throws(KernelError) {
    let text = String(decoding: bytes.prefix { $0 != 0 }.prefix(201), as: UTF8.self)
    let masks = text.split(omittingEmptySubsequences: false) { $0 == "," || $0 == "\n" }
    guard masks.count >= 3 else { throw .invalid }
    let adapters = try APBits.parseFull(String(masks[0]))
    let domains = try APBits.parseFull(String(masks[1]))
    let controlDomains = try APBits.parseFull(String(masks[2]))
    guard adapters.members.allSatisfy({ $0 <= maximum.maximumAdapter }),
      (domains.members + controlDomains.members).allSatisfy({ $0 <= maximum.maximumDomain })
    else { throw .noDevice }
    matrix.adapters = adapters
    matrix.domains = domains
    matrix.controlDomains = controlDomains
  }

  /// The queues that a change brings must be neither the host's nor another device's
  /// (`vfio_ap_mdev_validate_masks`).
  private func checkQueues(
    of matrix: APMatrixState, gainedFrom old: APMatrixState?, by uuid: DeviceUUID
  ) throws(KernelError) {
    let isGained = { (queue: SimulatedAPBus.Queue) in old?.has(queue) != true }
    guard !matrix.queues.contains(where: { isGained($0) && isHostOwned($0) }) else {
      throw .addressNotAvailable
    }
    for other in mdevs.values where other.uuid != uuid {
      let shared = APMatrixState(
        adapters: matrix.adapters.intersection(other.matrix.adapters),
        domains: matrix.domains.intersection(other.matrix.domains))
      guard !shared.queues.contains(where: isGained) else { throw .addressInUse }
    }
  }
}

extension ParentProfile {
  /// The offer of vfio_ap on its matrix device.
  static var matrix: ParentProfile {
    ParentProfile(
      driver: "vfio_ap_mdev", module: SimulatedAPBus.module, pool: 65536, full: .tooManyUsers,
      mixing: .anyTypes,
      types: [
        TypeProfile(
          name: SimulatedAPBus.typeName, deviceAPI: "vfio-ap", label: "VFIO AP Passthrough Device",
          description: nil, takes: 1, attributes: [])
      ],
      devices: [])
  }
}
