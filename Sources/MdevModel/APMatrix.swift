// SPDX-License-Identifier: Apache-2.0

/// The adapters, domains and control domains that a device of vfio_ap has, or is to have.
///
/// The device has every queue in the product of adapters and domains, so one without adapters, or
/// without domains, has none.
package struct APMatrix: Hashable, Sendable {
  package var adapters: APMask
  package var domains: APMask
  package var controlDomains: APMask

  /// A kind of mask; the words are those of the attributes that change it.
  package enum Resource: String, CaseIterable, Sendable {
    case adapter, domain
    case controlDomain = "control_domain"
  }

  package init(
    adapters: APMask = .none, domains: APMask = .none, controlDomains: APMask = .none
  ) {
    self.adapters = adapters
    self.domains = domains
    self.controlDomains = controlDomains
  }

  /// The mask of a resource.
  package subscript(resource: Resource) -> APMask {
    get {
      switch resource {
      case .adapter: adapters
      case .domain: domains
      case .controlDomain: controlDomains
      }
    }
    set {
      switch resource {
      case .adapter: adapters = newValue
      case .domain: domains = newValue
      case .controlDomain: controlDomains = newValue
      }
    }
  }

  /// Adds everything that `other` has.
  package mutating func formUnion(_ other: APMatrix) {
    adapters.formUnion(other.adapters)
    domains.formUnion(other.domains)
    controlDomains.formUnion(other.controlDomains)
  }

  /// Tells whether the device has a queue.
  package func includes(_ queue: APQueue) -> Bool {
    adapters[queue.adapter] && domains[queue.domain]
  }

  /// The queues, sorted.
  package var queues: [APQueue] {
    let domains = domains.members
    return adapters.members.flatMap { adapter in
      domains.map { APQueue(adapter: adapter, domain: $0) }
    }
  }

  /// The queues that both have, sorted.
  package func queuesShared(with other: APMatrix) -> [APQueue] {
    APMatrix(
      adapters: adapters.intersection(other.adapters), domains: domains.intersection(other.domains)
    ).queues
  }

  /// The queues that `other` does not have, sorted.
  package func queues(beyond other: APMatrix) -> [APQueue] {
    queues.filter { !other.includes($0) }
  }
}

extension APMatrix: CustomStringConvertible {
  /// The masks of adapters, domains and control domains as a device's `ap_config` has them, with
  /// commas in between (`ap_config_show` in vfio_ap_ops.c).
  package init(_ text: some StringProtocol) throws(APMatrixError.Fault) {
    let masks = text.split(separator: ",", omittingEmptySubsequences: false)
    guard masks.count == 3 else { throw .notThreeMasks }
    do throws(APMaskError) {
      try self.init(
        adapters: APMask(masks[0]), domains: APMask(masks[1]), controlDomains: APMask(masks[2]))
    } catch {
      throw .mask(error)
    }
  }

  /// The value for `ap_config`.
  package var description: String { "\(adapters),\(domains),\(controlDomains)" }

  /// Parses the attributes `matrix` and `control_domains`, for hosts without `ap_config`: lines
  /// such as `05.00ab`, `05.` while there is no domain, `.00ab` while there is no adapter
  /// (`matrix_show` in vfio_ap_ops.c).
  package init(
    listing matrix: String, controlDomains: String
  ) throws(APMatrixError.Fault) {
    self.init()
    for line in matrix.split(separator: "\n") {
      let parts = line.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 2, parts != ["", ""] else { throw .notALine(String(line)) }
      for (resource, part) in zip([Resource.adapter, .domain], parts) where !part.isEmpty {
        self[resource][try APMatrix.number(part, in: line)] = true
      }
    }
    for line in controlDomains.split(separator: "\n") {
      self.controlDomains[try APMatrix.number(line, in: line)] = true
    }
  }

  private static func number(
    _ part: Substring, in line: Substring
  ) throws(APMatrixError.Fault) -> UInt8 {
    guard let number = UInt8(part, radix: 16) else { throw .notALine(String(line)) }
    return number
  }
}

extension DeviceDefinition {
  /// The matrix that these attributes give a device of vfio_ap; invalid ones give nothing,
  /// since the kernel will refuse them.
  ///
  /// The attributes are taken in order, as they are written: `ap_config` replaces what stood
  /// before it. Values are numbers of base 0, so `0x2` and `02` are 2 and `010` is 8, or lists of
  /// such numbers (`vfio_ap_ops.c` in drivers/s390/crypto; s390-tools for the lists).
  package var matrix: APMatrix {
    var matrix = APMatrix()
    for attribute in attributes { _ = matrix.take(attribute) }
    return matrix
  }

  /// Every queue that the device could have on the way to its matrix, as one attribute is written
  /// after the other.
  package var reach: APMatrix {
    var (matrix, reach) = (APMatrix(), APMatrix())
    for attribute in attributes {
      _ = matrix.take(attribute)
      reach.formUnion(matrix)
    }
    return reach
  }

