// SPDX-License-Identifier: Apache-2.0

import MdevHost

/// The results of `body` for each element, in order; as many at a time as there are processors,
/// but at least 16, since what is waited for are mostly other processes and the kernel.
func concurrently<Element: Sendable, Value: Sendable>(
  _ elements: [Element], _ body: @escaping @Sendable (Element) async -> Value
) async -> [Value] {
  await withTaskGroup(of: (Int, Value).self) { group in
    var results = [Value?](repeating: nil, count: elements.count)
    var waiting = elements.enumerated().makeIterator()
    func addNext() {
      guard let (index, element) = waiting.next() else { return }
      group.addTask { (index, await body(element)) }
    }
    for _ in 0..<max(16, onlineProcessors) { addNext() }
    for await (index, value) in group {
      results[index] = value
      addNext()
    }
    return results.compactMap { $0 }
  }
}
