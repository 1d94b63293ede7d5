// SPDX-License-Identifier: Apache-2.0

/// The names of hardware that udev knows (`udev_hwdb`).
///
/// It is this machine's whatever the root: libudev looks in its own places only.
@safe
package struct HardwareDatabase: ~Copyable {
  private let library: UdevLibrary
  private let context: OpaquePointer
  private let database: OpaquePointer

  /// Opens the database (`udev_hwdb_new`); `nil` where there is none, or no libudev.
  package init?() {
    guard let library = try? UdevLibrary(), let context = unsafe library.newContext() else {
      return nil
    }
    guard let database = unsafe library.newDatabase(context) else {
      _ = unsafe library.unrefContext(context)
      return nil
    }
    self.library = library
    unsafe self.context = context
    unsafe self.database = database
  }

  deinit {
    _ = unsafe library.unrefDatabase(database)
    _ = unsafe library.unrefContext(context)
  }

  /// What the device with this `modalias` and its maker are called (`ID_VENDOR_FROM_DATABASE`,
  /// `ID_MODEL_FROM_DATABASE`).
  package func names(of modalias: String) -> (vendor: String?, model: String?) {
    let list = unsafe library.properties(database, modalias, 0)
    func value(of property: String) -> String? {
      guard let entry = unsafe library.entryByName(list, property),
        let value = unsafe library.valueOfEntry(entry)
      else { return nil }
      return unsafe String(cString: value)
    }
    return (value(of: "ID_VENDOR_FROM_DATABASE"), value(of: "ID_MODEL_FROM_DATABASE"))
  }
}
