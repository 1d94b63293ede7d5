// SPDX-License-Identifier: Apache-2.0

import MdevModel
import Testing

struct PCIModaliasTests {
  @Test func `maker, model and class are read`() throws {
    let text = "pci:v000010DEd00001B81sv00001458sd00003702bc03sc00i00"
    let modalias = try #require(PCIModalias(text))
    #expect(modalias.id == "10de:1b81")
    #expect(modalias.pciClass == PCIClass(code: 0x030000))
    #expect(PCIModalias("pci:v00000001d00000002sv00000000sd00000000bc06sc01ia0")?.id == "0001:0002")
  }

  @Test(arguments: [
    "", "pci:", "css:t0", "pci:v000010DE", "pci:v000110DEd00001B81sv00001458sd00003702bc03sc00i00",
    "pci:v000010DEd00001B81sv00001458sd00003702bc03sc00i",
    "pci:v+00010DEd00001B81sv0sd0bc03sc00i00",
    "PCI:v000010DEd00001B81sv00001458sd00003702bc03sc00i00",
  ])
  func `anything else is none`(text: String) {
    #expect(PCIModalias(text) == nil)
  }
}
