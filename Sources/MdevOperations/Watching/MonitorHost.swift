// SPDX-License-Identifier: Apache-2.0

package import MdevHost
package import MdevModel

/// The watch over what comes, goes and changes on a host.
package struct MonitorHost: Sendable {
  let reader: HostReader

  /// Something that a watch tells.
  package enum Report: Hashable, Sendable {
    case events([HostEvent])
    /// From now on there are changes only; the listing that was asked for is over.
    case ready(UeventSource?)
    /// Changes were missed; what is there now follows.
    case lost
  }

  /// Tells of each change from now on, until INT, TERM or HUP comes in or nobody reads stdout, and
  /// before that of what there is, if that is wanted.
  ///
  /// The watch begins before the host is looked at, so that nothing falls between the two. Of
  /// another root nothing but the files can be watched: uevents are those of this machine.
  package func run(listing: Bool, _ tell: (Report) throws -> Void) async throws {
    let source = reader.root.isHost ? UeventSource.ofHost : nil
    let changes = try HostChanges(uevents: source, until: .dismissal)
    var view = HostView(of: reader, by: changes)
    view.follow()
    let present = await view.list()
    if listing { try tell(.events(present)) }
    try tell(.ready(source))
    while let change = try await changes.next() {
      switch change {
      case .kernel(let change): try tell(.events(await view.take(change)))
      case .files(let change): try tell(.events(view.take(change)))
      case .lost:
        try tell(.lost)
        try tell(.events(await view.list()))
        try tell(.ready(source))
      }
    }
  }
}
