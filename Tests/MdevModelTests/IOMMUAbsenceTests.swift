// SPDX-License-Identifier: Apache-2.0

import MdevModel
import Testing

struct IOMMUAbsenceTests {
  @Test(
    arguments: [
      ("", [], .notReported), ("intel_iommu=on", ["FACP"], .notReported),
      ("quiet", ["DMAR"], .notTurnedOn), ("intel_iommu=on", ["DMAR"], .unused(table: "DMAR")),
      ("intel_iommu=off", ["DMAR"], .turnedOff(option: "intel_iommu=off")),
      ("intel_iommu=off intel_iommu=on", ["DMAR"], .unused(table: "DMAR")),
      ("intel_iommu=on,sm_on", ["DMAR"], .unused(table: "DMAR")),
      ("intel_iommu=off", ["IVRS"], .unused(table: "IVRS")),
      ("amd_iommu=off", ["IVRS"], .turnedOff(option: "amd_iommu=off")),
      ("amd_iommu=off", ["DMAR"], .notTurnedOn), ("iommu=pt", ["IVRS"], .unused(table: "IVRS")),
      ("iommu=noforce,off", ["IVRS"], .turnedOff(option: "iommu=noforce,off")),
      ("xiommu=off", ["IORT"], .unused(table: "IORT")),
      ("iommu=off", [], .turnedOff(option: "iommu=off")),
    ] as [(String, Set<String>, IOMMUAbsence)])
  func `the command line and the tables of the firmware tell why`(
    _ line: String, _ tables: Set<String>, _ absence: IOMMUAbsence
  ) {
    #expect(IOMMUAbsence(commandLine: line, tables: tables) == absence)
  }
}
