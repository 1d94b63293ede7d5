// SPDX-License-Identifier: Apache-2.0

import CJansson

/// Owns one reference to a jansson value and gives it back exactly once.
///
/// Nothing outside this file sees a `json_t`; callers get a ``JSONValue``.
@safe
struct JanssonDocument: ~Copyable {
  private let root: UnsafeMutablePointer<json_t>

  /// Parses `text` (`json_loadb`); of members with one name in an object, the last wins unless they are
  /// refused.
  init(parsing text: Span<UInt8>, refusingDuplicates: Bool) throws(JSONError) {
    _ = JanssonDocument.seeded
    var failure = json_error_t()
    let root = unsafe text.withUnsafeBytes { bytes in
      unsafe json_loadb(
        bytes.assumingMemoryBound(to: CChar.self).baseAddress, bytes.count,
        refusingDuplicates ? Int(JSON_REJECT_DUPLICATES) : 0, &failure)
    }
    guard let root = unsafe root else { throw JSONError(failure) }
    unsafe self.root = root
  }

  deinit { unsafe json_decref(root) }

  /// A copy of the document's value.
  var value: JSONValue { unsafe JanssonDocument.copy(root) }

  /// Done once, since without a seed jansson opens /dev/urandom at the first object.
  ///
  /// It is random (`getrandom`), since names that are made to fall into one place of the table cost
  /// 7 s for a megabyte.
  private static let seeded: Void = json_object_seed(Int.random(in: 1...Int(UInt32.max)))

  private static func copy(_ json: UnsafeMutablePointer<json_t>) -> JSONValue {
    switch unsafe json.pointee.type {
    case JSON_OBJECT: unsafe .object(members(of: json))
    case JSON_ARRAY:
      unsafe .array(
        (0..<json_array_size(json)).compactMap { index in
          unsafe json_array_get(json, index).map { element in unsafe copy(element) }
        })
    case JSON_STRING: unsafe .string(string(of: json))
    case JSON_INTEGER: unsafe .integer(Int(json_integer_value(json)))
    case JSON_REAL: unsafe .real(json_real_value(json))
    case JSON_TRUE: .boolean(true)
    case JSON_FALSE: .boolean(false)
    default: .null
    }
  }

  private static func members(of object: UnsafeMutablePointer<json_t>) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    var iterator = unsafe json_object_iter(object)
    while let current = unsafe iterator {
      if let name = unsafe json_object_iter_key(current),
        let value = unsafe json_object_iter_value(current)
      {
        unsafe members.append(JSONValue.Member(String(cString: name), copy(value)))
      }
      unsafe iterator = json_object_iter_next(object, current)
    }
    return members
  }

  private static func string(of json: UnsafeMutablePointer<json_t>) -> String {
    let bytes = unsafe UnsafeRawBufferPointer(
      start: json_string_value(json), count: json_string_length(json))
    return unsafe String(decoding: bytes, as: UTF8.self)
  }
}

extension JSONError {
  /// Copies jansson's report of a text that it could not parse.
  fileprivate init(_ failure: json_error_t) {
    let reason = unsafe withUnsafeBytes(of: failure.text) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    self = unsafe .syntax(
      line: max(Int(failure.line), 1), column: max(Int(failure.column), 1), reason: reason)
  }
}
