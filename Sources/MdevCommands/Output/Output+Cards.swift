// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import MdevModel
import MdevOperations
import MdevPlanning

/// A function in a listing: one that is there, or one that is stored alone.
struct ListedFunction {
  let address: PCIAddress
  let card: ListedCard
  let function: VirtualFunction?

  /// What is stored for it.
  var stored: VGPUType? { card.stored?.types[address] }

  /// The type that it has, by the name that is known for it.
  var type: VGPUType? {
    function.flatMap { card.card?.type(of: $0, knowing: card.stored) }
  }

  /// The type in words, with the GPU instance that it is on.
  var typeWords: String {
    (type?.label ?? "") + (function?.vgpu?.instance.map { ", GPU instance \($0)" } ?? "")
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

/// A line of the listing of virtual functions: of a function, or of a card that has none.
struct FunctionRow {
  let card: ListedCard
  let listed: ListedFunction?

  var function: VirtualFunction? { listed?.function }

  static let columns: [Column<FunctionRow>] = [
    Column("card", "The address of the card.") { "\($0.card.address)" },
    Column("function", "The address of the function.") { $0.listed.map { "\($0.address)" } ?? "" },
    Column("type", "The vGPU type that it has.", .freeText) { $0.listed?.typeWords ?? "" },
    Column("stored", "The type that is stored for it.", .freeText) { row in
      guard let listed = row.listed else {
        return row.card.storedFunctions.map { Output.count($0, "function") } ?? ""
      }
      return listed.stored?.label ?? ""
    },
    Column("state", "What it is now.") { row in
      row.listed?.state ?? (row.card.card == nil ? "missing" : "no-functions")
    },
    Column("users", "Who has it open.", .freeText) { $0.listed?.users.words ?? "" },
    Column("driver", "The driver that has it.", isUsual: false) { $0.function?.driver?.name ?? "" },
    Column("group", "The number of its IOMMU group.", .number, isUsual: false) {
      $0.function?.group ?? ""
    },
  ]

  static func rows(of card: ListedCard) -> [FunctionRow] {
    let functions = card.listedFunctions
    return functions.isEmpty
      ? [FunctionRow(card: card, listed: nil)]
      : functions.map { FunctionRow(card: card, listed: $0) }
  }
}

/// A type that free functions of a card are offered.
struct CardTypeRow {
  let card: PCIAddress
  let type: VGPUType
  let functions: Int

  static let columns: [Column<CardTypeRow>] = [
    Column("card", "The address of the card.") { "\($0.card)" },
    Column("id", "The number of the type.", .number) { "\($0.type.id)" },
    Column("name", "The name that its driver has for it.", .freeText) { $0.type.name },
    Column("available", "The number of functions that are free for it.", .number) {
      "\($0.functions)"
    },
    Column("framebuffer_gb", "The memory of its framebuffer, in GB.", .number, isUsual: false) {
      $0.type.framebuffer.map { "\($0)" } ?? ""
    },
  ]
}

extension DeviceUser {
  /// It in a table or a sentence.
  var words: String { "\(command) \(pid)" + (guest.map { ", guest \($0)" } ?? "") }
}

extension [DeviceUser] {
  /// Them in a table.
  var words: String {
    map(\.words).joined(separator: "; ")
  }

  var json: JSONValue {
    .array(
      map { user in
        .object([
          JSONValue.Member("pid", .integer(Int(user.pid))),
          JSONValue.Member("command", .string(user.command)),
          JSONValue.Member("guest", Output.string(user.guest)),
        ])
      })
  }
}

extension Output {
  static func table(of cards: [ListedCard], in style: TableStyle) -> Table {
    let rows = cards.flatMap { FunctionRow.rows(of: $0) }
    let functions = rows.compactMap(\.listed)
    return FunctionRow.columns.table(
      of: rows, in: style,
      summary: summary(
        cards.count, "card",
        " with \(count(functions.count, "function")), "
          + "\(functions.count { !$0.users.isEmpty }) in use"))
  }

  static func json(of cards: [ListedCard]) -> JSONValue {
    .array(
      cards.map { card in
        .object([
          JSONValue.Member("card", .string("\(card.address)")),
          JSONValue.Member("driver", string(card.card?.driver?.name)),
          JSONValue.Member("total_functions", integer(card.card?.totalFunctions)),
          JSONValue.Member("stored", card.stored?.json ?? .null),
          JSONValue.Member("virtual_functions", .array(card.listedFunctions.map { json(of: $0) })),
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
      JSONValue.Member("users", function.users.json),
    ])
  }

  static func integer(_ number: Int?) -> JSONValue { number.map { .integer($0) } ?? .null }

  static func table(ofTypesOf cards: [ListedCard], in style: TableStyle) -> Table {
    let rows = cards.flatMap { card in
      card.typesOffered.map { CardTypeRow(card: card.address, type: $0, functions: $1) }
    }
    return CardTypeRow.columns.table(
      of: rows, in: style,
      summary: summary(rows.count, "type", " of \(count(cards.count, "card"))"))
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
    return .object([
      JSONValue.Member("card", .string("\(plan.card)")),
      JSONValue.Member("saved", .boolean(plan.isSaved)),
      JSONValue.Member("functions_before", .integer(plan.functionsBefore)),
      JSONValue.Member("functions_after", .integer(plan.functionsAfter)),
      JSONValue.Member("driver", string(plan.driver?.name)),
      JSONValue.Member("vram_quota", integer(plan.vram.map { Int(clamping: $0) })),
      JSONValue.Member("mixed_sizes", string(plan.mixing?.rawValue)),
      JSONValue.Member("freed", plan.types.map { json(of: $0.freed) } ?? .null),
      JSONValue.Member("given", plan.types.map { json(of: $0.given) } ?? .null),
      JSONValue.Member("forgotten", .array(plan.forgotten.map { [.string("\($0)")] } ?? [])),
    ])
  }

  private static func json(of functions: [TypedFunction]) -> JSONValue {
    .array(
      functions.map { step in
        .object([
          JSONValue.Member("function", .string("\(step.function)")),
          JSONValue.Member("type", step.type.json),
        ])
      })
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
            JSONValue.Member("given", json(of: given)),
          ]
          if !failures.isEmpty {
            let reason = failures.map { "\($0)" }.joined(separator: "; ")
            members.append(JSONValue.Member("reason", .string(reason)))
          }
        case .alreadyRestored:
          members.append(JSONValue.Member("state", .string("restored-before")))
        case .failed(let error):
          members += [
            JSONValue.Member("state", .string("failed")),
            JSONValue.Member("reason", .string("\(error)")),
          ]
        }
        return .object(members)
      })
  }

