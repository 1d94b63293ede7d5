// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevSimulatorCommands

@main
struct Mdevsim {
  static func main() {
    exit(Simulator.run(CommandLine.arguments))
  }
}
