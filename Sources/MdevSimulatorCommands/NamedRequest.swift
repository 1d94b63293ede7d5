// SPDX-License-Identifier: Apache-2.0

import MdevArguments
import MdevSimulator

/// Something that `mdevsim ctl` does to one thing of a running host, which is named.
struct NamedRequest {
  private let name: String
  private let summary: String
  private let operand: OperandSyntax
  private let example: String
  private let request: @Sendable (String) -> ControlRequest

  private init(
    _ name: String, _ summary: String, _ operand: OperandSyntax, example: String,
    _ request: @escaping @Sendable (String) -> ControlRequest
  ) {
    self.name = name
    self.summary = summary
    self.operand = operand
    self.example = example
    self.request = request
  }

  /// The command that makes it.
  var syntax: CommandSyntax {
    CommandSyntax(
      name, summary, examples: ["mdevsim ctl \(name) \(example)"], options: [.runningHost],
      operands: [operand]
    ) { [operand, request] arguments throws(ArgumentError) in
      arguments.work(asking: request(try arguments.requiredOperand(operand.name)))
    }
  }

  static let all = [
    NamedRequest("hold", "Hold a device open, as a running VM does.", device, example: uuid) {
      .hold($0)
    },
    NamedRequest("release", "Release a device that is held.", device, example: uuid) {
      .release($0)
    },
    NamedRequest("register", "Make a parent offer its types again.", parent, example: "mtty") {
      .register($0)
    },
    NamedRequest(
      "unregister", "Make a parent take its types and devices away.", parent, example: "mtty"
    ) { .unregister($0) },
    NamedRequest("offline", "Take a crypto card from the host.", card, example: "card05") {
      .offline($0)
    },
    NamedRequest("online", "Give a crypto card back to the host.", card, example: "card05") {
      .online($0)
    },
    NamedRequest("load", "Load a module that the profile knows.", module, example: "vfio_ccw") {
      .load($0)
    },
    NamedRequest("unload", "Unload a module.", module, example: "vfio_ccw") { .unload($0) },
  ]

  private static let uuid = "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001"
  private static let device = OperandSyntax(
    "DEVICE", .uuid(.active), help: "A uuid, or the address of a PCI function.")
  private static let parent = OperandSyntax(
    "PARENT", .parent, help: "The parent, such as 0000:00:02.0.")
  private static let card = OperandSyntax("CARD", .text, help: "The card, such as card05.")
  private static let module = OperandSyntax("MODULE", .text, help: "The module, such as vfio_ccw.")
}
