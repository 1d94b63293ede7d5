// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevJSON
package import MdevModel

/// A call of this program by another mdevctl, to which it is a callout.
package struct CalloutRequest: Hashable, Sendable {
  /// `nil` for a word that a later version of the protocol may know.
  package let event: CalloutEvent?
  /// `nil` for a word that a later version of the protocol may know.
  package let action: CalloutAction?
  package let type: TypeName
  package let identity: DeviceIdentity

  package init(
    event: CalloutEvent?, action: CalloutAction?, type: TypeName, identity: DeviceIdentity
  ) {
    self.event = event
    self.action = action
    self.type = type
    self.identity = identity
  }
}

/// Why there is no definition on stdin.
package enum CalloutInputError: Error, Equatable, CustomStringConvertible {
  case host(HostError)
  case content(JSONError)

  package var description: String {
    switch self {
    case .host(let error): "\(error)"
    case .content(let error): "\(error)"
    }
  }
}

extension DeviceDefinition {
  private static let largest = 1 << 20

  /// Reads the definition that the caller writes to stdin, which it need not close after it.
  package static func onStandardInput() throws(CalloutInputError) -> DeviceDefinition {
    let bytes: [UInt8]
    do throws(HostError) {
      bytes = try readStandardInput(limit: largest) { isWhole($0) }
    } catch {
      throw .host(error)
    }
    do throws(JSONError) {
      return try DeviceDefinition(calloutInput: bytes)
    } catch {
      throw .content(error)
    }
  }

  /// Takes what a caller writes; without `start` a definition means manual.
  init(calloutInput bytes: [UInt8]) throws(JSONError) {
    var json = try JSONValue(parsing: bytes.withoutTrailingNULs)
    if case .object(let members) = json, json["start"] == nil {
      json = .object(members + [JSONValue.Member("start", .string(StartPolicy.manual.rawValue))])
    }
    try self.init(json: json)
  }

  private static func isWhole(_ bytes: [UInt8]) -> Bool {
    // Only what may be an object's end is worth the parsing.
    let last = bytes.last { !" \n\r\t\0".utf8.contains($0) }
    return last == UInt8(ascii: "}") && (try? JSONValue(parsing: bytes.withoutTrailingNULs)) != nil
  }
}

extension Capabilities {
  /// What this program serves when it is a callout: of a type that can't be changed live, all but
  /// that.
  ///
  /// mdevctl 1.4 refuses what a script with capabilities does not name.
  package static func own(changingLive: Bool) -> Capabilities {
    Capabilities(
      version: 2, events: changingLive ? [.pre, .post, .get, .live] : [.pre, .post, .get],
      actions: [.define, .modify, .start, .stop, .undefine, .attributes, .capabilities])
  }
}
