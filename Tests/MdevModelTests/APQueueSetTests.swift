// SPDX-License-Identifier: Apache-2.0

import MdevModel
import TestSupport
import Testing

struct APQueueSetTests {
  @Test(arguments: TestSeed.fresh)
  func `sets of bits do what sets of queues do`(seed: Int) {
    var random = ReproducibleNumbers(seed: seed)
    for _ in 0..<200 {
      let (left, right) = (Self.queues(using: &random), Self.queues(using: &random))
      let (leftSet, rightSet) = (APQueueSet(left), APQueueSet(right))
      var union = leftSet
      union.formUnion(rightSet)
      #expect(union.queues == left.union(right).sorted())
      #expect(leftSet.intersection(rightSet).queues == left.intersection(right).sorted())
      #expect(leftSet.subtracting(rightSet).queues == left.subtracting(right).sorted())
      #expect(leftSet.count == left.count)
      #expect(leftSet.isEmpty == left.isEmpty)
      #expect((leftSet == rightSet) == (left == right))
      #expect(left.allSatisfy(leftSet.contains))
    }
  }

  @Test func `all queues of a matrix are in its set`() {
    let matrix = APMatrix(adapters: APMask([0, 5, 255]), domains: APMask([4, 255]))
    #expect(APQueueSet(matrix).queues == matrix.queues)
    #expect(APQueueSet(APMatrix(adapters: .all, domains: .all)).count == 65536)
    #expect(APQueueSet(APMatrix(adapters: .all)).isEmpty)
  }

  @Test(arguments: [
    ([], ""), (["05.0004"], "05.0004"),
    (["05.0004", "05.0005", "05.0007"], "05.0004-0005,05.0007"),
    (["05.0004", "06.0004", "08.0004"], "05-06.0004,08.0004"),
    (["05.0004", "05.0005", "06.0004"], "05.0004-0005,06.0004"),
    (["fe.00ff", "ff.00ff"], "fe-ff.00ff"),
  ])
  func `a set is written as commands take it`(queues: [String], text: String) throws {
    let queues = queues.compactMap { APQueue(deviceName: $0) }
    #expect(APQueueSet(queues).description == text)
    guard !queues.isEmpty else { return }
    #expect(try APSelection(text).queues(of: queues) == queues)
  }

  private static func queues(using random: inout some RandomNumberGenerator) -> Set<APQueue> {
    let numbers: [UInt8] = [0, 1, 2, 63, 64, 127, 128, 254, 255]
    return Set(
      (0..<Int.random(in: 0..<30, using: &random)).compactMap { _ in
        guard let adapter = numbers.randomElement(using: &random),
          let domain = numbers.randomElement(using: &random)
        else { return nil }
        return APQueue(adapter: adapter, domain: domain)
      })
  }
}
