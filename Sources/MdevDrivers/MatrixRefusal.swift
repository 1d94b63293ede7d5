// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// Why a running device of vfio_ap did not get another matrix, and what it has now.
package struct MatrixRefusal: Hashable, Sendable {
  /// The obstacle.
  package enum Reason: Hashable, Sendable {
    /// EBUSY of a kernel that changes idle devices only.
    case inUse
    /// The kernel took it for another matrix.
    case differs(wanted: APMatrix, actual: APMatrix)
    case refused(wanted: APMatrix, HostError)
  }

  /// The state that the device was left in.
  package enum Aftermath: Hashable, Sendable {
    /// It is as it was.
    case unchanged
    /// It could not be brought back to what it was.
    case changed(from: APMatrix, to: APMatrix, HostError?)
    case unknown(was: APMatrix, failure: String)
  }

  package let uuid: DeviceUUID
  package let reason: Reason
  package let aftermath: Aftermath
}

extension MatrixRefusal: CustomStringConvertible {
  package var description: String { "\(reason.words(for: uuid)); \(aftermath.words)" }
}

extension MatrixRefusal.Reason {
  fileprivate func words(for uuid: DeviceUUID) -> String {
    switch self {
    case .inUse:
      "mediated device \(uuid) is in use by a guest, and this kernel changes idle devices only"
    case .differs(let wanted, let actual):
      "mediated device \(uuid) has \(actual.summary) after it was given \(wanted.summary)"
    case .refused(let wanted, let error):
      "mediated device \(uuid) can't have \(wanted.summary): \(error.wordsOfAttribute)"
    }
  }
}

extension MatrixRefusal.Aftermath {
  fileprivate var words: String {
    switch self {
    case .unchanged: "the device is as it was"
    case .changed(let old, let actual, let error):
      "the device could not be brought back to \(old.summary) and has \(actual.summary) now"
        + (error.map { ": \($0.wordsOfAttribute)" } ?? "")
    case .unknown(let old, let failure):
      "the device had \(old.summary), and what it has now can't be told: \(failure)"
    }
  }
}

extension APMatrix {
  /// For messages: `adapters 04,05, domains 0006, no control domains`.
  fileprivate var summary: String {
    Resource.allCases.map { resource in
      let numbers = self[resource].members
      guard !numbers.isEmpty else { return "no \(resource.noun)s" }
      let digits = resource == .adapter ? 2 : 4
      return "\(resource.noun)s " + numbers.map { APQueue.hex($0, digits) }.joined(separator: ",")
    }
    .joined(separator: ", ")
  }
}

extension APMatrix.Resource {
  fileprivate var noun: String { self == .controlDomain ? "control domain" : rawValue }
}

extension HostError {
  /// The failed write of an attribute of the device, without the three masks and the path.
  fileprivate var wordsOfAttribute: String {
    let name = path.pathComponents.last ?? ""
    guard case .write(let value) = attempt else { return description }
    let what = name == "ap_config" ? "'ap_config'" : "'\(value)' to '\(name)'"
    return "failed to write \(what): \(cause)" + (hint.map { " (\($0))" } ?? "")
  }

  /// The meaning of an error of vfio_ap, where nothing was found that explains it.
  private var hint: String? {
    switch MatrixErrno(self) {
    case .hostOwned: "the host's own drivers have a queue of it"
    case .taken: "another device has a queue of it"
    case .aboveMaximum: "a number is above the highest of this host, or the device goes away"
    case .busy: "the device or the masks of the bus are in use"
    case nil: nil
    }
  }
}
