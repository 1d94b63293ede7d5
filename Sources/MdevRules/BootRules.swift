// SPDX-License-Identifier: Apache-2.0

extension RulesFile {
  package static let bootName = "60-mdevctl.rules"

  /// The rules that start the devices of a parent each time it registers, and give cards the virtual
  /// functions that are stored for them.
  ///
  /// `program` is the path of mdevctl; the rules must be usable where it is not, in an initrd for
  /// example, so they name nothing else of ours. The file in udev/ is this one for
  /// `/usr/sbin/mdevctl`.
  package static func boot(program: String) -> RulesFile {
    RulesFile(
      name: bootName, madeFrom: program,
      """
      #
      # Starts the mediated devices that are defined with "auto" when their parent is there: once for
      # each time that it registers. Only a parent has the directory of types.

      ACTION!="add|change", GOTO="mdevctl_end"

      # A card gets the functions and vGPU types that are stored for it; the program waits for its driver.
      ACTION!="add", GOTO="mdevctl_mediated"
      SUBSYSTEM!="pci", GOTO="mdevctl_mediated"
      TEST!="/etc/mdevctl.vgpu.d/$kernel", GOTO="mdevctl_mediated"
      TEST=="/run/systemd/system", \\
        TAG+="systemd", ENV{SYSTEMD_WANTS}+="mdevctl-vgpu@$kernel.service", GOTO="mdevctl_mediated"
      RUN+="/bin/sh -c '(\(program) vgpu restore %k --wait 60 2>&1 | logger -t mdevctl) &'"

      LABEL="mdevctl_mediated"
      TEST!="mdev_supported_types", GOTO="mdevctl_end"
      TEST!="/etc/mdevctl.d/$kernel", GOTO="mdevctl_end"

      # The kernel says when the types can be used, since Linux 5.3.
      ACTION=="change", ENV{MDEV_STATE}=="registered", GOTO="mdevctl_start"
      ACTION=="change", GOTO="mdevctl_end"

      # An "add" that somebody asked for, as the boot does, stands for a parent that registered before
      # udev was there; any other "add" comes before the registration, but for older kernels is all.
      ENV{SYNTH_UUID}=="?*", GOTO="mdevctl_start"
      PROGRAM!="/bin/uname -r", GOTO="mdevctl_end"
      RESULT!="[0-4].*|5.[0-2].*|5.[0-2]", GOTO="mdevctl_end"

      LABEL="mdevctl_start"
      # With systemd one unit for each parent: ordered, logged, tried again. Without it, at once.
      # Most names are their own instance; to ask for one costs a process.
      TEST=="/run/systemd/system", KERNEL!="*[!a-zA-Z0-9:_.]*", \\
        TAG+="systemd", ENV{SYSTEMD_WANTS}+="mdevctl-start@$kernel.service", GOTO="mdevctl_end"
      TEST=="/run/systemd/system", PROGRAM=="/bin/systemd-escape --template=mdevctl-start@.service $kernel", \\
        TAG+="systemd", ENV{SYSTEMD_WANTS}+="$result", GOTO="mdevctl_end"
      RUN+="/bin/sh -c '\(program) start-parent-mdevs %k 2>&1 | logger -t mdevctl'"

      LABEL="mdevctl_end"

      """)
  }
}
