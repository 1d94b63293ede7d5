// SPDX-License-Identifier: Apache-2.0

/// The AP bus: its cards, their queues, and who may have which (`drivers/s390/crypto/ap_bus.c`).
package struct SimulatedAPBus: Sendable {
  /// A card with one queue for each usage domain; `05.00ab`.
  package struct Queue: Hashable, Sendable {
    package let adapter: UInt8
    package let domain: UInt8

    /// The name of its card.
    var cardName: String { "card" + hexadecimal(adapter, digits: 2) }

    /// The device's name on the bus.
    package var name: String {
      hexadecimal(adapter, digits: 2) + "." + hexadecimal(domain, digits: 4)
    }
  }

  let profile: APProfile
  /// The adapters that are plugged.
  package internal(set) var adapters: [UInt8]
  /// The adapters and domains of the host's own drivers.
  package internal(set) var adapterMask: APBits
  package internal(set) var domainMask: APBits
  var offline: Set<String> = []
  /// True if the cards have been looked for, before which the bus says nothing.
  var isScanned = false
  /// The number of times that the bus has announced that every queue has its driver.
  package internal(set) var completeCount = 0

  static let module = "vfio_ap"
  static let driver = "vfio_ap"
  /// That of the host for queues.
  static let hostDriver = "cex4queue"
  static let matrixPath = "/sys/devices/vfio_ap/matrix"
  static let typeName = "vfio_ap-passthrough"

  /// The queues there are.
  package var queues: [Queue] {
    adapters.flatMap { adapter in
      profile.domains.map { Queue(adapter: adapter, domain: $0) }
    }
  }

  /// Tells whether the masks give a queue to the host's drivers.
  package func isHostOwned(_ queue: Queue) -> Bool {
    adapterMask.contains(queue.adapter) && domainMask.contains(queue.domain)
  }
}

extension SimulatedKernel {
  static let ap = "/sys/devices/ap"

  /// The AP bus, where the host has one.
  package var apBus: SimulatedAPBus? { ap }

  mutating func bootAP() {
    guard let profile = profile.ap else { return }
    let commandLine = profile.commandLine
    ap = SimulatedAPBus(
      profile: profile, adapters: [],
      adapterMask: APBits(booted: commandLine.adapterMask, then: profile.adapterMask),
      domainMask: APBits(booted: commandLine.domainMask, then: profile.domainMask))
    addParameter("apmask", commandLine.adapterMask)
    addParameter("aqmask", commandLine.domainMask)
    addBus("ap", isPermanent: true)
    tree.addPermanentDirectory(SimulatedKernel.ap)
    addBusAttributes(profile)
    for driver in ["cex4card", "cex4queue"] {
      addDriver(driver, on: "ap", module: SimulatedKernel.cardModule)
    }
    addModule(SimulatedKernel.cardModule)
    if profile.isVFIOLoaded { addModule(SimulatedAPBus.module) }
    if profile.isVFIOLoaded { loadMatrixDriver() }
    for adapter in profile.adapters { addCard(adapter) }
    ap?.isScanned = true
    announceCompleteBindings()
  }

  /// Counts the queues that have a driver, and all queues (`ap_calc_bound_apqns`).
  func bindings(of ap: SimulatedAPBus) -> (bound: Int, all: Int) {
    let queues = ap.queues
    return (queues.count { buses["ap"]?.devices[$0.name]?.driver != nil }, queues.count)
  }

  /// Says that every queue has its driver, if that is so (`ap_check_bindings_complete`).
  mutating func announceCompleteBindings() {
    guard let ap, ap.isScanned, case let (bound, all) = bindings(of: ap), bound == all else {
      return
    }
    self.ap?.completeCount += 1
    announce(
      "change", SimulatedKernel.ap, "BINDINGS=complete", "COMPLETECOUNT=\(ap.completeCount + 1)")
  }

  /// Adds a parameter of the bus, which is part of the kernel, from its command line
  /// (`param_get_charp` in kernel/params.c).
  private mutating func addParameter(_ name: String, _ value: String?) {
    tree.add(
      .text((value ?? "(null)") + "\n"), at: "/sys/module/ap/parameters/\(name)", mode: 0o440)
  }

  private mutating func addBusAttributes(_ profile: APProfile) {
    let path = SimulatedKernel.path(ofBus: "ap")
    tree.add(.ap(.adapterMask), at: path + "/apmask", mode: 0o644)
    tree.add(.ap(.domainMask), at: path + "/aqmask", mode: 0o644)
    tree.add(.ap(.bindings), at: path + "/bindings", mode: 0o444)
    if profile.hasCompleteCount {
      tree.add(
        .ap(.bindingsCompleteCount), at: path + "/bindings_complete_count", mode: 0o444)
    }
    let first = profile.domains.first ?? 0
    let constant = [
      ("ap_max_adapter_id", "\(profile.maximumAdapter)"),
      ("ap_max_domain_id", "\(profile.maximumDomain)"), ("ap_domain", "\(first)"),
      ("ap_adapter_mask", "\(APBits(profile.adapters.map(\.id)))"),
      ("ap_usage_domain_mask", "\(APBits(profile.domains))"),
      ("ap_control_domain_mask", "\(APBits(profile.domains))"),
      ("ap_interrupts", "1"), ("poll_thread", "0"), ("config_time", "30"),
    ]
    for (name, text) in constant {
      tree.add(.text(text + "\n"), at: path + "/" + name, mode: 0o444)
    }
  }

