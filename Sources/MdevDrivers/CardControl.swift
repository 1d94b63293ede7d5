// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// The virtual functions of a card, as they are made and given types.
package struct CardControl: Sendable {
  package let address: PCIAddress
  let root: SystemRoot

  package init(_ address: PCIAddress, root: SystemRoot) {
    self.address = address
    self.root = root
  }

  private var path: String { root.path("/sys/bus/pci/devices/\(address)") }

  /// The card as it is now.
  package func card() throws(DriverError) -> SRIOVCard {
    guard let card = try SRIOVCard(address, root: root) else { throw .card(.gone(address)) }
    return card
  }

  // MARK: - Functions

  /// Gives a card without functions so many, or with 0 takes away all that it has
  /// (`sriov_numvfs_store` in drivers/pci/iov.c).
  ///
  /// The kernel may make fewer than it is told and call that success, so what there is is read.
  package func setFunctions(_ count: Int) throws(DriverError) {
    do throws(HostError) {
      try write("\(count)", to: "sriov_numvfs")
    } catch let error where error.meaning == .missing {
      throw .card(.cannotDivide(address, try card().driver, error))
    } catch {
      throw .card(.functionsRefused(address, wanted: count, error))
    }
    let made = try card().functions.count
    guard made == count else { throw .card(.fewerFunctions(address, wanted: count, made: made)) }
  }

  /// Tells whether functions that are made get a driver of the host.
  package func isAutoprobed() throws(DriverError) -> Bool {
    try onHost { () throws(HostError) in
      try SysfsAttribute("\(path)/sriov_drivers_autoprobe").readIfPresent() != "0"
    }
  }

  /// Says whether functions that are made get a driver of the host.
  package func setAutoprobe(_ isOn: Bool) throws(DriverError) {
    try onHost { () throws(HostError) in
      try write(isOn ? "1" : "0", to: "sriov_drivers_autoprobe")
    }
  }

  /// Tells whether functions can be given memory of their own.
  package func hasQuotas() throws(DriverError) -> Bool {
    try onHost { () throws(HostError) in try FileKind(at: "\(path)/sriov_admin") } != nil
  }

  /// Gives functions, which are not made yet, memory of their own, in their order, or with 0 a fair
  /// share (`sriov_admin/vfN/profile/vram_quota` of xe, where virtfn0 is vf1).
  package func setMemory(_ shares: [UInt64]) throws(DriverError) {
    try onHost { () throws(HostError) in
      for (number, bytes) in shares.enumerated() {
        try write("\(bytes)", to: "sriov_admin/vf\(number + 1)/profile/vram_quota")
      }
    }
  }

  private func write(_ text: String, to name: String) throws(HostError) {
    try SysfsAttribute("\(path)/\(name)").write(text)
  }

  // MARK: - Types

  /// Gives a function a type, 0 for none, unless it has it; what was written is read again, since a
  /// driver may take a write for more than one reason.
  package func setType(_ type: Int, of function: PCIAddress) throws(DriverError) {
    let attribute = SysfsAttribute(
      root.path("/sys/bus/pci/devices/\(function)/nvidia/current_vgpu_type"))
    let old = try onHost { () throws(HostError) in try attribute.read() }
    guard old != "\(type)" else { return }
    do throws(HostError) {
      try attribute.write("\(type)")
    } catch {
      throw .card(.typeRefused(function, type: type, error))
    }
    let new = try onHost { () throws(HostError) in try attribute.read() }
    guard new == "\(type)" else {
      throw .card(.typeDiffers(function, wanted: type, actual: new))
    }
  }

  /// The types that a function can be given now.
  package func creatableTypes(of function: PCIAddress) throws(DriverError) -> [VGPUType] {
    try onHost { () throws(HostError) in
      try VGPUType.list(
        SysfsAttribute(
          root.path("/sys/bus/pci/devices/\(function)/nvidia/creatable_vgpu_types")
        ).read())
    }
  }

  // MARK: - Users

  /// The functions that somebody has open, found by asking for each that guests can have; nobody is
  /// named who is in a place that /proc does not show.
  package func users(
    of functions: [VirtualFunction]
  ) throws(DriverError) -> [PCIAddress: [DeviceUser]] {
    var users: [PCIAddress: [DeviceUser]] = [:]
    for function in functions where function.type != nil || function.driver?.isVFIO == true {
      let path = root.path("/sys/bus/pci/devices/\(function.address)")
      let answer = try onHost { () throws(HostError) in
        try DeviceClaim.ask(forDeviceAt: path, root: root)
      }
      if case .held(let holders) = consume answer { users[function.address] = holders }
    }
    return users
  }

  /// The processes that have functions open, as far as /proc shows them, for each that has any; found
  /// without touching the functions.
  package static func visibleUsers(
    of functions: [PCIAddress], root: SystemRoot
  ) throws(DriverError) -> [PCIAddress: [DeviceUser]] {
    let paths = functions.map { root.path("/sys/bus/pci/devices/\($0)") }
    let users = try onHost { () throws(HostError) in
      try DeviceClaim.holders(ofDevicesAt: paths, root: root)
    }
    return Dictionary(
      zip(functions, users).filter { !$1.isEmpty }.map { ($0, $1) }, uniquingKeysWith: { $1 })
  }
}
