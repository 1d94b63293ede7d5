// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel
import SimulatorSupport
import TestSupport

/// Random definitions of devices of a host, as files.
struct RandomStore {
  let seed: Int
  let devices: [MediatedDevice]

  /// Definitions that all start by themselves or, with `manualShare`, some of them.
  init(_ host: Scene, seed: Int, manualShare: Int = 0) {
    self.seed = seed
    var random = ReproducibleNumbers(seed: seed)
    var devices: [DeviceIdentity: MediatedDevice] = [:]
    for var device in host.randomDevices(using: &random) {
      if Int.random(in: 0..<100, using: &random) < manualShare {
        device.definition.start = .manual
      }
      devices[device.identity] = device
    }
    self.devices = devices.values.sorted { $0.identity < $1.identity }
  }

  var automaticCount: Int { devices.count { $0.definition.start == .auto } }
  var identities: [DeviceIdentity] { devices.map(\.identity) }

  /// The commands of a shell that write them below the directory it is in.
  var writing: String {
    devices.map { device in
      """
      mkdir -p 'etc/mdevctl.d/\(device.identity.parent)'
      cat >'etc/mdevctl.d/\(device.identity.parent)/\(device.identity.uuid)' <<'END'
      \(device.definition.json.text(.compact))
      END

      """
    }
    .joined()
  }
}
