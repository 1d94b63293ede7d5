// SPDX-License-Identifier: Apache-2.0

import CUdev
import Glibc
import SystemPackage

/// The names of hardware that udev knows (`udev_hwdb`).
///
/// It is this machine's whatever the root: libudev looks in its own places only.
@safe
package struct HardwareDatabase: ~Copyable {
  private let context: OpaquePointer
  private let database: OpaquePointer

  /// Opens the database (`udev_hwdb_new`); `nil` where there is none.
  package init?() {
    guard let context = unsafe udev_new() else { return nil }
    guard let database = unsafe udev_hwdb_new(context) else {
      unsafe udev_unref(context)
      return nil
    }
    unsafe self.context = context
    unsafe self.database = database
  }

  deinit {
    unsafe udev_hwdb_unref(database)
    unsafe udev_unref(context)
  }

  /// What the device with this `modalias` is called, without its maker
  /// (`ID_MODEL_FROM_DATABASE`).
  package func model(of modalias: String) -> String? {
    value(of: "ID_MODEL_FROM_DATABASE", for: modalias)
  }

  /// The maker of the device with this `modalias` (`ID_VENDOR_FROM_DATABASE`).
  package func vendor(of modalias: String) -> String? {
    value(of: "ID_VENDOR_FROM_DATABASE", for: modalias)
  }

  private func value(of property: String, for modalias: String) -> String? {
    let list = unsafe udev_hwdb_get_properties_list_entry(database, modalias, 0)
    guard let entry = unsafe udev_list_entry_get_by_name(list, property),
      let value = unsafe udev_list_entry_get_value(entry)
    else { return nil }
    return unsafe String(cString: value)
  }
}
