// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The symbols of a library that is loaded when something of it is wanted (`dlopen`), and stays
/// loaded.
///
/// Most commands want nothing, and a library that is linked is paid for at every start.
@safe
struct LibrarySymbols {
  private let library: UnsafeMutableRawPointer
  private let name: String

  init(of name: String) throws(HostError) {
    guard let library = unsafe dlopen(name, RTLD_LAZY) else { throw Self.failure(of: name) }
    unsafe self.library = library
    self.name = name
  }

  /// The function of that name (`dlsym`), whose type must be right.
  @unsafe
  func function<Function>(_ symbol: String) throws(HostError) -> Function {
    guard let address = unsafe dlsym(library, symbol) else { throw Self.failure(of: name) }
    return unsafe unsafeBitCast(address, to: Function.self)
  }

  private static func failure(of name: String) -> HostError {
    let words = unsafe dlerror().map { unsafe String(cString: $0) } ?? "no reason is given"
    let prefix = name + ": "
    let reason = words.hasPrefix(prefix) ? String(words.dropFirst(prefix.count)) : words
    return HostError(.load, name, .complained(reason))
  }
}
