// SPDX-License-Identifier: Apache-2.0

import MdevModel

@testable import MdevSimulator

/// Masks and changes of them; the simulated kernel is the witness of what a text means.
func testMasks(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  testMask(text)
  testChange(text)
  testMatrix(text)
}

private func testMask(_ text: String) {
  guard let mask = value({ () throws(APMaskError) in try APMask(text) }) else { return }
  let again = own("our own mask is none") { () throws(APMaskError) in try APMask("\(mask)") }
  expectEqual(again, mask, "a mask is not read as it was written")
  expectEqual(mask.members.mask, mask, "the bits of a mask make another")
  expectEqual(mask.count, mask.members.count, "a mask has another number of bits")
  let kernels = own("the kernel refuses a mask") { () throws(KernelError) in
    try APBits.parseFull(text)
  }
  expectEqual(kernels.members, mask.members, "the kernel reads another mask")
}

private func testChange(_ text: String) {
  guard let change = value({ () throws(APMaskError) in try APMaskChange(text) }) else { return }
  switch change {
  case .exactly(let mask):
    guard mask != .none else { return }
    let again = own("our own list is none") { () throws(APMaskError) in
      try APMaskChange(mask.list)
    }
    expectEqual(again, change, "a list is not read as it was written")
  case .edits:
    for old in [APMask.none, .all, [0, 5, 0xab, 255].mask] {
      let kernels = own("the kernel refuses a change") { () throws(KernelError) in
        try APBits.parse(Array(text.utf8), changing: APBits(old.members))
      }
      expectEqual(
        kernels.members, change.applied(to: old).members, "the kernel makes another mask")
    }
  }
}

/// The matrix of a device, in the two ways in which the kernel tells it, and as attributes.
private func testMatrix(_ text: String) {
  if let matrix = value({ () throws(APMatrixError.Fault) in try APMatrix(text) }) {
    let again = own("our own matrix is none") { () throws(APMatrixError.Fault) in
      try APMatrix("\(matrix)")
    }
    expectEqual(again, matrix, "a matrix is not read as it was written")
  }
  let parts = text.split(separator: "\n\n", maxSplits: 1).map(String.init)
  let listed = value { () throws(APMatrixError.Fault) in
    try APMatrix(listing: parts.first ?? "", controlDomains: parts.count > 1 ? parts[1] : "")
  }
  if let listed, listed.adapters != .none, listed.domains != .none {
    let lines = listed.queues.map(\.description).joined(separator: "\n")
    let again = own("our own listing is none") { () throws(APMatrixError.Fault) in
      try APMatrix(listing: lines, controlDomains: "")
    }
    expectEqual(again.queues, listed.queues, "a listing is not read as it was written")
  }
  let attributes = text.split(separator: "\n").compactMap { line -> DeviceAttribute? in
    let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    return value { () throws(AttributeNameError) in
      DeviceAttribute(name: try AttributeName(parts[0]), value: parts[1])
    }
  }
  testMatrix(of: DeviceDefinition(type: .vfioAP, start: .manual, attributes: attributes))
}