  // MARK: - Status

  static func json(
    of status: CardStatus, _ users: [PCIAddress: [DeviceUser]]
  ) -> [JSONValue] {
    let card = JSONValue.Member("card", .string("\(status.card)"))
    var members = [card]
    if case .present(let stored, let functions, _) = status.state {
      members += [
        JSONValue.Member("functions", .integer(functions)),
        JSONValue.Member("stored_functions", integer(stored)),
      ]
    }
    members.append(JSONValue.Member("state", .string(status.word)))
    if let fault = status.fault {
      members.append(JSONValue.Member("reason", .string(fault.reason)))
      if let time = fault.time { members.append(JSONValue.Member("time", .string(time))) }
    }
    let functions = status.functions.map { function in
      JSONValue.object([
        JSONValue.Member("function", .string("\(function.address)")), card,
        JSONValue.Member("type", function.stored.json),
        JSONValue.Member("start", .string("auto")),
        JSONValue.Member("state", .string(function.state.rawValue)),
        JSONValue.Member("users", (users[function.address] ?? []).json),
      ])
    }
    return [.object(members)] + functions
  }
}

extension CardStatus {
  /// One word for its state.
  var word: String {
    switch state {
    case .present(let stored?, let functions, _) where stored != functions: "functions-missing"
    case .present where lastFailure != nil: "failed"
    case .present: "running"
    case .missing: "missing"
    case .unreadable: "unreadable"
    }
  }

  /// How many of its functions there are, where that is not what is stored.
  var shortage: String? {
    guard case .present(let stored?, let functions, _) = state, stored != functions else {
      return nil
    }
    return "\(functions) of \(stored) functions"
  }

  /// The fault of the card, and its time if that is known.
  var fault: (reason: String, time: String?)? {
    if case .unreadable(let reason) = state { return (reason, nil) }
    return lastFailure.map { ($0.reason, $0.time) }
  }
}
