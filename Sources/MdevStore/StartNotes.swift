// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// A note of a device that is being made, or was when its maker ended.
package struct StartNote: Hashable, Sendable {
  package let device: ActiveDevice
  package let maker: ProcessMark
}

/// What is remembered of devices that are being made: `/run/mdevctl/making/UUID`, with the parent,
/// the type, and the maker's number and start time, a line each.
///
/// A note is there from before the kernel is asked for the device until after its last attribute,
/// so that a device whose maker was killed in between is known for what it is.
package struct StartNotes: Sendable {
  /// The directory of the notes, whether it is there or not.
  package let directory: String

  package init(root: SystemRoot) {
    directory = "\(root.runDirectory)/making"
  }

  /// Notes that this process is about to make the device.
  package func note(_ device: ActiveDevice) throws(StoreError) {
    let maker = ProcessMark.current
    let name = "\(device.identity.uuid)"
    try onHost { () throws(HostError) in
      try makeDirectory(directory)
      try StagedFile(at: "\(directory)/.\(name)").put(
        "\(device.identity.parent)\n\(device.type)\n\(maker.pid)\n\(maker.start)\n", at: name,
        in: directory)
    }
  }

  /// Forgets the note of a device that is made, or gone.
  package func clear(_ uuid: DeviceUUID) throws(StoreError) {
    try onHost { () throws(HostError) in try removeIfPresent("\(uuid)", from: directory) }
  }

  /// The note of a device; `nil` if there is none, or one that makes no sense.
  package func note(of uuid: DeviceUUID) throws(StoreError) -> StartNote? {
    let text: String?
    do throws(HostError) {
      text = try textOfFile("\(directory)/\(uuid)", limit: 1 << 12)
    } catch let error where error.isAbsence {
      return nil
    } catch {
      throw .host(error)
    }
    let lines = (text ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count == 5, let parent = try? ParentName(String(lines[0])),
      let type = try? TypeName(String(lines[1])), let pid = Int32(lines[2]),
      let start = UInt64(lines[3])
    else { return nil }
    return StartNote(
      device: ActiveDevice(identity: DeviceIdentity(parent: parent, uuid: uuid), type: type),
      maker: ProcessMark(pid: pid, start: start))
  }

  /// All notes, in no order.
  package func all() throws(StoreError) -> [StartNote] {
    let entries: [Directory.Entry]
    do throws(HostError) {
      entries = try Directory(directory).readEntries()
    } catch let error where error.isAbsence {
      return []
    } catch {
      throw .host(error)
    }
    var notes: [StartNote] = []
    for entry in entries {
      guard let uuid = DeviceUUID(text: entry.name), let note = try note(of: uuid) else { continue }
      notes.append(note)
    }
    return notes
  }
}
