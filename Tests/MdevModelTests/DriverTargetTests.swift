// SPDX-License-Identifier: Apache-2.0

import MdevModel
import Testing

struct DriverTargetTests {
  @Test(arguments: [
    ("0000:00:03.0", "pci/0000:00:03.0"), ("pci/0000:00:03.0", "pci/0000:00:03.0"),
    ("css/0.0.0313", "css/0.0.0313"), ("css/dev:0.0.2b09", "css/dev:0.0.2b09"),
    ("ap/05.0004,06", "ap/05.0004,06"), ("platform/a.b", "platform/a.b"),
  ])
  func `a device is named with its bus or without`(_ text: String, _ shown: String) throws {
    switch try DriverTarget(text, on: .pci) {
    case .device(let device): #expect(device.description == shown)
    case .subchannel(let device): #expect("css/dev:\(device)" == shown)
    case .queues(let selection): #expect("ap/\(selection)" == shown)
    }
  }

  @Test(arguments: [
    ("", "device name '' is empty"), ("/x", "bus name '' is empty"),
    ("pci/", "device name '' is empty"), ("pci/a/b", "device name 'a/b' contains a slash"),
    ("../x", "bus name '..' is a directory reference"),
    ("css/dev:", "device name '' is empty"), ("ap/", "the name of a queue is empty"),
    ("ap/05.", "'05.' is not a queue or card (expected one such as 05.0004 or 05)"),
    (
      "ap/256.0",
      "'256' in '256.0' is above ff (numbers of queues are hexadecimal, those of masks decimal)"
    ),
    ("ap/06-05", "'06-05' in '06-05' is a range that ends before it begins"),
  ])
  func `a text that names nothing is refused`(_ text: String, _ reason: String) {
    let error = #expect(throws: DriverTargetError.self) { try DriverTarget(text, on: .pci) }
    #expect(error?.description == reason)
  }
}
