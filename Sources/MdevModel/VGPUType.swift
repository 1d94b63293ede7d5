// SPDX-License-Identifier: Apache-2.0

/// A type of vGPU, as NVIDIA's driver offers it for a virtual function
/// (`creatable_vgpu_types`).
package struct VGPUType: Hashable, Sendable {
  /// The number that is written to `current_vgpu_type`; never 0.
  package let id: Int
  /// `NVIDIA L40S-4Q`; empty where nobody knows it, since the driver names only what can be made.
  package let name: String

  package init(id: Int, name: String) {
    self.id = id
    self.name = name
  }

  /// The framebuffer in GB, which is the number before the last letters of the name; `nil` if there
  /// is none.
  package var framebuffer: Int? {
    guard let dash = name.utf8.lastIndex(of: UInt8(ascii: "-")) else { return nil }
    let digits = name[name.utf8.index(after: dash)...].prefix { $0.isASCII && $0.isNumber }
    return Int(digits)
  }

  /// The types of a list: lines `ID : NAME`, after a heading or without one; drivers are known
  /// that put the name first.
  package static func list(_ text: String) -> [VGPUType] {
    text.split(separator: "\n").compactMap { line in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let parts = [line[..<colon], line[line.index(after: colon)...]].map(\.trimmed)
      for (number, name) in [(parts[0], parts[1]), (parts[1], parts[0])] {
        if let id = Int(number), id > 0, !name.isEmpty { return VGPUType(id: id, name: name) }
      }
      return nil
    }
  }
}

/// A type as a user names it.
package enum VGPUTypeName: Hashable, Sendable, CustomStringConvertible {
  case id(Int)
  case name(String)

  /// Reads a number, or a name.
  package init(_ text: String) {
    self = Int(text).map { .id($0) } ?? .name(text)
  }

  package var description: String {
    switch self {
    case .id(let id): "\(id)"
    case .name(let name): name
    }
  }

  /// Tells whether it names the type: by number, by the whole name, or by the name without the
  /// maker's.
  package func names(_ type: VGPUType) -> Bool {
    switch self {
    case .id(let id): type.id == id
    case .name(let name): type.name == name || type.name.hasSuffix(" \(name)")
    }
  }
}

extension Substring {
  /// Without the blanks before and behind.
  fileprivate var trimmed: String {
    String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}
