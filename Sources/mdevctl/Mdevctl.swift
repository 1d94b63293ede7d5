// SPDX-License-Identifier: Apache-2.0

import MdevCommands

@main
struct Mdevctl {
  static func main() {
    Program.run(CommandLine.arguments)
  }
}
