// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel
import MdevOperations
import MdevPlanning

/// A function in a listing: one that is there, or one that is stored alone.
private struct ListedFunction {
  let address: PCIAddress
  let card: ListedCard
  let function: VirtualFunction?

  /// What is stored for it.
  var stored: VGPUType? { card.stored?.types[address] }

  /// The type that it has, by the name that is known for it.
  var type: VGPUType? {
    guard let id = function?.type else { return nil }
    let known =
      [stored].compactMap { $0 } + (card.card?.creatableTypes ?? [])
      + (card.stored.map { Array($0.types.values) } ?? [])
    return known.first { $0.id == id } ?? VGPUType(id: id, name: "")
  }

  var users: [DeviceUser] { card.users[address] ?? [] }

  /// One word for its state.
  var state: String {
    guard let function else { return "missing" }
    if !users.isEmpty { return "in-use" }
    guard let vgpu = function.vgpu else {
      return function.driver?.isVFIO == true
        ? "ready" : card.card?.isNVIDIA == true ? "not-ready" : "host"
    }
    return vgpu.type == 0 ? "free" : "ready"
  }
}

extension ListedCard {
  /// Its functions, and those for which only something is stored, in order.
  fileprivate var listedFunctions: [ListedFunction] {
    let present = card?.functions ?? []
    let addresses = Set(present.map(\.address)).union(stored?.types.keys.map { $0 } ?? [])
    return addresses.sorted().map { address in
      ListedFunction(address: address, card: self, function: card?.function(address))
    }
  }

  /// The number of functions that is stored; `nil` if none is.
  fileprivate var storedFunctions: Int? { stored?.functions }

  /// The types that free functions are offered, with how many of them.
  fileprivate var typesOffered: [(type: VGPUType, functions: Int)] {
    guard let card else { return [] }
    return card.creatableTypes.map { type in
      let offering = card.functions.filter { $0.vgpu?.creatable.contains(type) == true }.count
      let fitting = card.framebuffer.flatMap { memory in
        type.framebuffer.map { $0 > 0 ? memory / $0 : offering }
      }
      return (type, min(offering, fitting ?? offering))
    }
  }
}

extension VGPUType {
  /// The name, with the number for who has to write that; the number alone where no name is known.
  var label: String { name.isEmpty ? "type \(id)" : "\(name.shown) (\(id))" }
}

extension Output {
  static func text(of cards: [ListedCard]) -> String {
    let rows = cards.flatMap { card -> [[String]] in
      let functions = card.listedFunctions
      guard !functions.isEmpty else {
        let stored = card.storedFunctions.map { "\($0) functions" } ?? "-"
        let state = card.card == nil ? "missing" : "no-functions"
        return [["\(card.address)", "-", "-", stored, state, "-"]]
      }
      return functions.map { function in
        [
          "\(card.address)", "\(function.address)", words(forTypeOf: function),
          function.stored?.label ?? "-", function.state,
          function.users.map(words).joined(separator: "; "),
        ].map { $0.isEmpty ? "-" : $0 }
      }
    }
    guard !rows.isEmpty else { return "" }
    return table(of: [["CARD", "FUNCTION", "TYPE", "STORED", "STATE", "USED BY"]] + rows)
  }

  private static func words(forTypeOf function: ListedFunction) -> String {
    let instance = function.function?.vgpu?.instance.map { ", GPU instance \($0)" }
    return (function.type?.label ?? "") + (instance ?? "")
  }

  static func words(for user: DeviceUser) -> String {
    "\(user.command.shown) \(user.pid)" + (user.guest.map { ", guest \($0.shown)" } ?? "")
  }

  static func json(of cards: [ListedCard]) -> JSONValue {
    .array(
      cards.map { card in
        .object([
          JSONValue.Member("card", .string("\(card.address)")),
          JSONValue.Member("driver", string(card.card?.driver?.name)),
          JSONValue.Member("total_functions", integer(card.card?.totalFunctions)),
          JSONValue.Member("stored", card.stored?.json ?? .null),
          JSONValue.Member("functions", .array(card.listedFunctions.map { json(of: $0) })),
        ])
      })
  }

