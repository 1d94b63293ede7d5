// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel

extension APBus {
  /// All that decides who can have which queue, with the masks in force and those of the next boot.
  ///
  /// Overrides in force are read only while every bit of the masks is set, since the kernel takes
  /// none otherwise (Linux 6.19), and of queues that are `wanted`, or of all: each is a file.
  /// `stored` are the overrides of the next boot.
  package func host(
    _ masks: APMasks, atBoot persistent: APMasks, stored: [BusDevice: DriverName],
    wanted: APQueueSet?
  ) throws(DriverError) -> APHost {
    let queues = try queueSet()
    return APHost(
      active: try reservation(masks, wanted.map { queues.intersection($0) } ?? queues),
      persistent: APReservation(
        masks: persistent, overrides: stored.filter { $0.key.bus == .ap }),
      adapters: queues.adapters, domains: queues.domains, queues: queues,
      maximumAdapter: try maximum(of: .adapter) ?? .max,
      maximumDomain: try maximum(of: .domain) ?? .max,
      hasConfiguration: try features().contains("ap_config"))
  }

  /// The queues of a matrix that the host's own drivers have, or would have if they existed.
  func queuesKept(of matrix: APMatrix) throws(DriverError) -> APQueueSet {
    try reservation(masks(), queueSet().intersection(APQueueSet(matrix))).queuesKept(of: matrix)
  }

  private func reservation(
    _ masks: APMasks, _ queues: APQueueSet
  ) throws(DriverError) -> APReservation {
    guard masks == .all, let first = queues.first,
      try state(of: first).override != .unsupported
    else { return APReservation(masks: masks) }
    let rows = queues.rowsByAdapter
    let parts = inParallel(rows.count) { overrides(of: rows[$0].adapter, rows[$0].domains) }
    var reservation = APReservation(masks: masks)
    for (row, part) in zip(rows, parts) {
      let part = try part.get()
      reservation.released[row.adapter] = part.released
      reservation.retained[row.adapter] = part.retained
    }
    return reservation
  }

  /// The domains of an adapter's queues that overrides give to vfio_ap and to other drivers.
  private func overrides(
    of adapter: UInt8, _ domains: APMask
  ) -> Result<(released: APMask, retained: APMask), DriverError> {
    var (released, retained) = (APMask.none, APMask.none)
    do throws(HostError) {
      let devices = try Directory(root.path("/sys/bus/ap/devices"))
      var buffer: [UInt8] = []
      for domain in domains.members {
        let name = "\(APQueue(adapter: adapter, domain: domain))/driver_override"
        guard let text = try devices.readAttribute(name, into: &buffer),
          case .driver(let driver) = DriverState.Override(text: text)
        else { continue }
        if driver == .vfioAP { released[domain] = true } else { retained[domain] = true }
      }
      return .success((released, retained))
    } catch {
      return .failure(.host(error))
    }
  }

  /// The highest number of a host that tells.
  func maximum(of resource: APMatrix.Resource) throws(DriverError) -> UInt8? {
    let name = resource == .adapter ? "ap_max_adapter_id" : "ap_max_domain_id"
    let text = try onHost { () throws(HostError) in try attribute(name).readIfPresent() }
    return text.flatMap { UInt8($0) }
  }

  /// What this kernel's vfio_ap can do.
  func features() throws(DriverError) -> [Substring] {
    let path = root.path("/sys/bus/matrix/devices/matrix/features")
    let words = try onHost { () throws(HostError) in try SysfsAttribute(path).readIfPresent() }
    return (words ?? "").split(separator: " ")
  }
}

extension APReservation {
  /// The masks, and overrides of queues.
  fileprivate init(masks: APMasks, overrides: [BusDevice: DriverName]) {
    let queues = overrides.compactMap { device, driver in
      APQueue(deviceName: device.name.name).map { (queue: $0, driver: driver) }
    }
    self.init(
      masks: masks,
      released: APQueueSet(queues.filter { $0.driver == .vfioAP }.map(\.queue)),
      retained: APQueueSet(queues.filter { $0.driver != .vfioAP }.map(\.queue)))
  }
}
