// SPDX-License-Identifier: Apache-2.0

import MdevHost
import MdevModel
import MdevPlanning

extension Remedy {
  /// The commands that carry it out on the host at `root`, one after the other, each as its words.
  func commands(on root: SystemRoot) -> [[String]] {
    switch self {
    case .makeManual(let device): [["mdevctl", "modify"] + device.options + ["--manual"]]
    case .deleteAttributes(let device, let indices):
      indices.map {
        ["mdevctl", "modify"] + device.options + ["--delattr", "--index", "\($0)"]
      }
    case .moveDefinition(let device, let parent):
      [
        [
          "mdevctl", "define", "-u", "\(device.uuid)", "-p", "\(parent)", "--jsonfile",
          root.path("/etc/mdevctl.d/\(device.parent)/\(device.uuid)"), "--force",
        ],
        ["mdevctl", "undefine"] + device.options,
      ]
    case .define(let uuid): [["mdevctl", "define", "-u", "\(uuid)"]]
    case .setDriver(let device, let driver, let takesGroup):
      [["mdevctl", "driver", "set", "\(device)", "\(driver)"] + (takesGroup ? ["--group"] : [])]
    case .giveQueues(let queues): [["mdevctl", "driver", "set", "ap/\(queues)", "vfio_ap"]]
    case .unsetQueues(let queues): [["mdevctl", "driver", "unset", "ap/\(queues)"]]
    case .setMasks(let masks, let moments):
      [
        [
          "mdevctl", "ap", "set", "apmask=\(masks.adapters.list)", "aqmask=\(masks.domains.list)",
        ] + moments.option
      ]
    case .unsetDriver(let device): [["mdevctl", "driver", "unset", "\(device)"]]
    case .loadDriver(let device): [["mdevctl", "driver", "load", "\(device)"]]
    case .card(let remedy): [["mdevctl", "vgpu"] + remedy.words]
    case .recover: [["mdevctl", "recover"]]
    case .installRules: [["mdevctl", "rules", "install"]]
    case .replaceRules(let path):
      [["mv", path, "\(path).old"], ["mdevctl", "rules", "install"]]
    case .removeOwner(let uuid): [["mdevctl", "rules", "owner", "--remove", "-u", "\(uuid)"]]
    case .makeInitrd(let maker): [maker.command]
    case .closeToOthers(let path): [["chmod", "go-w", path]]
    case .both(let first, let second): first.commands(on: root) + second.commands(on: root)
    }
  }

  /// The commands in a line for a shell.
  func line(on root: SystemRoot) -> String {
    commands(on: root).map { $0.map(Remedy.quoted).joined(separator: " ") }
      .joined(separator: " && ")
  }

  /// A word as a shell takes it literally (POSIX 2.2.2).
  private static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "/.-_:=,+@%".utf8.contains(byte)
      }
    }
    guard !isPlain || word.isEmpty else { return word }
    return "'"
      + word.split(separator: "'", omittingEmptySubsequences: false)
      .joined(separator: #"'\''"#) + "'"
  }
}

extension CardRemedy {
  /// The words after 'mdevctl vgpu'.
  fileprivate var words: [String] {
    switch self {
    case .restore(let card): ["restore", "\(card)"]
    case .setFunctions(let card, let count): ["set", "\(card)", "--functions", "\(count)"]
    case .setType(let card, let function, let type):
      ["set", "\(card)", "\(function)=\(type.id)"]
    case .mixSizes(let card): ["set", "\(card)", "--mixed-sizes"]
    case .unset(let address): ["unset", "\(address)"]
    }
  }
}

extension DeviceIdentity {
  /// The options that name it.
  fileprivate var options: [String] { ["-u", "\(uuid)", "-p", "\(parent)"] }
}

extension Set<Moment> {
  /// The option of a command that changes only some of the times.
  fileprivate var option: [String] {
    switch (contains(.now), contains(.boot)) {
    case (true, false): ["--now-only"]
    case (false, true): ["--boot-only"]
    default: []
    }
  }
}