  private static func json(of function: ListedFunction) -> JSONValue {
    .object([
      JSONValue.Member("function", .string("\(function.address)")),
      JSONValue.Member("driver", string(function.function?.driver?.name)),
      JSONValue.Member("iommu_group", integer(function.function?.group.flatMap { Int($0) })),
      JSONValue.Member("type", function.type?.json ?? .null),
      JSONValue.Member("gpu_instance", integer(function.function?.vgpu?.instance)),
      JSONValue.Member("stored", function.stored?.json ?? .null),
      JSONValue.Member("state", .string(function.state)),
      JSONValue.Member(
        "users",
        .array(
          function.users.map { json(of: $0) })),
    ])
  }

  static func json(of user: DeviceUser) -> JSONValue {
    .object([
      JSONValue.Member("pid", .integer(Int(user.pid))),
      JSONValue.Member("command", .string(user.command)),
      JSONValue.Member("guest", string(user.guest)),
    ])
  }

  static func integer(_ number: Int?) -> JSONValue { number.map { .integer($0) } ?? .null }

  static func text(ofTypesOf cards: [ListedCard]) -> String {
    let rows = cards.flatMap { card in
      card.typesOffered.map { type, functions in
        ["\(card.address)", "\(type.id)", type.name.shown, "\(functions)"]
      }
    }
    guard !rows.isEmpty else { return "" }
    return table(of: [["CARD", "ID", "NAME", "AVAILABLE"]] + rows)
  }

  static func json(ofTypesOf cards: [ListedCard]) -> JSONValue {
    .array(
      cards.map { card in
        let types = card.typesOffered.map { type, functions in
          JSONValue.object([
            JSONValue.Member("id", .integer(type.id)),
            JSONValue.Member("name", .string(type.name)),
            JSONValue.Member("framebuffer_gb", integer(type.framebuffer)),
            JSONValue.Member("available", .integer(functions)),
          ])
        }
        return .object([
          JSONValue.Member("card", .string("\(card.address)")),
          JSONValue.Member("types", .array(types)),
        ])
      })
  }

  // MARK: - Changes

  /// Shows what was done; what would be done is all that a dry run is for.
  static func show(_ plan: CardPlan, _ options: CardOptions, as format: Format) throws {
    if options.isDryRun {
      try print(.cardPlan(plan), as: format)
    } else {
      tell(.cardPlan(plan), as: format)
    }
  }

  static func text(of plan: CardPlan) -> String {
    let span = plan.isSaved ? "" : ", until the next boot"
    var lines: [String] = []
    if plan.functionsBefore != plan.functionsAfter {
      lines.append(
        "\(plan.card): \(plan.functionsBefore) -> \(plan.functionsAfter) functions\(span)")
    }
    if let vram = plan.vram {
      lines.append("\(plan.card): functions have \(vram) bytes of memory each\(span)")
    }
    if let driver = plan.driver {
      lines.append("\(plan.card): functions have driver \(driver)\(span)")
    }
    switch plan.mixing {
    case .now?: lines.append("\(plan.card): types of several sizes\(span)")
    case .boot?:
      lines.append(
        "\(plan.card): types of several sizes from the next boot on, as functions have types")
    case nil: break
    }
    let given = Dictionary(
      (plan.types?.given ?? []).map { ($0.function, $0.type) }, uniquingKeysWith: { $1 })
    let freed = Dictionary(
      (plan.types?.freed ?? []).map { ($0.function, $0.type) }, uniquingKeysWith: { $1 })
    for function in Set(given.keys).union(freed.keys).sorted() {
      let (old, new) = (freed[function], given[function])
      lines.append(
        "\(function): \(old?.label ?? "(no type)") -> \(new?.label ?? "(no type)")\(span)")
    }
    if plan.types == nil {
      lines.append("\(plan.card): types are looked for when the functions are there")
    }
    if let forgotten = plan.forgotten {
      lines.append("\(forgotten): nothing is stored for it any more")
    }
    return lines.map { $0 + "\n" }.joined()
  }

