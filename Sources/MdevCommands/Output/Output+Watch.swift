// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevJSON
import MdevModel
import MdevOperations

/// Events, a line each: the subject, what became of it, and what is known of it.
extension Output {
  static func text(of report: MonitorHost.Report) -> String {
    switch report {
    case .events(let events): events.map { words(of: $0).joined(separator: " ") + "\n" }.joined()
    case .ready(let source): "ready \(source.words)\n"
    case .lost: "lost\n"
    }
  }

  /// The same as objects, each in a line of its own.
  static func jsonLines(of report: MonitorHost.Report) -> String {
    let objects: [[JSONValue.Member]] =
      switch report {
      case .events(let events): events.map { members(of: $0) }
      case .ready(let source):
        [[member("event", "ready"), member("source", source.words)]]
      case .lost: [[member("event", "lost")]]
      }
    return objects.map { JSONValue.object($0).text(.compact) + "\n" }.joined()
  }

  private static func words(of event: HostEvent) -> [String] {
    let subject = event.subject
    let details: [String?] =
      switch subject {
      case .parent(let parent): [parent.name]
      case .device(let device, let type):
        [device.uuid.description, device.parent.name, type?.name]
      case .definition(let device, let definition):
        [
          device.uuid.description, device.parent.name, definition?.type.name,
          definition?.start.rawValue,
        ]
      case .driver(let device, let driver): [device.description, driver.name]
      case .override(let device, let driver): [device.description, driver?.name]
      case .mask(let name, let mask): [name.rawValue, mask.list.isEmpty ? "none" : mask.list]
      case .function(let function, let card): [function.description, card.description]
      case .card(let card, let functions): [card.description, "\(functions)"]
      case .settings(let card, _): [card.description]
      }
    return [subject.word, subject.word(for: event.change)] + details.compactMap { $0?.shown }
  }

  private static func members(of event: HostEvent) -> [JSONValue.Member] {
    let subject = event.subject
    let details: [JSONValue.Member?] =
      switch subject {
      case .parent(let parent): [member("parent", parent.name)]
      case .device(let device, let type):
        identity(device) + [type.map { member("mdev_type", $0.name) }]
      case .definition(let device, let definition):
        identity(device)
          + [
            definition.map { member("mdev_type", $0.type.name) },
            definition.map { member("start", $0.start.rawValue) },
          ]
      case .driver(let device, let driver):
        [member("device", "\(device)"), member("driver", driver.name)]
      case .override(let device, let driver):
        [member("device", "\(device)"), driver.map { member("driver", $0.name) }]
      case .mask(let name, let mask): [member("mask", name.rawValue), member("value", "\(mask)")]
      case .function(let function, let card):
        [member("function", "\(function)"), member("card", "\(card)")]
      case .card(let card, let functions):
        [member("card", "\(card)"), JSONValue.Member("functions", .integer(functions))]
      case .settings(let card, _): [member("card", "\(card)")]
      }
    return [member("event", subject.word(for: event.change)), member("subject", subject.word)]
      + details.compactMap { $0 }
  }

  private static func member(_ name: String, _ text: String) -> JSONValue.Member {
    JSONValue.Member(name, .string(text))
  }
}

extension UeventSource? {
  /// The word for who tells of changes.
  fileprivate var words: String { self?.rawValue ?? "files" }
}

extension HostSubject {
  /// The word for the kind of thing.
  fileprivate var word: String {
    switch self {
    case .parent: "parent"
    case .device: "device"
    case .definition: "definition"
    case .driver: "driver"
    case .override: "override"
    case .mask: "mask"
    case .function: "function"
    case .card: "card"
    case .settings: "settings"
    }
  }

  /// The word for what became of it.
  fileprivate func word(for change: HostEvent.Change) -> String {
    switch (self, change) {
    case (_, .present): "present"
    case (.parent, .gone): "unregistered"
    case (.parent, _): "registered"
    case (.device, .gone): "stopped"
    case (.device, _): "started"
    case (.driver, .gone): "unbound"
    case (.driver, _): "bound"
    case (.function, .appeared): "added"
    case (.definition, .appeared), (.override, .appeared), (.settings, .appeared): "stored"
    case (_, .gone): "removed"
    // Of masks and cards the first that is heard may be a change.
    case (_, .changed), (_, .appeared): "changed"
    }
  }
}
