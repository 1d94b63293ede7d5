// SPDX-License-Identifier: Apache-2.0

import MdevModel
import Testing

struct ClaimedQueuesTests {
  private static let config =
    "0x04" + String(repeating: "0", count: 62) + ",0x08" + String(repeating: "0", count: 62)
    + ",0x0"

  @Test(arguments: [
    ([], []),
    (["assign_adapter=5"], []),
    (["assign_domain=4"], []),
    (["assign_adapter=5", "assign_domain=4", "assign_domain=0xab"], ["05.0004", "05.00ab"]),
    (
      ["assign_domain=010,4", "assign_adapter=0x5,0X6"],
      ["05.0004", "05.0008", "06.0004", "06.0008"]
    ),
    (
      ["assign_adapter=5", "assign_domain=4", "unassign_adapter=5", "assign_adapter=6"], ["06.0004"]
    ),
    (["assign_adapter=9", "assign_domain=9", "ap_config=\(config)"], ["05.0004"]),
    (["ap_config=\(config)", "assign_domain=5", "unassign_domain=4"], ["05.0005"]),
    (
      ["assign_adapter=256", "assign_adapter=x", "assign_adapter=0", "assign_domain=0"], ["00.0000"]
    ),
    (["assign_control_domain=3", "assign_adapter=1", "assign_domain=2"], ["01.0002"]),
    (["ap_config=junk", "assign_adapter=1", "assign_domain=2"], ["01.0002"]),
  ])
  func `a definition claims the product of its adapters and domains`(
    _ attributes: [String], _ queues: [String]
  ) throws {
    var definition = DeviceDefinition(type: try TypeName("vfio_ap-passthrough"), start: .auto)
    for attribute in attributes {
      let parts = attribute.split(separator: "=", maxSplits: 1).map(String.init)
      definition.attributes.append(
        DeviceAttribute(name: try AttributeName(parts[0]), value: parts[1]))
    }
    #expect(definition.claimedQueues.map(\.description) == queues)
  }
}
