// SPDX-License-Identifier: Apache-2.0

package import MdevModel
import MdevSimulator

extension Scene {
  /// Gives queues and subchannels to vfio at random.
  package mutating func rearrange(using random: inout some RandomNumberGenerator) {
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

  /// Definitions of devices, most of them such as the host could have.
  package func randomDevices(
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
