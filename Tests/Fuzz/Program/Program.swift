// SPDX-License-Identifier: Apache-2.0

/// The program is libFuzzer's over one of our readers:
/// `mdevfuzz --subject=rules -max_total_time=60 CORPUS`.
///
/// An input that is handled as it should be leads to a value or a typed error. All else ends the
/// program: a trap of Swift, a report of AddressSanitizer, or a property that does not hold.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  Subject.chosen.test(Array(UnsafeBufferPointer(start: data, count: size)))
  return 0
}

extension Subject {
  /// libFuzzer passes over what begins with two hyphens, and hands it to its processes.
  private static let option = "--subject="

  /// The one that the command line names.
  static let chosen: Subject = {
    let words = CommandLine.arguments.filter { $0.hasPrefix(option) }
    guard let subject = Subject(rawValue: String(words.last?.dropFirst(option.count) ?? "")) else {
      fatalError("say \(option)NAME, with one of \(allCases.map(\.rawValue))")
    }
    return subject
  }()
}
