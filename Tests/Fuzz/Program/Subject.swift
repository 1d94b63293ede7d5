// SPDX-License-Identifier: Apache-2.0

/// A kind of text that comes from outside; its corpus has its name.
enum Subject: String, CaseIterable {
  case callouts, changes, definitions, hosts, masks, names, profiles, rules

  /// Reads `bytes` in every way in which the programs read such a text.
  func test(_ bytes: [UInt8]) {
    switch self {
    case .callouts: testCallouts(bytes)
    case .changes: testChanges(bytes)
    case .definitions: testDefinitions(bytes)
    case .hosts: testHosts(bytes)
    case .masks: testMasks(bytes)
    case .names: testNames(bytes)
    case .profiles: testProfiles(bytes)
    case .rules: testRules(bytes)
    }
  }
}

/// Ends the program where a property does not hold.
func expect(_ holds: Bool, _ property: String, _ details: Any...) {
  guard !holds else { return }
  fatalError("\(property): \(details.map { "\($0)" }.joined(separator: " / "))")
}

/// Ends the program where two values differ.
func expectEqual<Value: Equatable>(_ one: Value, _ other: Value, _ property: String) {
  expect(one == other, property, one, other)
}

/// The value that `read` gives; `nil` after an error, which must have words for it.
func value<Value, Failure>(_ read: () throws(Failure) -> Value) -> Value? {
  do {
    return try read()
  } catch {
    expect(!"\(error)".isEmpty, "an error without words", type(of: error))
    return nil
  }
}

/// The value of a text that must be one, since it was written by ourselves.
func own<Value, Failure>(_ property: String, _ read: () throws(Failure) -> Value) -> Value {
  do {
    return try read()
  } catch {
    fatalError("\(property): \(error)")
  }
}
