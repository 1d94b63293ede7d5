// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The rules of a host's udev: as much of udev(7) as rules of the AP bus use.
///
/// A key that is not known here, such as `TEST`, matches nothing, whatever its operator.
package struct UdevRules: Sendable {
  /// Something that a rule does.
  package enum Action: Equatable, Sendable {
    /// Writes an attribute, whose path is the device's and the rule's together.
    case write(path: String, text: String)
    case loadModule(String)
  }

  /// A uevent, as rules see it.
  package struct Event: Sendable {
    /// Below `/sys`: `/devices/ap`.
    package let path: String
    /// `ACTION`, `SUBSYSTEM`, `KERNEL`, and what the kernel adds.
    package let properties: [String: String]

    package init(_ action: String, _ path: String, _ properties: [String: String]) {
      self.path = path
      let name = path.split(separator: "/").last.map(String.init) ?? ""
      self.properties = properties.merging(
        ["ACTION": action, "DEVPATH": path, "KERNEL": name], uniquingKeysWith: { $1 })
    }
  }

  private let files: [[Line]]

  /// The rules of files with these texts, in this order.
  package init(_ texts: [String] = []) {
    files = texts.map(Line.lines)
  }

  /// The rules of a directory, by the names of the files.
  init(directory: String) {
    let names = (HostCalls.names(in: directory) ?? []).filter { $0.hasSuffix(".rules") }
    // One that cannot be read is passed over, as udev does.
    let texts = names.compactMap { try? HostCalls.read("\(directory)/\($0)") }
    self.init(texts.map { String(decoding: $0, as: UTF8.self) })
  }

  /// Lists the actions at an event: writes where the rules have them, programs after all rules.
  ///
  /// `read` gives the text of an attribute, `nil` where there is none.
  package func actions(at event: Event, reading read: (String) -> String?) -> [Action] {
    var writes: [Action] = []
    var programs: [Action] = []
    for lines in files {
      var rest = lines[...]
      while let line = rest.popFirst() {
        guard line.matches(event, reading: read) else { continue }
        writes += line.writes(at: event)
        programs += line.programs
        guard let target = line.target else { continue }
        rest = rest.drop { $0.label != target }
      }
    }
    return writes + programs
  }
}

// MARK: - Lines

extension UdevRules {
  /// One rule: `KEY=="value", KEY{attribute}="value"`.
  fileprivate struct Line: Sendable {
    struct Item: Sendable {
      let key: String
      let attribute: String
      let operation: String
      let value: String
    }

    let items: [Item]

    /// The rules of a file; a line that ends with a backslash goes on in the next.
    static func lines(of text: String) -> [Line] {
      text.replacing("\\\n", with: "").split(separator: "\n")
        .map { $0.drop(while: \.isWhitespace) }
        .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        .map { Line(items: items(of: $0)) }
    }

    private static func items(of line: Substring) -> [Item] {
      let pattern = /([A-Z_]+)(?:\{([^}]*)\})?\s*(==|!=|\+=|-=|:=|=)\s*"([^"]*)"/
      return line.matches(of: pattern).map { match in
        Item(
          key: String(match.1), attribute: match.2.map(String.init) ?? "",
          operation: String(match.3), value: String(match.4))
      }
    }

    var label: String? { items.first { $0.key == "LABEL" }?.value }

    /// The place at which the rules go on.
    var target: String? { items.first { $0.key == "GOTO" }?.value }

    func matches(_ event: Event, reading read: (String) -> String?) -> Bool {
      items.allSatisfy { item in
        guard item.operation == "==" || item.operation == "!=" else { return true }
        guard let text = item.text(at: event, reading: read) else { return false }
        return item.accepts(text) == (item.operation == "==")
      }
    }

    func writes(at event: Event) -> [Action] {
      items.filter { $0.key == "ATTR" && $0.operation == "=" }.map { item in
        .write(path: "/sys\(event.path)/\(item.attribute)", text: item.value)
      }
    }

    /// The modules that udev loads itself, or that it has modprobe load.
    var programs: [Action] {
      items.filter { $0.key == "RUN" && $0.operation != "-=" }.flatMap { item -> [Action] in
        let words = item.value.split(separator: " ")
        let isLoading =
          item.attribute == "builtin"
          ? words.prefix(2) == ["kmod", "load"]
          : words.first?.split(separator: "/").last == "modprobe"
        let names = words.dropFirst(item.attribute == "builtin" ? 2 : 1)
        return isLoading
          ? names.filter { !$0.hasPrefix("-") }.map { .loadModule(String($0)) } : []
      }
    }
  }
}

extension UdevRules.Line.Item {
  /// Finds the text to compare an item with; `nil` for what is not there or not known.
  fileprivate func text(at event: UdevRules.Event, reading read: (String) -> String?) -> String? {
    switch key {
    case "ACTION", "DEVPATH", "KERNEL", "SUBSYSTEM": return event.properties[key] ?? ""
    case "ENV": return event.properties[attribute] ?? ""
    case "ATTR":
      guard var text = read("/sys\(event.path)/\(attribute)") else { return nil }
      while text.last?.isWhitespace == true { text.removeLast() }
      return text
    default: return nil
    }
  }

  /// Tells whether one of the patterns fits, which `|` separates (`fnmatch`).
  fileprivate func accepts(_ text: String) -> Bool {
    value.split(separator: "|", omittingEmptySubsequences: false)
      .contains { unsafe fnmatch(String($0), text, 0) == 0 }
  }
}
