// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevPlanning

/// The words of s390-tools' ap-check, which callers of a callout look for: a line for each queue,
/// decimal.
enum CalloutWords {
  /// The lines for obstacles to a start now.
  static func lines(for obstacles: [StartObstacle], of device: MediatedDevice) -> [String] {
    obstacles.flatMap { obstacle in
      switch obstacle {
      case .queuesTaken(let claim): lines(claim.queues, "already in use by \(claim.holder)")
      case .queuesKept(let queues):
        lines(
          queues,
          "is not allowed for vfio_ap-passthrough use by the active ap bus mask settings")
      case .noUsageDomain: ["At least one usage domain must be specified"]
      case .attributeRefused(let refusal): [refusal.words]
      default: [obstacle.clause(on: device.identity.parent, device.definition.type, at: [.now])]
      }
    }
  }

  /// The lines for a definition that can't be, or has others not be, at the next boot.
  static func lines(for consequences: Consequences, of device: DeviceIdentity) -> [String] {
    let kept = consequences.refusals.flatMap { problem -> [String] in
      switch problem.obstacle {
      case .queuesKept(let queues) where problem.device == device:
        lines(
          queues,
          "is not defined for vfio_ap-passthrough use by the persistent ap bus mask settings")
      case .queuesTaken where consequences.isCovered(problem, of: device): []
      case .attributeRefused(let refusal): [refusal.words]
      default: [problem.words]
      }
    }
    return kept
      + consequences.contenders.flatMap {
        lines($0.queues, "is defined for autostart by \($0.holder)")
      }
  }

  private static func lines(_ queues: APQueueSet, _ predicate: String) -> [String] {
    queues.queues.map { "APQN \($0.adapter).\($0.domain) \(predicate)" }
  }
}
