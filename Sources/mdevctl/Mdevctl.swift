// SPDX-License-Identifier: Apache-2.0

import Glibc
import MdevCommands

@main
struct Mdevctl {
  static func main() {
    exit(Program.run(CommandLine.arguments))
  }
}
