// SPDX-License-Identifier: Apache-2.0

/// One write that gives a device of vfio_ap an adapter, a domain or a control domain, or takes it.
package enum APMatrixStep: Hashable, Sendable {
  case assign(APMatrix.Resource, UInt8)
  case unassign(APMatrix.Resource, UInt8)

  /// The attribute that is written.
  package var attribute: String {
    switch self {
    case .assign(let resource, _): "assign_\(resource.rawValue)"
    case .unassign(let resource, _): "unassign_\(resource.rawValue)"
    }
  }

  package var resource: APMatrix.Resource {
    switch self {
    case .assign(let resource, _), .unassign(let resource, _): resource
    }
  }

  /// The adapter, domain or control domain.
  package var number: UInt8 {
    switch self {
    case .assign(_, let number), .unassign(_, let number): number
    }
  }

  /// The value to write.
  package var value: String {
    switch self {
    case .assign(let resource, let number), .unassign(let resource, let number):
      "0x" + APQueue.hex(number, resource == .adapter ? 2 : 4)
    }
  }
}

extension APMatrix {
  /// The writes that make `target` of this matrix, one at a time.
  ///
  /// First everything goes that `target` does not have, so on the way the device has queues of
  /// this matrix only, then of `target` only, and those that both have at all times.
  package func steps(to target: APMatrix) -> [APMatrixStep] {
    let unassigned = Resource.allCases.flatMap { resource in
      self[resource].subtracting(target[resource]).members.map {
        APMatrixStep.unassign(resource, $0)
      }
    }
    let assigned = Resource.allCases.flatMap { resource in
      target[resource].subtracting(self[resource]).members.map { APMatrixStep.assign(resource, $0) }
    }
    return unassigned + assigned
  }

  /// Makes one step.
  package mutating func apply(_ step: APMatrixStep) {
    switch step {
    case .assign(let resource, let number): self[resource][number] = true
    case .unassign(let resource, let number): self[resource][number] = false
    }
  }
}
