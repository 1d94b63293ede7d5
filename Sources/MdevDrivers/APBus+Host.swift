// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel

extension APBus {
  /// Everything that decides who can have which queue, with the masks in force and those of the
  /// next boot.
  ///
  /// Overrides in force are read only while every bit of the masks is set, since the kernel takes
  /// none otherwise (Linux 6.19), and of queues that are `wanted`, or of all: each is a file.
  /// `stored` are the overrides of the next boot.
  package func host(
    _ masks: APMasks, atBoot boot: APMasks, stored: [BusDevice: DriverName],
    wanted: APQueueSet?
  ) throws(DriverError) -> APHost {
    let queues = try queueSet()
    let hasOverrides = try hasOverrides(queues)
    let features = try features()
    return APHost(
      now: hasOverrides && masks == .all
        ? try reservation(wanted.map { queues.intersection($0) } ?? queues)
        : APReservation(masks: masks),
      // A kernel without overrides for queues takes none from the store.
      boot: hasOverrides
        ? APReservation(masks: boot, overrides: stored.filter { $0.key.bus == .ap })
        : APReservation(masks: boot),
      adapters: queues.adapters, domains: queues.domains, queues: queues,
      maximumAdapter: try maximum(of: .adapter) ?? .max,
      maximumDomain: try maximum(of: .domain) ?? .max,
      hasConfiguration: features?.contains("ap_config") ?? true,
      hasOverrides: hasOverrides)
  }

  /// True if the kernel has `driver_override` for queues (Linux 6.19), as one of them tells for
  /// all.
  package func hasOverrides(_ queues: APQueueSet) throws(DriverError) -> Bool {
    guard let first = queues.first else { return false }
    return try state(of: first).override != .unsupported
  }

  /// The queues that a driver has, as its directory lists them; none if it is not loaded.
  package func queues(of driver: DriverName) throws(DriverError) -> APQueueSet {
    do throws(DriverError) {
      return try queueSet(in: "/sys/bus/ap/drivers/\(driver)")
    } catch .host(let error) where error.meaning == .missing {
      return APQueueSet()
    }
  }

  /// The masks with which the kernel begins: those of its command line, else every bit set
  /// (`ap_perms_init` in drivers/s390/crypto/ap_bus.c).
  package func masksAtKernelStart() throws(DriverError) -> APMasks {
    APMasks(adapters: try parameter("apmask"), domains: try parameter("aqmask"))
  }

  private func parameter(_ name: String) throws(DriverError) -> APMask {
    let path = root.path("/sys/module/ap/parameters/\(name)")
    let text = try onHost { () throws(HostError) in try SysfsAttribute(path).readIfPresent() }
    guard let text, !text.isEmpty, text != "(null)" else { return .all }
    do throws(APMaskError) {
      // A list of changes is one of no bits here.
      return text.hasPrefix("0x") ? try APMask(text) : try APMaskChange(text).applied(to: .none)
    } catch {
      // The kernel has cleared the mask when it finds that it can't read the text.
      return .none
    }
  }

  /// The overrides of queues while every bit of the masks is set.
  private func reservation(_ queues: APQueueSet) throws(DriverError) -> APReservation {
    let rows = queues.rowsByAdapter
    let parts = inParallel(rows.count) { overrides(of: rows[$0].adapter, rows[$0].domains) }
    var reservation = APReservation(masks: .all)
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

  /// The words for the abilities of this kernel's vfio_ap; `nil` where it is not
  /// loaded.
  func features() throws(DriverError) -> [Substring]? {
    let matrix = root.path("/sys/bus/matrix/devices/matrix")
    guard try onHost({ () throws(HostError) in try FileKind(at: matrix) }) != nil else {
      return nil
    }
    let words = try onHost { () throws(HostError) in
      try SysfsAttribute("\(matrix)/features").readIfPresent()
    }
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
