// SPDX-License-Identifier: Apache-2.0

package import MdevModel

extension ContainerDevices {
  /// A specification of CDI 0.5.0, the first in which a name may begin with a digit.
  package var json: JSONValue {
    var members = [
      JSONValue.Member("cdiVersion", .string("0.5.0")),
      JSONValue.Member("kind", .string(ContainerDevices.kind)),
    ]
    // Edits without any are a mistake that costs the whole file.
    if !common.isEmpty { members.append(ContainerDevices.edits(common)) }
    let devices = devices.map { device in
      JSONValue.object([
        JSONValue.Member("name", .string(device.name)), ContainerDevices.edits(device.nodes),
      ])
    }
    return .object(members + [JSONValue.Member("devices", .array(devices))])
  }

  private static func edits(_ nodes: [String]) -> JSONValue.Member {
    let nodes = nodes.map { JSONValue.object([JSONValue.Member("path", .string($0))]) }
    return JSONValue.Member(
      "containerEdits", .object([JSONValue.Member("deviceNodes", .array(nodes))]))
  }
}
