// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// Devices in the order in which they are to start, by what will come of each.
struct StartPlan {
  private(set) var possible: [MediatedDevice] = []
  /// Those for which there seems to be no room, or no parent: only trying tells.
  private(set) var doubtful: [MediatedDevice] = []
  private(set) var refused: [(device: MediatedDevice, error: StartConflict)] = []
  private(set) var running: [AutostartResult] = []
  /// The verdict on each.
  private(set) var foreseen: [AutostartResult] = []

  init(_ devices: [MediatedDevice], in scene: StartScene) {
    var forecast = StartForecast(scene)
    for device in devices {
      let verdict = forecast.start(device)
      let state = AutostartResult.State(verdict)
      let result = AutostartResult(identity: device.identity, state: state)
      foreseen.append(result)
      switch state {
      case .wouldStart: possible.append(device)
      case .alreadyRunning: running.append(result)
      case .wouldFail(let error as StartConflict): refused.append((device, error))
      default: doubtful.append(device)
      }
    }
  }
}
