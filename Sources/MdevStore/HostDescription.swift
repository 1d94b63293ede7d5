// SPDX-License-Identifier: Apache-2.0

package import MdevHost
import MdevJSON
package import MdevModel

/// A host file with its text, which tells in which line something stands.
package struct HostDescription: Sendable {
  /// The file that each boot applies; since its name begins with a dot it is no parent.
  package static let ofBoot = "/etc/mdevctl.d/.host.json"

  package let file: HostFile
  /// The file's name as it is shown.
  private let name: String
  private let text: [UInt8]

  /// 100,000 devices with attributes.
  private static let largest = 1 << 27

  /// Reads the file at `path`, which is the caller's own; `-` is the standard input.
  ///
  /// What each boot applies nobody looks at before, so it is believed as definitions are.
  package init(path: String, root: SystemRoot) throws(StoreError) {
    name = path == "-" ? "stdin" : path
    let limit = HostDescription.largest
    do throws(HostError) {
      text =
        path == root.path(HostDescription.ofBoot)
        ? try readTrustedFile(path, limit: limit, root: root)
        : try readFile(path == "-" ? "/dev/stdin" : path, limit: limit)
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

  /// Where parts of the file stand, as compilers say it: `host.json:12: devices[2]`.
  package func names(of places: Set<HostFile.Place>) -> [HostFile.Place: String] {
    let devices = JSONPath.root["devices"]
    // Thousands of devices can be wrong, and the text is as long.
    let lines = places.contains(where: \.isDevice) ? devices.linesOfElements(in: text) : []
    return places.reduce(into: [:]) { names, place in
      let (path, line): (JSONPath, Int?) =
        switch place {
        case .driver(let name): (.root["drivers"][name], nil)
        case .masks: (.root["ap"], nil)
        case .card(let name): (.root["vgpus"][name], nil)
        case .device(let index): (devices[index], lines[index])
        }
      names[place] = "\(name):\(line ?? path.line(in: text)): \(path)"
    }
  }
}

extension HostFile.Place {
  fileprivate var isDevice: Bool { if case .device = self { true } else { false } }
}
