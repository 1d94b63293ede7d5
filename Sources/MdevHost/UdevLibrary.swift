// SPDX-License-Identifier: Apache-2.0

import CUdev
import Glibc

/// The functions of libudev that are called, of the library that this machine has.
///
/// It is loaded when something of it is wanted (`dlopen`) and stays loaded: most commands want
/// nothing, and a library that is linked is paid for at every start.
@safe
struct UdevLibrary {
  /// The name of the library, with the version of its interface.
  static let name = "libudev.so.1"

  let newContext: CUdev_new
  let unrefContext: CUdev_unref
  let newDatabase: CUdev_hwdb_new
  let unrefDatabase: CUdev_hwdb_unref
  let properties: CUdev_hwdb_get_properties_list_entry
  let entryByName: CUdev_list_entry_get_by_name
  let valueOfEntry: CUdev_list_entry_get_value

  /// Loads the library; the error names it, also where it lacks a function.
  init(named name: String = Self.name) throws(HostError) {
    let symbols = try Symbols(of: name)
    unsafe newContext = try symbols.function("udev_new")
    unsafe unrefContext = try symbols.function("udev_unref")
    unsafe newDatabase = try symbols.function("udev_hwdb_new")
    unsafe unrefDatabase = try symbols.function("udev_hwdb_unref")
    unsafe properties = try symbols.function("udev_hwdb_get_properties_list_entry")
    unsafe entryByName = try symbols.function("udev_list_entry_get_by_name")
    unsafe valueOfEntry = try symbols.function("udev_list_entry_get_value")
  }
}

/// The symbols of a loaded library.
@safe
private struct Symbols {
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
