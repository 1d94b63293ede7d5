// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel

extension DefinitionStore {
  /// The definitions and directories that others than their owner can write to, sorted by parent.
  ///
  /// What has vanished meanwhile is nobody's to write to.
  package func pathsWritableByOthers(_ contents: StoreContents) -> [String] {
    var paths = isWritableByOthers(directory) ? [directory] : []
    let groups = Dictionary(grouping: contents.definitions, by: \.device.identity.parent)
      .sorted { $0.key < $1.key }
    let found = inParallel(groups.count) { index -> [String] in
      let path = "\(directory)/\(groups[index].key)"
      guard let parent = try? Directory(path) else { return [] }
      var paths = parent.isWritableByOthers(".") ? [path] : []
      for definition in groups[index].value where parent.isWritableByOthers(definition.fileName) {
        paths.append("\(path)/\(definition.fileName)")
      }
      return paths
    }
    paths += found.flatMap(\.self)
    return paths
  }
}
