// SPDX-License-Identifier: Apache-2.0

package import MdevJSON
import MdevModel

extension Profile {
  /// Reads the form that docs/simulator.md describes; `path` is for messages.
  package init(json: JSONValue, path: String) throws(SimulatorError) {
    do throws(ProfileError) {
      self = try Profile(ProfileReader(value: json, place: ""))
    } catch {
      throw .profile(path: path, reason: error.reason)
    }
  }

  private init(_ json: ProfileReader) throws(ProfileError) {
    try json.allow("description", "kernel", "power", "modules", "virtual", "pci", "css", "ap")
    description = try json["description"]?.string() ?? ""
    if let json = json["kernel"] { kernel = try KernelVersion(json) }
    hasPowerDirectories = try json["power"]?.boolean() ?? true
    modules = try json["modules"]?.strings() ?? []
    virtual = try json["virtual"].map(VirtualParentProfile.all) ?? []
    if let json = json["pci"] { pci = try PCIProfile(json) }
    if let json = json["css"] { css = try CSSProfile(json) }
    if let json = json["ap"] { ap = try APProfile(json, kernel: kernel) }
  }
}

extension KernelVersion {
  fileprivate init(_ json: ProfileReader) throws(ProfileError) {
    let text = try json.string()
    guard let version = KernelVersion(release: text) else {
      throw json.failure("expected a version such as '6.12', found '\(text)'")
    }
    self = version
  }
}

extension VirtualParentProfile {
  private static let largestCount = 65536

  /// The parents of all elements, no more together than one may ask for.
  fileprivate static func all(_ json: ProfileReader) throws(ProfileError) -> [Self] {
    var parents: [Self] = []
    for element in try json.elements() {
      parents += try several(element)
      guard parents.count <= largestCount else {
        throw element.failure("more than \(largestCount) parents with those before it")
      }
    }
    return parents
  }

  /// One parent, or as many as `count` says, with numbers in their names.
  private static func several(_ json: ProfileReader) throws(ProfileError) -> [Self] {
    let parent = try VirtualParentProfile(json)
    guard let count = try json["count"]?.number(upTo: largestCount) else { return [parent] }
    return (0..<count).map { number in
      var copy = parent
      copy.name = parent.name.replacing("{number}", with: String(number))
      return copy
    }
  }

  private init(_ json: ProfileReader) throws(ProfileError) {
    try json.allow("name", "count", "class", "module", "mdev")
    name = try json.required("name").string()
    deviceClass = try json.required("class").string()
    module = try json["module"]?.string()
    mdev = try ParentProfile(json.required("mdev"))
  }
}

extension ParentProfile {
  init(_ json: ProfileReader) throws(ProfileError) {
    try json.allow("driver", "module", "pool", "full", "mixing", "types", "devices")
    driver = try json.required("driver").string()
    module = try json["module"]?.string()
    pool = try json.required("pool").number()
    full = try KernelError(json["full"], else: .noSpace)
    mixing = try Mixing(json["mixing"])
    types = try json.required("types").list(TypeProfile.init)
    devices = try json["devices"]?.list(DeviceProfile.init) ?? []
    for device in devices where !types.contains(where: { $0.name == device.type }) {
      throw json.failure("device \(device.uuid) has a type that the parent does not offer")
    }
  }
}

extension ParentProfile.Mixing {
  fileprivate init(_ json: ProfileReader?) throws(ProfileError) {
    guard let json else {
      self = .anyTypes
      return
    }
    guard let mixing = Self(rawValue: try json.string()) else {
      throw json.failure("expected 'any types' or 'one type'")
    }
    self = mixing
  }
}

extension KernelError {
  fileprivate init(_ json: ProfileReader?, else other: KernelError) throws(ProfileError) {
    guard let json else {
      self = other
      return
    }
    guard let error = KernelError(name: try json.string()) else {
      throw json.failure("unknown errno")
    }
    self = error
  }
}

extension TypeProfile {
  init(_ json: ProfileReader) throws(ProfileError) {
    try json.allow("type", "device_api", "name", "description", "takes", "attributes")
    name = try json.required("type").string()
    deviceAPI = try json["device_api"]?.string() ?? "vfio-pci"
    label = try json["name"]?.string()
    description = try json["description"]?.string()
    takes = try json["takes"]?.number() ?? 1
    guard takes > 0 else { throw json.failure("'takes' must be more than 0") }
    attributes = try json["attributes"]?.list(AttributeProfile.init) ?? []
  }
}

extension AttributeProfile {
  init(_ json: ProfileReader) throws(ProfileError) {
    try json.allow("name", "mode", "value")
    name = try json.required("name").string()
    value = try json["value"]?.string() ?? ""
    let text = try json["mode"]?.string() ?? "0444"
    guard let mode = UInt32(text, radix: 8), mode <= 0o777 else {
      throw json.failure("'mode' must be permission bits such as '0644'")
    }
    self.mode = mode
  }
}

extension DeviceProfile {
  init(_ json: ProfileReader) throws(ProfileError) {
    try json.allow("uuid", "type")
    let text = try json.required("uuid").string()
    guard let uuid = DeviceUUID(text: text) else {
      throw json.failure("'\(text)' is not a uuid")
    }
    self.uuid = uuid
    type = try json.required("type").string()
  }
}

extension DriverProfile {
  /// A name alone, or an object.
  init(_ json: ProfileReader) throws(ProfileError) {
    if case .string(let name) = json.value {
      self.init(name: name, module: nil, isLoaded: true)
      return
    }
    try json.allow("name", "module", "loaded", "sriov")
    self.init(
      name: try json.required("name").string(), module: try json["module"]?.string(),
      isLoaded: try json["loaded"]?.boolean() ?? true,
      hasSRIOV: try json["sriov"]?.boolean() ?? false)
    guard isLoaded || module != nil else {
      throw json.failure("a driver that is not loaded needs a 'module' to load it with")
    }
  }
}
