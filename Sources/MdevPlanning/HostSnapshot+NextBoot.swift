// SPDX-License-Identifier: Apache-2.0

import MdevModel

extension HostSnapshot {
  /// The parents and queues after the next boot, before its first device starts.
  ///
  /// The devices that run now stay listed, since they tell how much room their parents have; a
  /// simulation of the boot knows that they are gone.
  var afterReboot: HostSnapshot {
    var host = self
    if let ap { host.ap?.now = ap.boot }
    for subchannel in subchannels ?? [] {
      let parent = ParentName(unchecked: subchannel.state.device.name.name)
      let isReserved = storedOverrides[subchannel.state.device] == .vfioCCW
      if !isReserved {
        host.offers[parent] = nil
      } else if host.offers[parent] == nil {
        host.offers[parent] = [.subchannel]
      }
    }
    for (device, driver) in storedOverrides where device.bus != .css && driver.keepsFromHost {
      host.offers[ParentName(unchecked: device.name.name)] = nil
    }
    if ap != nil, offers[.matrix] == nil, bootLoadsVFIOAP { host.offers[.matrix] = [.matrix] }
    return host
  }

  private var bootLoadsVFIOAP: Bool {
    loadedAtBoot.contains(.vfioAP)
      || storedOverrides.contains { $0.key.bus == .ap && $0.value == .vfioAP }
  }

  /// The device that the next boot takes out of the hands of a parent's driver, with the driver
  /// that gets it.
  func givenAway(_ parent: ParentName) -> (device: BusDevice, driver: DriverName)? {
    let device = storedOverrides.first { device, driver in
      device.bus != .css && device.name.name == parent.name && driver.keepsFromHost
    }
    return device.map { ($0.key, $0.value) }
  }

  /// Tells whether a device has the driver that is stored for it.
  func has(_ device: BusDevice, _ stored: DriverName) -> Bool {
    overridden[device].map { $0.driver == stored.ofDevice } ?? false
  }
}

extension DriverName {
  /// Tells whether a device of this driver offers no mediated devices.
  var keepsFromHost: Bool { isVFIO || self == .nobody }
}

extension MediatedDeviceType {
  /// The one type of a subchannel with vfio_ccw (drivers/s390/cio/vfio_ccw_ops.c).
  static let subchannel = MediatedDeviceType(
    name: .vfioCCW, availableInstances: 1, deviceAPI: "vfio-ccw",
    displayName: "I/O subchannel (Non-QDIO)", details: nil)

  /// The one type of vfio_ap (drivers/s390/crypto/vfio_ap_ops.c).
  static let matrix = MediatedDeviceType(
    name: .vfioAP, availableInstances: 65_536, deviceAPI: "vfio-ap",
    displayName: "VFIO AP Passthrough Device", details: nil)
}
