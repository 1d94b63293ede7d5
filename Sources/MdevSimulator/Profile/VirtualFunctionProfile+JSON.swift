// SPDX-License-Identifier: Apache-2.0

/// The JSON form of virtual functions.
extension VirtualFunctionProfile {
  static let largestCount = 65535

  init(_ json: ProfileReader) throws(ProfileError) {
    try json.allow(
      "total", "enabled", "limit", "device", "offset", "stride", "drivers", "vgpu", "sriov_admin")
    total = try json.required("total").number(upTo: Self.largestCount)
    enabled = try json["enabled"]?.number(upTo: Self.largestCount) ?? 0
    limit = try json["limit"]?.number(upTo: Self.largestCount) ?? total
    device = try json.required("device").hexadecimalNumber()
    offset = try json["offset"]?.number(upTo: Self.largestCount) ?? 4
    stride = try json["stride"]?.number(upTo: Self.largestCount) ?? 1
    drivers = try json["drivers"]?.strings()
    if let json = json["vgpu"] { vgpu = try VGPUCardProfile(json) }
    if let json = json["sriov_admin"] { provisioning = try ProvisioningProfile(json) }
    guard limit <= total else { throw json.failure("'limit' is more than 'total'") }
    guard enabled <= limit else {
      throw json.failure("'enabled' is more than '\(limit < total ? "limit" : "total")'")
    }
    guard offset > 0, stride > 0 else {
      throw json.failure("'offset' and 'stride' must be more than 0")
    }
  }
}

extension VGPUCardProfile {
  private static let usualHeading = "ID    : vGPU Name"

  init(_ json: ProfileReader) throws(ProfileError) {
    try json.allow("name", "memory", "heading", "types", "mig")
    name = try json.required("name").string()
    memory = try json.required("memory").number()
    let text = try json["heading"]?.string() ?? Self.usualHeading
    heading = text.isEmpty ? nil : text
    types = try json.required("types").list(upTo: 65536, each: { $0.id }, VGPUTypeProfile.init)
    if let json = json["mig"] { partitions = try GPUPartitionProfile(json) }
    for type in types {
      guard let instance = type.instance else { continue }
      guard partitions?.kinds.contains(where: { $0.name == instance }) == true else {
        throw json.failure("type \(type.id) needs an instance '\(instance)' that 'mig' has not")
      }
    }
  }
}

extension VGPUTypeProfile {
  init(_ json: ProfileReader) throws(ProfileError) {
    try json.allow("id", "name", "framebuffer", "instance")
    id = try json.required("id").number()
    name = try json.required("name").string()
    framebuffer = try json.required("framebuffer").number()
    instance = try json["instance"]?.string()
    guard id > 0, framebuffer > 0 else {
      throw json.failure("'id' and 'framebuffer' must be more than 0")
    }
  }
}

extension GPUPartitionProfile {
  init(_ json: ProfileReader) throws(ProfileError) {
    try json.allow("enabled", "kept", "slices", "instances")
    isEnabled = try json["enabled"]?.boolean() ?? false
    isKept = try json["kept"]?.boolean() ?? false
    slices = try json["slices"]?.number() ?? 7
    kinds = try json.required("instances").list(Kind.init)
  }
}

extension GPUPartitionProfile.Kind {
  init(_ json: ProfileReader) throws(ProfileError) {
    try json.allow("id", "name", "slices", "memory")
    id = try json.required("id").number()
    name = try json.required("name").string()
    slices = try json.required("slices").number()
    memory = try json.required("memory").number()
  }
}

extension ProvisioningProfile {
  init(_ json: ProfileReader) throws(ProfileError) {
    try json.allow("memory")
    memory = try json["memory"]?.number()
  }
}

extension PCIProfile {
  /// Refuses functions that would be more than a host can have, or where others are.
  func checkFunctions(_ json: ProfileReader) throws(ProfileError) {
    let count = devices.reduce(0) { $0 + ($1.virtualFunctions?.total ?? 0) }
    guard count <= VirtualFunctionProfile.largestCount else {
      throw json.failure(
        "more than \(VirtualFunctionProfile.largestCount) virtual functions together")
    }
    var taken = Set(devices.map(\.address))
    for device in devices {
      guard let functions = device.virtualFunctions else { continue }
      guard PCIAddress(device.address) != nil else {
        throw json.failure("'\(device.address)' has virtual functions and is no PCI address")
      }
      for index in 0..<functions.total {
        // Those behind the last bus are refused by the kernel, when they are asked for.
        guard let address = device.virtualFunctionAddress(index, functions)?.description else {
          break
        }
        guard taken.insert(address).inserted else {
          throw json.failure(
            "virtual function \(index) of '\(device.address)' is at '\(address)', where another "
              + "device is")
        }
      }
    }
  }
}
