// SPDX-License-Identifier: Apache-2.0

import CUdev

/// The functions of libudev that a look into its database calls, of the library that this machine
/// has.
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
    let symbols = try LibrarySymbols(of: name)
    unsafe newContext = try symbols.function("udev_new")
    unsafe unrefContext = try symbols.function("udev_unref")
    unsafe newDatabase = try symbols.function("udev_hwdb_new")
    unsafe unrefDatabase = try symbols.function("udev_hwdb_unref")
    unsafe properties = try symbols.function("udev_hwdb_get_properties_list_entry")
    unsafe entryByName = try symbols.function("udev_list_entry_get_by_name")
    unsafe valueOfEntry = try symbols.function("udev_list_entry_get_value")
  }
}
