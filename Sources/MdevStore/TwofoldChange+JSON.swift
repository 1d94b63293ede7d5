// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel

extension TwofoldChange {
  /// Reads what ``json`` writes.
  init(json: JSONValue) throws(JSONError) {
    if let masks = json["masks"] {
      self = .masks(
        try Sides(masks) { json throws(JSONError) in try APMasks(json: json) },
        rules: try Sides(json["rules"]) { json throws(JSONError) in try optionalText(json) })
    } else if let matrix = json["matrix"] {
      self = .matrix(
        try DeviceIdentity(json: json),
        try Sides(matrix) { json throws(JSONError) in try value(APMatrix.init, text(json)) },
        definition: try Sides(json["definition"]) { json throws(JSONError) in
          try DeviceDefinition(json: json)
        })
    } else if case .array(let drivers)? = json["drivers"] {
      var steps: [Driver] = []
      for driver in drivers { steps.append(try Driver(json: driver)) }
      self = .drivers(steps)
    } else {
      throw .shape("it is no change that this program knows")
    }
  }

  var json: JSONValue {
    switch self {
    case .drivers(let drivers):
      .object([JSONValue.Member("drivers", .array(drivers.map(\.json)))])
    case .masks(let masks, let rules):
      .object([
        JSONValue.Member("masks", masks.json(\.json)),
        JSONValue.Member("rules", rules.json { string($0) }),
      ])
    case .matrix(let device, let matrix, let definition):
      .object([
        JSONValue.Member("parent", .string(device.parent.name)),
        JSONValue.Member("uuid", .string("\(device.uuid)")),
        JSONValue.Member("matrix", matrix.json { .string("\($0)") }),
        JSONValue.Member("definition", definition.json(\.json)),
      ])
    }
  }
}

extension TwofoldChange.Sides {
  fileprivate init(
    _ json: JSONValue?, _ read: (JSONValue) throws(JSONError) -> Value
  ) throws(JSONError) {
    self.init(
      before: try read(json?["before"] ?? .null), after: try read(json?["after"] ?? .null))
  }

  fileprivate func json(_ write: (Value) -> JSONValue) -> JSONValue {
    .object([JSONValue.Member("before", write(before)), JSONValue.Member("after", write(after))])
  }
}

extension TwofoldChange.Driver {
  fileprivate init(json: JSONValue) throws(JSONError) {
    let device = BusDevice(
      bus: try value(BusName.init, text(json["bus"])),
      name: try value(BusDeviceName.init, text(json["device"])))
    self.init(
      before: DriverState(
        device: device, driver: try driver(json["driver"]),
        override: DriverState.Override(text: try optionalText(json["before"])), pciClass: nil),
      override: try driver(json["override"]),
      stored: try TwofoldChange.Sides(json["stored"]) { json throws(JSONError) in
        try MdevStore.driver(json)
      })
  }

  fileprivate var json: JSONValue {
    let override: JSONValue =
      switch before.override {
      case .unsupported: .null
      case .unset: .string("")
      case .driver(let driver): .string(driver.name)
      }
    return .object([
      JSONValue.Member("bus", .string(before.device.bus.name)),
      JSONValue.Member("device", .string(before.device.name.name)),
      JSONValue.Member("driver", string(before.driver?.name)),
      JSONValue.Member("before", override),
      JSONValue.Member("override", string(self.override?.name)),
      JSONValue.Member("stored", stored.json { string($0?.name) }),
    ])
  }
}

extension APMasks {
  fileprivate init(json: JSONValue) throws(JSONError) {
    self.init(
      adapters: try value(APMask.init, text(json["apmask"])),
      domains: try value(APMask.init, text(json["aqmask"])))
  }

  fileprivate var json: JSONValue {
    .object([
      JSONValue.Member("apmask", .string("\(adapters)")),
      JSONValue.Member("aqmask", .string("\(domains)")),
    ])
  }
}

extension DeviceIdentity {
  fileprivate init(json: JSONValue) throws(JSONError) {
    self.init(
      parent: try value(ParentName.init, text(json["parent"])),
      uuid: try value(DeviceUUID.init, text(json["uuid"])))
  }
}

private func string(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

private func text(_ json: JSONValue?) throws(JSONError) -> String {
  guard case .string(let text)? = json else { throw .shape("a text is missing") }
  return text
}

private func optionalText(_ json: JSONValue?) throws(JSONError) -> String? {
  switch json {
  case nil, .null: nil
  case .some(let json): try text(json)
  }
}

private func driver(_ json: JSONValue?) throws(JSONError) -> DriverName? {
  guard let name = try optionalText(json) else { return nil }
  return try value(DriverName.init, name)
}

/// Reads a value whose errors are ones of shape here.
private func value<Value>(_ read: (String) throws -> Value, _ text: String) throws(JSONError)
  -> Value
{
  do {
    return try read(text)
  } catch {
    throw .shape("\(error)")
  }
}
