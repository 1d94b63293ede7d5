// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// The function of C by this name is CStart's in this program, as it is in mdevctl.
struct PriorityTests {
  /// Units and ordinary users may not raise the priority that Dispatch asks for, which it told the
  /// system's log each time.
  @Test func `a priority is granted and stays as it is`() {
    let process = __priority_which_t(PRIO_PROCESS.rawValue)
    let before = getpriority(process, 0)
    #expect(setpriority(process, 0, before + 1) == 0)
    #expect(getpriority(process, 0) == before)
  }
}
