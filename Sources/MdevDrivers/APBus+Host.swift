// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel

extension APBus {
  /// All that decides who can have which queue.
  ///
  /// Overrides in force are read only while every bit of the masks is set, since the kernel takes
  /// none otherwise (Linux 6.19). `rules` are the masks of the next boot, `stored` its overrides.
  package func host(
    rules: (APMasks) throws -> APMasks, stored: [BusDevice: DriverName]
  ) throws -> APHost {
    let queues = try queueSet()
    let masks = try masks()
    return APHost(
      active: try reservation(masks, queues),
      persistent: APReservation(
        masks: try rules(masks), overrides: stored.filter { $0.key.bus == .ap }),
      adapters: queues.adapters, domains: queues.domains, queues: queues,
      maximumAdapter: try maximum("ap_max_adapter_id"),
      maximumDomain: try maximum("ap_max_domain_id"),
      hasConfiguration: try features().contains("ap_config"))
  }

  private func reservation(
    _ masks: APMasks, _ queueSet: APQueueSet
  ) throws(DriverError) -> APReservation {
    guard masks == .all else { return APReservation(masks: masks) }
    let queues = queueSet.queues
    guard let first = queues.first,
      try state(of: first).override != .unsupported
    else { return APReservation(masks: masks) }
    var overrides: [BusDevice: DriverName] = [:]
    for queue in queues {
      let path = "\(bus.path(of: BusDevice(queue).name))/driver_override"
      let text = try onHost { () throws(HostError) in try SysfsAttribute(path).readIfPresent() }
      if case .driver(let driver) = DriverState.Override(text: text) {
        overrides[BusDevice(queue)] = driver
      }
    }
    return APReservation(masks: masks, overrides: overrides)
  }

  /// The highest number of a host that tells, else of any host.
  private func maximum(_ name: String) throws(DriverError) -> UInt8 {
    let text = try onHost { () throws(HostError) in try attribute(name).readIfPresent() }
    return text.flatMap { UInt8($0) } ?? .max
  }

  /// What this kernel's vfio_ap can do.
  private func features() throws(DriverError) -> [Substring] {
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
