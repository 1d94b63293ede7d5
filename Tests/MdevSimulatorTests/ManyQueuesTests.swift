// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevSimulator
import SimulatorSupport
import Testing

/// As many crypto queues as there can be: each step took the square of their number, so minutes.
struct ManyQueuesTests {
  @Test(.timeLimit(.minutes(10))) func `65536 queues are there and change hands in seconds`() throws
  {
    let numbers = (0..<256).map { "\"0x" + String($0, radix: 16) + "\"" }
    let cards = numbers.map { "{\"id\": \($0)}" }.joined(separator: ", ")
    let domains = numbers.joined(separator: ", ")
    let text = #"{"ap": {"cards": [\#(cards)], "domains": [\#(domains)]}}"#
    let profile = try Profile(json: JSONValue(parsing: Array(text.utf8)), path: "p.json")
    var scene = Scene(SimulatedKernel(profile))
    let queues = { (driver: String) in
      scene.list("/sys/bus/ap/drivers/\(driver)").count { $0.contains(".") }
    }
    #expect(scene.list("/sys/bus/ap/devices").count == 65536 + 256)
    #expect(scene.get("/sys/bus/ap/bindings") == "65536/65536 (complete)\n")
    #expect(scene.put("0x00", "/sys/bus/ap/apmask") == "ok")
    #expect(queues("cex4queue") == 0 && queues("vfio_ap") == 65536)
    #expect(scene.link("/sys/bus/ap/devices/ff.00ff") == "../../../devices/ap/cardff/ff.00ff")
    #expect(
      scene.link("/sys/devices/ap/cardff/ff.00ff/driver") == "../../../../bus/ap/drivers/vfio_ap")
    let parent = "/sys/class/mdev_bus/matrix"
    let types = parent + "/mdev_supported_types/vfio_ap-passthrough"
    #expect(scene.put(Scene.uuid(1), types + "/create") == "ok")
    let device = "\(parent)/\(Scene.uuid(1))"
    let config = "\(APBits.all),\(APBits.all),\(APBits())\n"
    #expect(scene.put(config, device + "/ap_config") == "ok")
    for matrix in ["matrix", "guest_matrix"].map({ scene.get("\(device)/\($0)") }) {
      #expect(matrix.utf8.count == 4095 && matrix.hasPrefix("00.0000\n00.0001\n"))
    }
    #expect(scene.put("+5", "/sys/bus/ap/apmask") == "EBUSY")
    #expect(scene.put("1", device + "/remove") == "ok")
    #expect(scene.put("+0-127", "/sys/bus/ap/apmask") == "ok")
    #expect(queues("cex4queue") == 32768 && queues("vfio_ap") == 32768)
  }
}
