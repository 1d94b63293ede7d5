// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevJSON
package import MdevModel

/// A host file with its text, which tells in which line something stands.
package struct HostDescription: Sendable {
  package let file: HostFile
  /// The file's name as it is shown.
  private let name: String
  private let text: [UInt8]

  /// 100,000 devices with attributes.
  private static let largest = 1 << 27

  /// Reads the file at `path`, which is the caller's own; `-` is the standard input.
  package init(path: String) throws(StoreError) {
    name = path == "-" ? "stdin" : path
    do throws(HostError) {
      text = try readFile(path == "-" ? "/dev/stdin" : path, limit: HostDescription.largest)
    } catch {
      throw .host(error)
    }
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue(parsing: text, refusingDuplicates: true)
    } catch .syntax(let line, let column, let reason) {
      throw .hostFile("\(name):\(line):\(column): \(reason)")
    } catch {
      throw .hostFile("\(name): \(error)")
    }
    do throws(MemberError) {
      file = try HostFile(json: json)
    } catch {
      throw .hostFile("\(name):\(error.path.line(in: text)): \(error)")
    }
  }

  /// Where a part of the file stands, as compilers say it: `host.json:12: devices[2]`.
  package func name(of place: HostFile.Place) -> String {
    let path: JSONPath =
      switch place {
      case .driver(let name): .root["drivers"][name]
      case .masks: .root["ap"]
      case .card(let name): .root["vgpus"][name]
      case .device(let index): .root["devices"][index]
      }
    return "\(name):\(path.line(in: text)): \(path)"
  }
}
