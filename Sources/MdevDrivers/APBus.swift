// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// The AP bus of an IBM Z host: its queues and its masks (drivers/s390/crypto/ap_bus.c).
package struct APBus: Sendable {
  package let bus: DriverBus
  let root: SystemRoot

  /// ``DriverError/noAPBus`` on a machine that has none.
  package init(root: SystemRoot) throws(DriverError) {
    self.root = root
    do throws(DriverError) {
      bus = try DriverBus(.ap, root: root)
    } catch .noBus {
      throw .noAPBus
    }
  }

  /// The queues there are, sorted.
  package func queues() throws(DriverError) -> [APQueue] {
    try onHost { () throws(HostError) in
      try Directory(root.path("/sys/bus/ap/devices")).readEntries()
        .compactMap { APQueue(deviceName: $0.name) }.sorted()
    }
  }

  /// The queues there are as a set, which costs no string and no sorting for each of up to 65,536.
  package func queueSet() throws(DriverError) -> APQueueSet {
    try queueSet(in: "/sys/bus/ap/devices")
  }

  /// The queues that a directory lists.
  func queueSet(in directory: String) throws(DriverError) -> APQueueSet {
    var masks = [APMask](repeating: .none, count: 256)
    try onHost { () throws(HostError) in
      try Directory(root.path(directory)).forEachName { name in
        if let queue = APQueue(deviceName: name) { masks[Int(queue.adapter)][queue.domain] = true }
      }
    }
    return APQueueSet(domainsByAdapter: masks)
  }

  /// The state of a queue's device.
  package func state(of queue: APQueue) throws(DriverError) -> DriverState {
    try bus.state(of: BusDevice(queue).name)
  }

  /// The state of a queue's device as soon as vfio_ap has it, or a driver of the host; after a
  /// second, whatever it is.
  ///
  /// The kernel binds devices anew in the course of a write of the masks; drivers of the host may
  /// be late.
  package func state(
    of queue: APQueue, onceItIs receiver: APHandover.Receiver
  ) async throws -> DriverState {
    let settled = try await poll(
      every: .milliseconds(20), until: .now + .seconds(1)
    ) { () throws(DriverError) -> DriverState? in
      let state = try state(of: queue)
      return receiver.isServed(by: state.driver) ? state : nil
    }
    return if let settled { settled } else { try state(of: queue) }
  }

  /// Has the kernel look for a driver for a queue that has none.
  package func probe(_ queue: APQueue) throws(DriverError) {
    try onHost { () throws(HostError) in try bus.probe(BusDevice(queue).name) }
  }

  /// The masks that are in force.
  package func masks() throws(DriverError) -> APMasks {
    APMasks(adapters: try mask(.apmask), domains: try mask(.aqmask))
  }

  func attribute(_ name: String) -> SysfsAttribute {
    SysfsAttribute(root.path("/sys/bus/ap/\(name)"))
  }

  private func mask(_ name: APMaskName) throws(DriverError) -> APMask {
    let attribute = attribute(name.rawValue)
    let text = try onHost { () throws(HostError) in try attribute.read() }
    do throws(APMaskError) {
      return try APMask(text)
    } catch {
      throw .unreadable(path: attribute.path, error)
    }
  }

  /// The mediated devices of vfio_ap and the queues that each has, as its `ap_config` has them,
  /// else its `matrix`, which the kernel cuts off after 511.
  package func assignments() throws(DriverError) -> [DeviceUUID: [APQueue]] {
    try onHost { () throws(HostError) in
      let bus = MediatedDeviceBus(root: root)
      var assignments: [DeviceUUID: [APQueue]] = [:]
      for device in try bus.activeDevices().value where device.identity.parent == .matrix {
        let uuid = device.identity.uuid
        let directory = bus.directory(of: uuid)
        let configuration = try SysfsAttribute("\(directory)/ap_config").readIfPresent()
        if let configuration, let matrix = try? APMatrix(configuration) {
          assignments[uuid] = matrix.queues
          continue
        }
        let text = try SysfsAttribute("\(directory)/matrix").readIfPresent() ?? ""
        // Lines such as "05." and ".0004" are of a device that has no queue yet.
        assignments[uuid] = text.split(separator: "\n").compactMap { try? APQueue(String($0)) }
      }
      return assignments
    }
  }

  /// The queues that masks would take from mediated devices, which the kernel refuses with EBUSY
  /// (`vfio_ap_mdev_resource_in_use`).
  package func queuesInUse(
    changing masks: APMasks, to new: APMasks
  ) throws(DriverError) -> [DriverError.DeviceQueue] {
    try assignments().sorted { $0.key < $1.key }.flatMap { uuid, queues in
      queues.filter { !masks.isHostOwned($0) && new.isHostOwned($0) }
        .map { DriverError.DeviceQueue(uuid: uuid, queue: $0) }
    }
  }

  /// Puts masks in force in an order that the kernel takes, and checks that they are; after a
  /// failure the old ones are back.
  package func put(_ new: APMasks) throws(DriverError) {
    let old = try masks()
    do throws(DriverError) {
      try write(from: old, to: new)
    } catch {
      try write(from: try masks(), to: old)
      throw error
    }
  }

  private func write(from old: APMasks, to new: APMasks) throws(DriverError) {
    var now = old
    for step in old.steps(to: new) {
      var next = now
      next[step.name] = step.mask
      try write(step, now, next)
      now = next
    }
  }

  private func write(
    _ step: APMaskStep, _ old: APMasks, _ new: APMasks
  ) throws(DriverError) {
    let attribute = attribute(step.name.rawValue)
    do throws(HostError) {
      try attribute.write("\(step.mask)")
    } catch {
      throw .maskRefused(mask: step.name, error, try queuesInUse(changing: old, to: new))
    }
    // The kernel takes some texts for other masks than they are; see that it is the one meant.
    let actual = try self.mask(step.name)
    guard actual == step.mask else {
      throw .maskDiffers(path: attribute.path, wanted: step.mask, actual: actual)
    }
  }
}
