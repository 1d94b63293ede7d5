// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevPlanning
import MdevSimulator
import SimulatorSupport
import TestSupport
import Testing

/// What is foretold of starts is what the kernel then does.
///
/// Excepted is what can't be known before: attributes of other drivers than vfio_ap, which appear
/// with the device. The kernel takes control domains without a usage domain, which are refused on
/// purpose.
struct ForecastTests {
  @Test(arguments: ["i915", "mtty", "nvidia", "s390x", "s390x-619"])
  func `of 500 random stores every refusal is foretold and nothing else`(profile: String)
    async throws
  {
    let host = try Scene(profile)
    for seed in TestSeed.each(of: 0..<500) {
      // Other tests wait for their turn.
      await Task.yield()
      var random = ReproducibleNumbers(seed: seed)
      var scene = host
      scene.rearrange(using: &random)
      let devices = scene.randomDevices(using: &random)
      let parents = Set(devices.map(\.identity.parent))
      var forecast = StartSimulation(scene.snapshot(of: parents))
      for device in devices {
        var now = StartSimulation(scene.snapshot(of: [device.identity.parent]))
        let foretold = now.start(device)
        let planned = forecast.start(device)
        // The kernel takes it; that it is refused is meant.
        if foretold == .fails([.noUsageDomain]) { continue }
        let refusal = scene.start(device)
        let told = "seed \(seed): \(device) got \(refusal ?? "started") after '\(foretold)'"
        #expect(foretold.isRefusal == (refusal != nil), "\(told)")
        #expect(planned.isRefusal == foretold.isRefusal, "\(told), planned '\(planned)'")
      }
    }
  }

  @Test func `each outcome occurs in those stores`() async throws {
    var counts: [String: Int] = [:]
    for profile in ["mtty", "nvidia", "s390x", "s390x-619"] {
      let host = try Scene(profile)
      for seed in 0..<100 {
        await Task.yield()
        var random = ReproducibleNumbers(seed: seed)
        var scene = host
        scene.rearrange(using: &random)
        for device in scene.randomDevices(using: &random) {
          counts["\(profile) \(scene.start(device) ?? "started")", default: 0] += 1
        }
      }
    }
    for outcome in [
      "mtty started", "mtty EEXIST", "mtty ENOENT", "nvidia EINVAL", "s390x started",
      "s390x EADDRINUSE", "s390x EADDRNOTAVAIL", "s390x EINVAL", "s390x ENODEV", "s390x EUSERS",
      "s390x-619 EADDRNOTAVAIL", "s390x-619 started",
    ] {
      #expect(counts[outcome, default: 0] > 0, "\(outcome): \(counts)")
    }
  }
}

extension StartVerdict {
  fileprivate var isRefusal: Bool { self != .starts }
}

// MARK: - The host as it is read and used

extension Scene {
  /// The text of a file; empty if there is none.
  private func text(_ path: String) -> String {
    guard let id = kernel.tree.find(kernel.tree.resolve(path)) else { return "" }
    return (try? kernel.read(id)) ?? ""
  }

  /// What there is to know before a start, by its paths.
  fileprivate func snapshot(of parents: Set<ParentName>) -> HostSnapshot {
    let running = list("/sys/bus/mdev/devices").compactMap { name -> RunningDevice? in
      guard let uuid = DeviceUUID(text: name), let type = link("/sys/bus/mdev/devices/\(name)")
      else {
        return nil
      }
      let parts = type.split(separator: "/")
      let typeLink = kernel.tree.resolve("/sys/bus/mdev/devices/\(name)/mdev_type")
      let device = ActiveDevice(
        identity: DeviceIdentity(
          parent: ParentName(unchecked: String(parts[parts.count - 2])), uuid: uuid),
        type: TypeName(unchecked: String(typeLink.split(separator: "/").last ?? "")))
      let matrix = try? APMatrix(
        listing: text("/sys/bus/mdev/devices/\(name)/matrix"),
        controlDomains: text("/sys/bus/mdev/devices/\(name)/control_domains"))
      return RunningDevice(device, matrix: device.type.isVFIOAP ? matrix : nil)
    }
    let offers = list("/sys/class/mdev_bus").filter {
      parents.contains(ParentName(unchecked: $0))
    }
    .map { parent in
      let types = "/sys/class/mdev_bus/\(parent)/mdev_supported_types"
      return (
        ParentName(unchecked: parent),
        list(types).map { type in
          MediatedDeviceType(
            name: TypeName(unchecked: type),
            availableInstances: Int(text("\(types)/\(type)/available_instances").dropLast()) ?? -1,
            deviceAPI: "", displayName: nil, details: nil)
        }
      )
    }
    return HostSnapshot(
      running: running, offers: Dictionary(uniqueKeysWithValues: offers),
      ap: parents.contains(ParentName(unchecked: "matrix")) ? apHost : nil)
  }

  private var apHost: APHost? {
    guard let adapters = try? APMask(text("/sys/bus/ap/apmask").dropLast()),
      let domains = try? APMask(text("/sys/bus/ap/aqmask").dropLast())
    else { return nil }
    let queues = list("/sys/bus/ap/devices").compactMap { APQueue(deviceName: $0) }
    func reserved(_ isMeant: (String) -> Bool) -> APQueueSet {
      APQueueSet(
        queues.filter { queue in
          let driver = text("/sys/bus/ap/devices/\(queue)/driver_override")
          return driver.count > 1 && isMeant(driver)
        })
    }
    let reservation = APReservation(
      masks: APMasks(adapters: adapters, domains: domains),
      released: reserved { $0 == "vfio_ap\n" }, retained: reserved { $0 != "vfio_ap\n" })
    return APHost(
      now: reservation, boot: reservation, adapters: APMask(queues.map(\.adapter)),
      domains: APMask(queues.map(\.domain)),
      maximumAdapter: UInt8(text("/sys/bus/ap/ap_max_adapter_id").dropLast()) ?? 255,
      maximumDomain: UInt8(text("/sys/bus/ap/ap_max_domain_id").dropLast()) ?? 255,
      hasConfiguration: text("/sys/bus/matrix/devices/matrix/features").contains("ap_config"))
  }

  /// Makes the device and writes its attributes, as a start does; the kernel's refusal.
  fileprivate mutating func start(_ device: MediatedDevice) -> String? {
    let (parent, uuid) = (device.identity.parent, device.identity.uuid)
    let types = "/sys/class/mdev_bus/\(parent)/mdev_supported_types"
    if kernel.tree.contains("/sys/bus/mdev/devices/\(uuid)") { return "EEXIST" }
    let outcome = put("\(uuid)", "\(types)/\(device.definition.type)/create")
    guard outcome == "ok" else { return outcome }
    for attribute in device.definition.attributes {
      let path = "/sys/bus/mdev/devices/\(uuid)/\(attribute.name)"
      let outcome = put(attribute.value, path)
      guard outcome == "ok" else {
        _ = put("1", "/sys/bus/mdev/devices/\(uuid)/remove")
        return outcome
      }
    }
    return nil
  }
}
