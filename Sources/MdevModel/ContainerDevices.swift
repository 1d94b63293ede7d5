// SPDX-License-Identifier: Apache-2.0

/// The devices that containers can be given, as their engines are told (Container Device Interface,
/// https://github.com/cncf-tags/container-device-interface).
package struct ContainerDevices: Hashable, Sendable {
  /// One device and the nodes below /dev that it takes.
  package struct Device: Hashable, Sendable {
    /// A uuid or a PCI address.
    package let name: String
    package let nodes: [String]

    package init(name: String, nodes: [String]) {
      self.name = name
      self.nodes = nodes
    }
  }

  /// The kind of them all, before the `=` and the name.
  package static let kind = "mdevctl/vfio"

  /// The nodes that each container gets as well: VFIO's container, iommufd.
  package static let commonNodes = ["/dev/vfio/vfio", "/dev/iommu"]

  /// Those of them that there are.
  package let common: [String]
  package let devices: [Device]

  package init(common: [String], devices: [Device]) {
    self.common = common
    self.devices = devices
  }
}