  static func json(of plan: CardPlan) -> JSONValue {
    func steps(_ functions: [TypedFunction]?) -> JSONValue {
      guard let functions else { return .null }
      return .array(
        functions.map { step in
          .object([
            JSONValue.Member("function", .string("\(step.function)")),
            JSONValue.Member("type", step.type.json),
          ])
        })
    }
    return .object([
      JSONValue.Member("card", .string("\(plan.card)")),
      JSONValue.Member("saved", .boolean(plan.isSaved)),
      JSONValue.Member("functions_before", .integer(plan.functionsBefore)),
      JSONValue.Member("functions_after", .integer(plan.functionsAfter)),
      JSONValue.Member("driver", string(plan.driver?.name)),
      JSONValue.Member("vram_quota", integer(plan.vram.map { Int(clamping: $0) })),
      JSONValue.Member("mixed_sizes", string(plan.mixing?.rawValue)),
      JSONValue.Member("freed", steps(plan.types?.freed)),
      JSONValue.Member("given", steps(plan.types?.given)),
      JSONValue.Member("forgotten", string(plan.forgotten.map { "\($0)" })),
    ])
  }

  static func text(of cards: [RestoredCard]) -> String {
    cards.map { card in
      switch card.state {
      case .restored(let functions, let given, let failures):
        "\(card.card) restored: \(functions) functions, \(given.count) given a type\n"
          + failures.map { "\(card.card) failed: \($0)\n" }.joined()
      case .alreadyRestored: "\(card.card) restored since the boot\n"
      case .failed(let error): "\(card.card) failed: \(error)\n"
      }
    }
    .joined()
  }

  static func json(of cards: [RestoredCard]) -> JSONValue {
    .array(
      cards.map { card in
        var members = [JSONValue.Member("card", .string("\(card.card)"))]
        switch card.state {
        case .restored(let functions, let given, let failures):
          members += [
            JSONValue.Member("state", .string(failures.isEmpty ? "restored" : "failed")),
            JSONValue.Member("functions", .integer(functions)),
            JSONValue.Member("given", .array(given.map { .string("\($0)") })),
            JSONValue.Member("reasons", .array(failures.map { .string("\($0)") })),
          ]
        case .alreadyRestored:
          members.append(JSONValue.Member("state", .string("restored-before")))
        case .failed(let error):
          members += [
            JSONValue.Member("state", .string("failed")),
            JSONValue.Member("reasons", .array([.string("\(error)")])),
          ]
        }
        return .object(members)
      })
  }

  // MARK: - Status

  static func text(of cards: [CardStatus]) -> String {
    cards.map { status in
      let lines =
        switch status.state {
        case .present(let stored, let functions, let typed):
          (stored.map {
            $0 == functions ? [] : ["\(status.card) - \(functions) of \($0) functions"]
          }
            ?? [])
            + typed.map {
              "\($0.address) \(status.card) \($0.stored.id) auto \($0.state.rawValue)"
            }
        case .missing: ["\(status.card) - missing"]
        case .unreadable(let reason): ["\(status.card) - unreadable", "  \(reason)"]
        }
      let failure = status.lastFailure.map { ["  failed at \($0.time): \($0.reason)"] } ?? []
      return (lines + failure).map { $0 + "\n" }.joined()
    }
    .joined()
  }

  static func json(of cards: [CardStatus]) -> [JSONValue] {
    cards.flatMap { status -> [JSONValue] in
      let card = JSONValue.Member("card", .string("\(status.card)"))
      let failure = status.lastFailure.map {
        [
          JSONValue.Member("reason", .string($0.reason)),
          JSONValue.Member("time", .string($0.time)),
        ]
      }
      switch status.state {
      case .present(let stored, let functions, let typed):
        let whole = stored ?? functions == functions ? "running" : "functions-missing"
        return [
          .object(
            [
              card, JSONValue.Member("functions", .integer(functions)),
              JSONValue.Member("stored_functions", integer(stored)),
              JSONValue.Member("state", .string(whole)),
            ] + (failure ?? []))
        ]
          + typed.map { function in
            .object([
              JSONValue.Member("function", .string("\(function.address)")), card,
              JSONValue.Member("type", function.stored.json),
              JSONValue.Member("start", .string("auto")),
              JSONValue.Member("state", .string(function.state.rawValue)),
            ])
          }
      case .missing:
        return [.object([card, JSONValue.Member("state", .string("missing"))] + (failure ?? []))]
      case .unreadable(let reason):
        return [
          .object([
            card, JSONValue.Member("state", .string("unreadable")),
            JSONValue.Member("reason", .string(reason)),
          ])
        ]
      }
    }
  }
}
