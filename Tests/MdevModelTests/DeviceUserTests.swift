// SPDX-License-Identifier: Apache-2.0

import MdevModel
import Testing

struct DeviceUserTests {
  @Test(arguments: [
    (["qemu-system-x86_64", "-name", "guest=web1,debug-threads=on", "-S"], "web1"),
    (["qemu-system-x86_64", "-name", "web1"], "web1"),
    (["qemu-system-x86_64", "--name", "web1,process=qemu"], "web1"),
    (["qemu-system-x86_64", "-name", "debug-threads=on,guest=a,,b=c"], "a,b=c"),
    (["qemu-system-x86_64", "-name", "process=x"], nil),
    (["qemu-system-x86_64", "-name"], nil), (["qemu-system-x86_64", "-name", ""], nil),
    (["vfio-hold", "12"], nil), ([], nil),
  ])
  func `the guest is the one that QEMU is told`(arguments: [String], guest: String?) {
    #expect(DeviceUser.guest(in: arguments) == guest)
  }

  @Test func `a guest is named beside its process`() {
    #expect("\(DeviceUser(pid: 7, command: "qemu"))" == "7 (qemu)")
    #expect("\(DeviceUser(pid: 7, command: "qemu", guest: "web1"))" == "7 (qemu, guest web1)")
  }
}
