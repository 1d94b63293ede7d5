// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// Functions of C by these names are CStart's in this program, as they are in mdevctl.
struct MathematicsTests {
  @Test(arguments: [
    (0, 0), (0.25, 1), (1, 1), (1.5, 2), (-1, -1), (-1.5, -1), (.leastNonzeroMagnitude, 1),
    (4_503_599_627_370_495.5, 4_503_599_627_370_496), (1e300, 1e300), (-.infinity, -.infinity),
  ])
  func `ceil is the next whole number`(number: Double, expected: Double) {
    #expect(Glibc.ceil(number) == expected)
  }

  @Test func `ceil keeps the sign of a zero, and what is no number`() {
    #expect(Glibc.ceil(-0.5).sign == .minus)
    #expect(Glibc.ceil(-0.0).sign == .minus)
    #expect(Glibc.ceil(Double.nan).isNaN)
  }

  @Test func `other functions are libm's`() {
    #expect(Glibc.acos(-1.0) == .pi)
    #expect(Glibc.acosf(1) == 0)
    #expect(Glibc.ceilf(0.5) == 1)
    #expect(Glibc.pow(2.0, 10.0) == 1024)
    #expect(Glibc.fma(2.0, 3.0, 4.0) == 10)
    #expect(Glibc.jn(0, 0.0) == 1)
    var quotient: Int32 = 0
    #expect(Glibc.remquo(7.0, 2.0, &quotient) == -1)
    #expect(quotient == 4)
    var sign: Int32 = 0
    #expect(Glibc.lgamma_r(1.0, &sign) == 0)
    #expect(sign == 1)
  }
}