  /// A card and its queues; what has no driver yet finds one.
  mutating func addCard(_ adapter: APAdapterProfile) {
    guard ap?.adapters.contains(adapter.id) == false else { return }
    ap?.adapters.append(adapter.id)
    ap?.adapters.sort()
    let name = "card" + hexadecimal(adapter.id, digits: 2)
    let path = SimulatedKernel.ap + "/" + name
    let modalias = "ap:t" + hexadecimal(adapter.hardwareType, digits: 2).uppercased()
    let constant = [
      ("type", adapter.type), ("hwtype", "\(adapter.hardwareType)"), ("modalias", modalias),
      ("raw_hwtype", "\(adapter.hardwareType)"), ("config", "1"), ("chkstop", "0"),
      ("depth", "8"), ("request_count", "0"), ("requestq_count", "0"), ("pendingq_count", "0"),
      ("ap_functions", adapter.functions),
    ]
    for (name, text) in constant {
      tree.add(.text(text + "\n"), at: path + "/" + name, mode: 0o444)
    }
    tree.add(.ap(.online(device: name)), at: path + "/online", mode: 0o644)
    var card = SimulatedBusDevice(name: name, path: path, matches: ["cex4card"])
    card.ueventLines = [
      "DEV_TYPE=\(hexadecimal(adapter.hardwareType, digits: 4))", "MODALIAS=" + modalias,
    ]
    addDevice(card, on: "ap")
    for domain in ap?.profile.domains ?? [] {
      addQueue(SimulatedAPBus.Queue(adapter: adapter.id, domain: domain), path: path)
    }
  }

  /// The files of each queue, whatever its driver.
  private static let queueFiles = [
    SysfsTree.File("config", "1"), SysfsTree.File("chkstop", "0"),
    SysfsTree.File("request_count", "0"), SysfsTree.File("requestq_count", "0"),
    SysfsTree.File("pendingq_count", "0"), SysfsTree.File("interrupt", "Interrupts enabled."),
    SysfsTree.File("reset", .ignored, mode: 0o200),
  ]

  private mutating func addQueue(_ queue: SimulatedAPBus.Queue, path: String) {
    let path = path + "/" + queue.name
    var device = SimulatedBusDevice(
      name: queue.name, path: path, matches: [SimulatedAPBus.hostDriver, SimulatedAPBus.driver])
    device.queue = queue
    var files = SimulatedKernel.queueFiles
    if ap?.profile.hasDriverOverride == true {
      device.driverOverride = ap?.profile.overrides[queue.name]
      files.append(
        SysfsTree.File(
          "driver_override", .driver(.driverOverride(bus: "ap", device: queue.name)), mode: 0o644))
    }
    tree.add(files, in: path)
    addDevice(device, on: "ap")
  }

  /// A card and its queues go, as when it is taken from the configuration.
  mutating func removeCard(_ adapter: UInt8) {
    for queue in ap?.queues ?? [] where queue.adapter == adapter {
      removeDevice(queue.name, on: "ap")
    }
    removeDevice("card" + hexadecimal(adapter, digits: 2), on: "ap")
    ap?.adapters.removeAll { $0 == adapter }
  }

  /// Adds the queue's file of its driver: `online` for the host's, `status` for vfio_ap.
  mutating func didAttachAP(_ device: SimulatedBusDevice, to driver: String) {
    guard let queue = device.queue else { return }
    if driver == SimulatedAPBus.driver {
      tree.add(.ap(.status(of: queue)), at: device.path + "/status", mode: 0o444)
    } else {
      tree.add(.ap(.online(device: queue.name)), at: device.path + "/online", mode: 0o644)
    }
  }

  mutating func willDetachAP(_ device: SimulatedBusDevice, from driver: String) {
    guard device.queue != nil else { return }
    tree.remove(device.path + (driver == SimulatedAPBus.driver ? "/status" : "/online"))
    ap?.offline.remove(device.name)
  }

  /// A queue is for the host's drivers or for vfio_ap, as override or masks say
  /// (`ap_device_probe`).
  func isAPMatch(_ device: SimulatedBusDevice, _ driver: String) -> Bool {
    guard device.matches.contains(driver) else { return false }
    guard let ap, let queue = device.queue else { return true }
    if let reservedFor = device.driverOverride { return reservedFor == driver }
    return ap.isHostOwned(queue) == (driver != SimulatedAPBus.driver)
  }

  /// Tells whether a queue is not vfio_ap's to give away: by its override, or by the masks.
  func isHostOwned(_ queue: SimulatedAPBus.Queue) -> Bool {
    if ap?.profile.hasDriverOverride == true,
      let reservedFor = buses["ap"]?.devices[queue.name]?.driverOverride
    {
      return reservedFor != SimulatedAPBus.driver
    }
    return ap?.isHostOwned(queue) ?? false
  }
}

extension APAdapterProfile {
  /// The facilities that a card in its mode has (`ap_functions_show` in ap_card.c): coprocessors
  /// with CCA or EP11, and accelerators.
  fileprivate var functions: String {
    switch type.last {
    case "A": "0x6A000000"
    case "P": "0x86000000"
    default: "0x92000000"
    }
  }
}
