// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevSimulator
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
    for seed in 0..<500 {
      // Other tests wait for their turn.
      await Task.yield()
      var random = ReproducibleNumbers(seed: seed)
      var scene = host
      scene.rearrange(using: &random)
      let devices = scene.randomDevices(using: &random)
      let parents = Set(devices.map(\.identity.parent))
      var forecast = StartForecast(scene.startScene(of: parents))
      for device in devices {
        var now = StartForecast(scene.startScene(of: [device.identity.parent]))
        let foretold = now.start(device)
        let planned = forecast.start(device)
        // The kernel takes it; that it is refused is meant.
        if foretold == .fails([.queues(.noUsageDomain)]) { continue }
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

// MARK: - Random hosts and stores

extension Scene {
  /// Gives queues and subchannels to vfio at random.
  fileprivate mutating func rearrange(using random: inout some RandomNumberGenerator) {
    for subchannel in list("/sys/bus/css/devices") where Bool.random(using: &random) {
      let path = "/sys/bus/css/devices/\(subchannel)"
      guard get("\(path)/type") == "0\n" else { continue }
      _ = put("vfio_ccw\n", "\(path)/driver_override")
      _ = put(subchannel, "/sys/bus/css/drivers/io_subchannel/unbind")
      _ = put(subchannel, "/sys/bus/css/drivers_probe")
    }
    for queue in list("/sys/bus/ap/devices") where queue.contains(".") {
      guard Int.random(in: 0..<2, using: &random) == 0 else { continue }
      let driver = Bool.random(using: &random) ? "vfio_ap\n" : "cex4queue\n"
      _ = put(driver, "/sys/bus/ap/devices/\(queue)/driver_override")
    }
    if Int.random(in: 0..<4, using: &random) > 0 {
      for number in ["4", "5", "6", "10"] where Int.random(in: 0..<4, using: &random) > 0 {
        _ = put("-\(number)", "/sys/bus/ap/apmask")
      }
      for number in ["4", "6", "0xab"] where Bool.random(using: &random) {
        _ = put("-\(number)", "/sys/bus/ap/aqmask")
      }
    }
  }

  func randomDevices(
    using random: inout some RandomNumberGenerator
  ) -> [MediatedDevice] {
    let parents = list("/sys/class/mdev_bus")
    let types = parents.flatMap { list("/sys/class/mdev_bus/\($0)/mdev_supported_types") }
    return (0..<Int.random(in: 1...12, using: &random)).map { _ in
      var parent =
        Bool.random(using: &random) && parents.contains("matrix")
        ? "matrix" : parents.randomElement(using: &random) ?? "mtty"
      var type =
        list("/sys/class/mdev_bus/\(parent)/mdev_supported_types").randomElement(using: &random)
        ?? "mtty-1"
      switch Int.random(in: 0..<20, using: &random) {
      case 0: parent = "nowhere"
      case 1: parent = parent.uppercased()
      case 2: type = types.randomElement(using: &random) ?? type
      case 3: type = "nothing"
      default: break
      }
      return MediatedDevice(
        identity: DeviceIdentity(
          parent: ParentName(unchecked: parent), uuid: Scene.randomUUID(using: &random)),
        definition: DeviceDefinition(
          type: TypeName(unchecked: type), start: .auto,
          attributes: type == "vfio_ap-passthrough"
            ? Scene.randomAttributes(using: &random) : []))
    }
  }

  private static func randomUUID(using random: inout some RandomNumberGenerator) -> DeviceUUID {
    Int.random(in: 0..<4, using: &random) == 0
      ? DeviceUUID(text: Scene.uuid(Int.random(in: 0..<4, using: &random))) ?? .zero
      : DeviceUUID.random(using: &random)
  }

  private static func randomAttributes(
    using random: inout some RandomNumberGenerator
  ) -> [DeviceAttribute] {
    let adapters = ["4", "5", "0x6", "012", "0xa"]
    let domains = ["4", "6", "0xab", "0x2B", "43"]
    let values = ["x", "4,5", "", "256", "255", "+5", "-1", "0x", "5\n", "08"]
    let other = ["assign_everything", "matrix", "guest_matrix", "dyn"]
    var attributes: [(String, String)] = []
    if Bool.random(using: &random) {
      attributes.append(("assign_adapter", adapters.randomElement(using: &random) ?? ""))
      attributes.append(("assign_domain", domains.randomElement(using: &random) ?? ""))
    }
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let verb = Int.random(in: 0..<5, using: &random) == 0 ? "unassign" : "assign"
      switch Int.random(in: 0..<24, using: &random) {
      case 23: attributes.append(("\(verb)_control_domain", "6"))
      case 0: attributes.append(("\(verb)_adapter", values.randomElement(using: &random) ?? ""))
      case 1: attributes.append(("\(verb)_domain", values.randomElement(using: &random) ?? ""))
      case 2: attributes.append((other.randomElement(using: &random) ?? "", "1"))
      case 3: attributes.append(("ap_config", "\(APMask([4])),0x1"))
      case 4...6:
        let matrix = APMatrix(
          adapters: APMask([4, 5, 6].filter { _ in Bool.random(using: &random) }),
          domains: APMask([4, 6, 171].filter { _ in Bool.random(using: &random) }),
          controlDomains: .none)
        attributes.append(("ap_config", "\(matrix)"))
      case 7...14:
        attributes.append(("\(verb)_adapter", adapters.randomElement(using: &random) ?? ""))
      default: attributes.append(("\(verb)_domain", domains.randomElement(using: &random) ?? ""))
      }
    }
    return attributes.compactMap { name, value in
      (try? AttributeName(name)).map { DeviceAttribute(name: $0, value: value) }
    }
  }
}

// MARK: - The host as it is read and used

extension Scene {
  /// The text of a file; empty if there is none.
  private func text(_ path: String) -> String {
    guard let id = kernel.tree.find(kernel.tree.resolve(path)) else { return "" }
    return (try? kernel.read(id)) ?? ""
  }

  /// What there is to know before a start, by its paths.
  fileprivate func startScene(of parents: Set<ParentName>) -> StartScene {
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
    return StartScene(
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
      active: reservation, persistent: reservation, adapters: APMask(queues.map(\.adapter)),
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
