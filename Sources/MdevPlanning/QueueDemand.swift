// SPDX-License-Identifier: Apache-2.0

import MdevModel

/// The queues that the attributes of a definition ask vfio_ap for, read once and asked about often.
struct QueueDemand: Hashable, Sendable {
  /// The attributes that vfio_ap refuses whoever has what, each once, in order.
  let refusals: [AttributeRefusal]
  /// The adapters and domains in the end.
  let matrix: APMatrix
  /// Everything that the device has at some time on the way there.
  let reach: APMatrix

  /// Follows the attributes as they are written one after the other (vfio_ap_ops.c).
  init(_ attributes: [DeviceAttribute], on ap: APHost) {
    var (matrix, reach) = (APMatrix(), APMatrix())
    var refusals: [AttributeRefusal] = []
    for attribute in attributes {
      if let reason = ap.write(attribute, to: &matrix) {
        let refusal = AttributeRefusal(attribute: attribute, reason: reason)
        if !refusals.contains(refusal) { refusals.append(refusal) }
      }
      reach.formUnion(matrix)
    }
    (self.refusals, self.matrix, self.reach) = (refusals, matrix, reach)
  }
}

extension APHost {
  /// Does the kernel's part of one write, or tells why it refuses the write.
  func write(_ attribute: DeviceAttribute, to matrix: inout APMatrix) -> AttributeRefusal.Reason? {
    switch attribute.name.path {
    case "matrix", "guest_matrix", "control_domains": return .readOnly
    case "ap_config" where !hasConfiguration: return .unknown
    case _ where attribute.value.isEmpty && APMatrix.isAttribute(attribute.name):
      // Nothing is written, so nothing is refused.
      return nil
    case "ap_config":
      var changed = matrix
      guard changed.take(attribute) == nil else { return .notThreeMasks }
      let excess = excess(of: changed)
      guard excess.adapters == .none else { return .aboveMaximum(maximumAdapter) }
      guard excess.domains == .none, excess.controlDomains == .none else {
        return .aboveMaximum(maximumDomain)
      }
      matrix = changed
      return nil
    default: return assign(attribute, in: &matrix)
    }
  }

  /// Does the kernel's part for an attribute that takes one number.
  private func assign(
    _ attribute: DeviceAttribute, in matrix: inout APMatrix
  ) -> AttributeRefusal.Reason? {
    do throws(APMatrixError.Fault) {
      let step = try APMatrix.step(of: attribute)
      let maximum = step.resource == .adapter ? maximumAdapter : maximumDomain
      guard step.number <= maximum else { return .aboveMaximum(maximum) }
      matrix.apply(step)
      return nil
    } catch .notOfMatrix {
      return .unknown
    } catch .outOfRange {
      return .aboveMaximum(
        attribute.name.path.hasSuffix("_adapter") ? maximumAdapter : maximumDomain)
    } catch {
      return .notANumber
    }
  }
}
