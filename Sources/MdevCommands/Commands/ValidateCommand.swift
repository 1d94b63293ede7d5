// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MdevCallouts
import MdevModel
import MdevOperations

/// The program under its name `mdevctl-validate`, or one that ends in it.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mdevctl-validate",
    abstract: "Validate changes as a callout of another mdevctl.",
    discussion: """
      Devices of vfio_ap-passthrough and vfio_ccw-io are compared with all others: what starts at \
      boot with all that starts at boot, what starts now with what runs. The definition is read \
      from stdin. The status is 0 when nothing is in the way, 255 when something is, 2 for another \
      type and 1 for any other failure.

      Example: mdevctl-validate -t vfio_ap-passthrough -e pre -a define -s none \
      -u 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001 -p matrix <definition.json
      """,
    version: Program.version)

  @Option(name: .type, help: "The type of the device.", transform: TypeName.init(argument:))
  var type: TypeName

  @Option(
    name: [.customShort("e", allowingJoined: true), .long],
    help: "When this is: pre, post, live or get.")
  var event: String

  @Option(
    name: [.customShort("a", allowingJoined: true), .long],
    help: "What is done with the device, or asked: define, capabilities ...")
  var action: String

  @Option(
    name: [.customShort("s", allowingJoined: true), .long],
    help: "How the change ended, which does not matter here.")
  var state: String

  @Option(name: .uuid, help: "The device.", transform: DeviceUUID.init(argument:))
  var uuid: DeviceUUID

  @Option(name: .parent, help: "Its parent.", transform: ParentName.init(argument:))
  var parent: ParentName

  func run() throws {
    let request = CalloutRequest(
      event: CalloutEvent(rawValue: event), action: CalloutAction(rawValue: action), type: type,
      identity: DeviceIdentity(parent: parent, uuid: uuid))
    let validation = Host.operations().validateChange
    let definition = validation.needsDefinition(for: request) ? definitionOnStandardInput() : nil
    let reply = try validation.run(request, definition: definition)
    try Output.answer(reply)
    if reply.status != 0 { throw ExitCode(reply.status) }
  }

  private func definitionOnStandardInput() -> Result<DeviceDefinition, CalloutInputError> {
    do throws(CalloutInputError) {
      return .success(try .onStandardInput())
    } catch {
      return .failure(error)
    }
  }
}
