// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// What users, files and directories call things.
func testNames(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  testUUID(text)
  testQueues(text)
  testPathComponent(text)
  testShown(text)
  if let name = value({ () throws(AttributeNameError) in try AttributeName(text) }) {
    let parts = name.path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    expect(
      !parts.contains { $0.isEmpty || Array($0) == [0x2e] || Array($0) == [0x2e, 0x2e] },
      "an attribute is outside its device", name)
  }
  for bus in [BusName.pci, .css, .ap] {
    _ = value { () throws(DriverTargetError) in try DriverTarget(text, on: bus) }
  }
}

private func testUUID(_ text: String) {
  guard let uuid = value({ () throws(DeviceUUIDError) in try DeviceUUID(text) }) else { return }
  expectEqual(DeviceUUID(text: "\(uuid)"), uuid, "a uuid is not read as it was written")
}

private func testQueues(_ text: String) {
  if let queue = value({ () throws(APSelectionError) in try APQueue(text) }) {
    expectEqual(
      APQueue(deviceName: "\(queue)"), queue, "a queue is not read as it was written")
  }
  if let queue = APQueue(deviceName: text) {
    expectEqual("\(queue)", text.lowercased(), "a queue has another name")
  }
  guard
    let selection = value({ () throws(APSelectionError) in try APSelection(text) })
  else { return }
  let queues = APMatrix(adapters: [5, 6].mask, domains: [0, 4, 0xab].mask).queues
  let chosen = value { () throws(APSelectionError) in try selection.queues(of: queues) }
  if let chosen {
    expect(
      !chosen.isEmpty && chosen == chosen.sorted() && Set(chosen).count == chosen.count,
      "a selection has no order", selection, chosen)
  }
}

private func testPathComponent(_ text: String) {
  guard let name = value({ () throws(PathComponentError) in try ParentName(text) }) else { return }
  let bytes = Array(name.name.utf8)
  expect(
    !bytes.isEmpty && bytes.count <= 255 && !bytes.contains(0) && !bytes.contains(0x2f)
      && bytes != [0x2e] && bytes != [0x2e, 0x2e], "a name is no part of a path", name)
}

private func testShown(_ text: String) {
  expect(
    !text.shown.unicodeScalars.contains { $0.value < 0x20 || (0x7f..<0xa0).contains($0.value) },
    "a control character is shown", text)
  expect(
    !text.shownAsLines.unicodeScalars.contains {
      $0.value < 0x20 && $0 != "\n" && $0 != "\t" || (0x7f..<0xa0).contains($0.value)
    }, "a control character is shown in lines", text)
}
