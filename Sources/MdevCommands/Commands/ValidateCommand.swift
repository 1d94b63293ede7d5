// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevCallouts
import MdevModel
import MdevOperations

/// The program under its name `mdevctl-validate`, or one that ends in it.
enum ValidateCommand {
  static let syntax = CommandSyntax(
    "mdevctl-validate", "Validate changes as a callout of another mdevctl.",
    discussion: """
      Devices of vfio_ap-passthrough and vfio_ccw-io are compared with all others: what starts at \
      boot with all that starts at boot, what starts now with what runs. The definition is read \
      from stdin. The status is 0 when nothing is in the way, 255 when something is, 2 for another \
      type and 1 for any other failure.
      """,
    examples: [
      "mdevctl-validate -t vfio_ap-passthrough -e pre -a define -s none"
        + " -u 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001 -p matrix <definition.json"
    ],
    options: [
      .type("The type of the device.", isRequired: true),
      .value(
        "-e", "--event", takes: ValueSyntax("EVENT", .choice(["pre", "post", "live", "get"])),
        help: "The moment of the change, or a question.", isRequired: true),
      .value(
        "-a", "--action", takes: ValueSyntax("ACTION", .text),
        help: "What is done with the device, or asked: define, capabilities ...",
        isRequired: true),
      .value(
        "-s", "--state", takes: ValueSyntax("STATE", .choice(["none", "success", "failure"])),
        help: "How the change ended, which does not matter here.", isRequired: true),
      .uuid("The device.", isRequired: true), .parent("Its parent.", isRequired: true), .version,
    ]
  ) { arguments throws(ArgumentError) in
    let identity = DeviceIdentity(
      parent: try arguments.required("--parent", ParentName.init(argument:)),
      uuid: try arguments.requiredUUID)
    let request = CalloutRequest(
      event: arguments.text("--event").flatMap(CalloutEvent.init(rawValue:)),
      action: arguments.text("--action").flatMap(CalloutAction.init(rawValue:)),
      type: try arguments.required("--type", TypeName.init(argument:)), identity: identity)
    return .immediate { try answer(request) }
  }

  private static func answer(_ request: CalloutRequest) throws {
    let validation = Host.operations().validateChange
    let definition = validation.needsDefinition(for: request) ? definitionOnStandardInput() : nil
    let reply = try validation.run(request, definition: definition)
    try Output.answer(reply)
    if reply.status != 0 { throw ExitStatus(reply.status) }
  }

  private static func definitionOnStandardInput() -> Result<DeviceDefinition, CalloutInputError> {
    do throws(CalloutInputError) {
      return .success(try .onStandardInput())
    } catch {
      return .failure(error)
    }
  }
}