  /// Works out ``matrix``, or throws at the first attribute that is invalid.
  package func checkedMatrix() throws(APMatrixError) -> APMatrix {
    var matrix = APMatrix()
    for attribute in attributes {
      if let fault = matrix.take(attribute) {
        throw APMatrixError(attribute: attribute, fault: fault)
      }
    }
    return matrix
  }

  /// The queues that the attributes of a device of vfio_ap claim, sorted.
  package var claimedQueues: [APQueue] { matrix.queues }
}

extension APMatrix {
  /// The attributes that give a new device this matrix, in decimal, as ap-check reports them.
  package var attributes: [DeviceAttribute] {
    Resource.allCases.flatMap { resource in
      let name = AttributeName(unchecked: "assign_\(resource.rawValue)")
      return self[resource].members.map { DeviceAttribute(name: name, value: "\($0)") }
    }
  }

  /// Does what a write of the attribute does, as far as it makes sense, and returns what does not.
  package mutating func take(_ attribute: DeviceAttribute) -> APMatrixError.Fault? {
    // The kernel takes one line end.
    if attribute.name.path == "ap_config" { return takeConfiguration(attribute.line) }
    let (steps, fault) = APMatrix.steps(of: attribute)
    for step in steps { apply(step) }
    return fault
  }

  /// Reads the value of an attribute other than `ap_config`, number by number, up to the first
  /// that is invalid.
  package static func steps(
    of attribute: DeviceAttribute
  ) -> (steps: [APMatrixStep], fault: APMatrixError.Fault?) {
    guard let (isAssigned, resource) = meaning(of: attribute.name) else {
      return ([], .notOfMatrix)
    }
    var steps: [APMatrixStep] = []
    var fault: APMatrixError.Fault?
    for text in attribute.line.utf8.split(separator: UInt8(ascii: ",")).map(Substring.init) {
      do throws(APMatrixError.Fault) {
        let number = try number(text)
        steps.append(isAssigned ? .assign(resource, number) : .unassign(resource, number))
      } catch {
        fault = fault ?? error
      }
    }
    return (steps, fault)
  }

  /// The one step that a write of an attribute other than `ap_config` is to the kernel, which takes
  /// one number and no list.
  package static func step(
    of attribute: DeviceAttribute
  ) throws(APMatrixError.Fault) -> APMatrixStep {
    guard let (isAssigned, resource) = meaning(of: attribute.name) else { throw .notOfMatrix }
    let number = try number(attribute.line)
    return isAssigned ? .assign(resource, number) : .unassign(resource, number)
  }

  /// Tells whether the attribute is one by which a device gets its matrix.
  package static func isAttribute(_ name: AttributeName) -> Bool {
    name.path == "ap_config" || meaning(of: name) != nil
  }

  /// Tells what an attribute other than `ap_config` changes.
  private static func meaning(
    of name: AttributeName
  ) -> (isAssigned: Bool, resource: Resource)? {
    switch name.path {
    case "assign_adapter": (true, .adapter)
    case "assign_domain": (true, .domain)
    case "assign_control_domain": (true, .controlDomain)
    case "unassign_adapter": (false, .adapter)
    case "unassign_domain": (false, .domain)
    case "unassign_control_domain": (false, .controlDomain)
    default: nil
    }
  }

  private static func number(_ text: Substring) throws(APMatrixError.Fault) -> UInt8 {
    do throws(BaseZeroNumber.Fault) {
      return try BaseZeroNumber.byte(text)
    } catch {
      switch error {
      case .notANumber: throw .notANumber(String(text))
      case .outOfRange: throw .outOfRange(String(text))
      }
    }
  }

  private mutating func takeConfiguration(_ value: Substring) -> APMatrixError.Fault? {
    do throws(APMatrixError.Fault) {
      self = try APMatrix(value)
      return nil
    } catch {
      return error
    }
  }
}

/// An attribute, or a text of the kernel, that tells nothing of a matrix.
package struct APMatrixError: Error, Equatable, CustomStringConvertible {
  /// The kind of mistake.
  package enum Fault: Error, Equatable, Sendable, CustomStringConvertible {
    /// The attribute has nothing to do with the matrix.
    case notOfMatrix
    case notANumber(String)
    case outOfRange(String)
    case notThreeMasks
    case mask(APMaskError)
    /// A line of `matrix` or of `control_domains`.
    case notALine(String)

    package var description: String {
      switch self {
      case .notOfMatrix:
        "it is not a matrix attribute (ap_config, or assign_ or unassign_ with adapter, domain"
          + " or control_domain)"
      case .notANumber(let text): "'\(text)' is not a number such as 5 or 0xab"
      case .outOfRange(let text): "'\(text)' is above 255"
      case .notThreeMasks: "it is not three masks separated by commas"
      case .mask(let error): "\(error)"
      case .notALine(let line): "'\(line)' names no queue, adapter or domain"
      }
    }
  }

  package let attribute: DeviceAttribute
  package let fault: Fault

  package var description: String {
    "attribute '\(attribute.name)' with value '\(attribute.value)' is invalid: \(fault)"
  }
}

extension DeviceAttribute {
  /// The value without the one line end that the kernel takes.
  fileprivate var line: Substring {
    let bytes = value.utf8
    return Substring(bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...])
  }
}
