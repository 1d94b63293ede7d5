// SPDX-License-Identifier: Apache-2.0

import MdevModel

extension RulesFile {
  package static let driversName = "05-driverctl.rules"

  /// The rules that give a device the driver that is stored for it.
  ///
  /// `program` is the path of mdevctl. driverctl has a file of this name with the first of the two
  /// rules, and the same unit, so that the first directory with one of the files serves both.
  package static func drivers(program: String) -> RulesFile {
    RulesFile(
      name: driversName, madeFrom: program,
      """
      #
      # Gives a device for which a driver is stored that driver when it appears.

      ACTION!="add", GOTO="driverctl_end"
      TEST!="/etc/driverctl.d/$env{SUBSYSTEM}-$kernel", GOTO="driverctl_end"

      # With systemd one unit for each device: ordered, logged. Without it, at once.
      # Most names are their own instance; to ask for one costs a process.
      TEST=="/run/systemd/system", KERNEL!="*[!a-zA-Z0-9:_.]*", SUBSYSTEM!="*[!a-zA-Z0-9:_.]*", \\
        TAG+="systemd", ENV{SYSTEMD_WANTS}+="driverctl@$env{SUBSYSTEM}-$kernel.service", GOTO="driverctl_end"
      TEST=="/run/systemd/system", PROGRAM=="/bin/systemd-escape --template=driverctl@.service $env{SUBSYSTEM}/$kernel", \\
        TAG+="systemd", ENV{SYSTEMD_WANTS}+="$result", GOTO="driverctl_end"
      RUN+="/bin/sh -c '\(program) driver load $env{SUBSYSTEM}/%k 2>&1 | logger -t mdevctl'"

      LABEL="driverctl_end"

      """)
  }

  /// Tells whether rules of another tool, in a file of this name, give stored drivers as well, by
  /// way of driverctl's unit; for they need systemd, and no program of ours.
  package static func startsDriverUnits(_ text: String) -> Bool {
    RuleLine.lines(of: text).flatMap(\.items).contains { item in
      item.key == "ENV{SYSTEMD_WANTS}" && !item.isQuestion && item.value.holds("driverctl@")
    }
  }
}
