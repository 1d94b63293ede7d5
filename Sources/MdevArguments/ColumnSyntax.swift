// SPDX-License-Identifier: Apache-2.0

/// A column of a listing, as a user asks for it.
package struct ColumnSyntax: Equatable, Sendable {
  /// In lower case.
  package let name: String
  /// A sentence for the help.
  package let help: String
  /// True if it is there when nobody asks for columns.
  package let isUsual: Bool

  package init(_ name: String, help: String, isUsual: Bool) {
    self.name = name
    self.help = help
    self.isUsual = isUsual
  }
}

/// The columns that a listing can have, in order; made when somebody asks for them.
package struct ColumnList: Equatable, Sendable {
  private let make: @Sendable () -> [ColumnSyntax]

  package init(_ make: @escaping @Sendable () -> [ColumnSyntax]) {
    self.make = make
  }

  package var columns: [ColumnSyntax] { make() }

  /// The names that `text` asks for: those between its commas, behind the usual ones if it begins
  /// with `+`.
  package func names(_ text: String) throws(ValueError) -> [String] {
    let columns = columns
    let isMore = text.hasPrefix("+")
    var names = isMore ? columns.filter(\.isUsual).map(\.name) : []
    for word in text.dropFirst(isMore ? 1 : 0).split(
      separator: ",", omittingEmptySubsequences: false)
    {
      let name = word.lowercased()
      guard columns.contains(where: { $0.name == name }) else {
        let known = columns.map(\.name).joined(separator: ", ")
        throw ValueError("there is no column '\(word)' (there are \(known))")
      }
      if !isMore || !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// The ways to go on with `typed`: each column that is not there yet, behind what is.
  func candidates(after typed: String) -> [Candidate] {
    let end = typed.utf8.lastIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "+") }
    let head = end.map { String(typed[...$0]) } ?? ""
    let isMore = typed.hasPrefix("+")
    let given = head.dropFirst(isMore ? 1 : 0).split(separator: ",").map(String.init)
    return columns.filter { !given.contains($0.name) && !(isMore && $0.isUsual) }
      .map { Candidate(head + $0.name, $0.help) }
  }

  package static func == (left: ColumnList, right: ColumnList) -> Bool {
    left.columns == right.columns
  }
}
