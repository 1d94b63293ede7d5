// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevOperations

extension TwofoldChange {
  /// The thing that is changed.
  var subject: String {
    switch self {
    case .drivers: "the driver of \(resources.joined(separator: ", "))"
    case .masks: "the masks of the AP bus"
    case .matrix(let device, _, _): "\(device.uuid) and its definition"
    }
  }

  /// The things that are changed, as the kernel names them.
  var resources: [String] {
    switch self {
    case .drivers(let drivers): drivers.map { "\($0.before.device)" }
    case .masks: APMaskName.allCases.map(\.rawValue)
    case .matrix(let device, _, _): [device.parent.name]
    }
  }
}

extension FinishedChange {
  /// One clause, for people.
  var words: String { "the interrupted change of \(change.subject) \(ending.words)" }
}

extension FinishedChange.Ending {
  fileprivate var words: String {
    switch self {
    case .finished: "is finished"
    case .undone: "is undone"
    case .overtaken: "is left as it is, since somebody has changed it again"
    }
  }
}
