// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevModel
import MdevOperations

enum ShowCommand {
  static let syntax = CommandSyntax(
    "show", "Show all that is known of a device, and how a guest is given it.",
    discussion: """
      A device is a uuid or the first digits of one, a PCI address, the number of a subchannel or of \
      the device behind it, BUS/DEVICE as commands about drivers have it, or a parent.
      What --format prints for QEMU, libvirt or a container engine is complete: of a PCI function \
      each member of its group, and 'managed' as its driver needs it.
      """,
    examples: [
      "mdevctl show 83b8f4f2", "mdevctl show 7e270a25 --format libvirt --guest fe.0.1234",
      "mdevctl show pci/0000:01:00.0 --format qemu",
    ],
    options: [
      .value(
        "--format", takes: ValueSyntax("FORMAT", .choice(Format.words)),
        help: """
          Print an option of QEMU, the <hostdev> of a domain of libvirt, the definition that 'virsh \
          nodedev-define' takes, what container engines read, or JSON, in place of words.
          """,
        excludes: ["--json"]),
      .value(
        "--guest", takes: ValueSyntax("ADDRESS", .text),
        help: """
          The place in the guest: fe.0.1234 of a channel device, 0000:06:00.0 or 05.0 of a PCI \
          function.
          """),
      .flag("--display", help: "The guest's screen is that of the vGPU."), .json,
    ],
    operands: [
      OperandSyntax("DEVICE", .anyDevice, .oneOrMore, help: "The devices.")
    ]
  ) { arguments throws(ArgumentError) in
    let names = arguments.words("DEVICE").map { $0 }
    var form = GuestForm()
    form.address = try arguments.value("--guest", GuestAddress.init(argument:))
    form.hasDisplay = arguments.has("--display")
    let format =
      try arguments.value("--format", Format.init(argument:))
      ?? (arguments.has("--json") ? .json : .text)
    guard form == GuestForm() || format == .qemu || format == .libvirt else {
      throw arguments.mistake("--guest and --display need --format qemu or libvirt")
    }
    return .waiting { [form] in
      let host = Host.operations()
      let shown = try await host.showDevices.run(names)
      switch format {
      case .text: try Output.print(.shown(shown.value), as: .text, shown.warnings)
      case .json: try Output.print(.shown(shown.value), as: .json, shown.warnings)
      case .qemu: try print(form, for: .qemu, of: shown)
      case .libvirt: try print(form, for: .libvirt, of: shown)
      case .nodedev: try print(form, for: .nodedev, of: shown)
      case .cdi:
        let devices = try ContainerDevices(
          of: shown.value, beside: host.offerToContainers.commonNodes())
        try Output.print(.containerDevices(devices), as: .json, shown.warnings)
      }
    }
  }

  /// The words for a format; without any it is text.
  private enum Format: String {
    case text, qemu, libvirt, nodedev, cdi, json

    static let words = ["qemu", "libvirt", "nodedev", "cdi", "json"]

    init(argument: String) throws(ValueError) {
      guard Format.words.contains(argument), let format = Format(rawValue: argument) else {
        throw ValueError("'\(argument)' is none of \(Format.words.joined(separator: ", "))")
      }
      self = format
    }
  }

  private static func print(
    _ form: GuestForm, for reader: GuestForm.Reader, of shown: Outcome<[ShownDevice]>
  ) throws {
    let texts = try shown.value.map { try form.text(of: $0, for: reader) }
    try Output.print(
      .lines(texts), as: .text, shown.warnings + form.warnings(about: shown.value, for: reader))
  }
}

extension GuestAddress {
  fileprivate init(argument: String) throws(GuestAddressError) {
    try self.init(argument)
  }
}
