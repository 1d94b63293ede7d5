// SPDX-License-Identifier: Apache-2.0

import MdevHost
package import MdevModel

extension MatrixDevice {
  /// The queues that the guest gets of those that the device has (`guest_matrix_show`); `nil` of a
  /// kernel that does not tell.
  package func guestMatrix() throws(DriverError) -> APQueueSet? {
    let attribute = attribute("guest_matrix")
    guard let text = try onHost({ () throws(HostError) in try attribute.readIfPresent() }) else {
      return nil
    }
    do throws(APMatrixError.Fault) {
      return APQueueSet(try APMatrix(listing: text, controlDomains: ""))
    } catch {
      throw .noMatrix(path: attribute.path, error)
    }
  }
}
