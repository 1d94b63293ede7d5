// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The seeds of random tests.
///
/// A test takes its seed as an argument, which each of its failures prints, or puts it into the
/// comment of each expectation. `TEST_SEED` in the environment has all of them run with that alone.
package enum TestSeed {
  /// The one that the environment asks for.
  package static let chosen: Int? = getenv("TEST_SEED").map { text in
    guard let seed = Int(String(cString: text)) else {
      preconditionFailure("TEST_SEED is no number")
    }
    return seed
  }

  /// One that is new in each run.
  package static var fresh: [Int] { [chosen ?? Int.random(in: 0..<1_000_000_000)] }

  /// Those of a range, the same in each run.
  package static func each(of range: Range<Int>) -> [Int] { chosen.map { [$0] } ?? Array(range) }
}
