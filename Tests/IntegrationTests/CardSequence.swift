// SPDX-License-Identifier: Apache-2.0

import MdevJSON
import TestSupport
import Testing

/// Random changes of a card by `mdevctl vgpu`, beside other programs that give types to functions and
/// take them, and guests.
struct CardSequence {
  let root: SimulatedRoot
  let card: String
  let isNVIDIA: Bool
  private var random: ReproducibleNumbers
  private var story: [String]
  /// The types that other programs have given and that no request has named since.
  private var foreign: [String: Int] = [:]
  private var held: Set<String> = []

  /// Types of the profiles' cards, of several sizes in GB, several of some.
  private static let types = [
    1147: 1, 1145: 1, 1150: 4, 1159: 4, 1152: 8, 1153: 12, 1155: 24, 1156: 48,
  ]
  private static let memory = 48

  init(_ root: SimulatedRoot, card: String, isNVIDIA: Bool, seed: Int) {
    (self.root, self.card, self.isNVIDIA) = (root, card, isNVIDIA)
    random = ReproducibleNumbers(seed: seed)
    story = ["seed \(seed), card \(card)"]
  }

  private var comment: Comment { Comment(rawValue: story.joined(separator: "\n")) }

  // MARK: - One change

  /// Makes one change and looks at what it did, and did not.
  mutating func step() async throws {
    var functions = try await listed()["virtual_functions"]?.elements.compactMap {
      $0["function"]?.text
    }
    functions?.shuffle(using: &random)
    try await disturb(functions ?? [])
    let before = try await root.state()
    let request = request(on: functions ?? [], before.types)
    let command = "mdevctl vgpu " + request.words.joined(separator: " ")
    let forecast = try await root.shell("\(command) --dry-run")
    story.append("\(command): \(forecast.status) \(forecast.output)\(forecast.errors)")
    #expect(try await root.state() == before, comment)
    guard forecast.status == 0 else {
      return try await askDriver(request, refused: forecast.errors, before)
    }
    let result = try await root.shell(command)
    let after = try await root.state()
    if result.status == 0 {
      let types = try await storedTypes()
      foreign = foreign.filter { types[$0] != $1 }
      let isOnce = request.words.contains { ["unset", "--mixed-sizes", "--now-only"].contains($0) }
      if !isOnce {
        #expect(try await root.shell("\(command) --dry-run").output == "", comment)
      }
    } else {
      story.append("failed: \(result.errors)")
      // Only the driver knows how much a card has left that has types, or no functions yet.
      #expect(!before.types.isEmpty || forecast.output.contains("looked for"), comment)
      #expect(after == before, comment)
    }
    try await check(after, before)
  }

  /// Looks whether foreign types, guests, other cards and the listing are as they must be.
  private func check(
    _ after: SimulatedRoot.CardState, _ before: SimulatedRoot.CardState
  ) async throws {
    for (function, type) in foreign { #expect(after.types[function] == type, comment) }
    let drivers = after.values(of: "driver")
    for function in held { #expect(drivers[function] == before.values(of: "driver")[function]) }
    for function in held { #expect(after.types[function] == before.types[function], comment) }
    #expect(
      try await root.shell("mdevsim ctl held --dir .").output.split(separator: "\n").count
        == held.count, comment)
    func others(_ state: SimulatedRoot.CardState) -> [Substring] {
      state.active.split(separator: "\n").filter { !$0.contains("/\(card.prefix(7))") }
    }
    #expect(others(after) == others(before), comment)
    let listed = try await listed()
    let text = try root.scratch.read("etc/mdevctl.vgpu.d/\(card)")
    let stored = try text.map { try JSONValue(parsing: Array($0.utf8).span) }
    #expect((listed["stored"] == .null ? nil : listed["stored"]) == stored, comment)
    let types = listed["virtual_functions"]?.elements.compactMap { function in
      function["type"]?["id"]?.number.map { (function["function"]?.text ?? "", $0) }
    }
    let own = after.types.filter { $0.key.hasPrefix(card.prefix(7)) }
    #expect(Dictionary(types ?? []) { $1 } == own, comment)
  }

  // MARK: - Refusals

  /// Writes what was refused for the sake of the driver's lists to the driver itself, in the order in
  /// which the program would have, and takes it back.
  private mutating func askDriver(
    _ request: Request, refused words: String, _ before: SimulatedRoot.CardState
  ) async throws {
    let reasons = [
      "can't be given type", "types of one size", "memory for vGPUs", "offers no type",
    ]
    let given = request.types.sorted { $0.value > $1.value }.map(\.key)
    let isPlain = given.count == request.words.count - 2
    guard isPlain, !given.isEmpty, reasons.contains(where: { words.contains($0) }),
      given.allSatisfy({ before.types[$0.function] == nil })
    else { return }
    let file = "nvidia/current_vgpu_type"
    let result = try await root.shell(
      """
      cd sys/bus/pci/devices; done=
      for pair in \(given.map { "\($0.function)=\($0.type)" }.joined(separator: " ")); do
        if echo ${pair#*=} 2>/dev/null >${pair%=*}/\(file); then done+=" ${pair%=*}"
        else echo refused; break; fi
      done 2>/dev/null
      for function in $done; do echo 0 >$function/\(file); done
      """)
    #expect(result.output == "refused\n", comment)
    #expect(try await root.state() == before, comment)
  }

  // MARK: - The end

  /// Lets the host boot, and looks whether the card has what is stored and no more.
  mutating func reboot() async throws {
    for function in held { try await root.expect("ctl release \(function)") }
    (held, foreign) = ([], [:])
    let stored = try await storedTypes()
    let mixes = try await listed()["stored"]?["mixed_sizes"] == .boolean(true)
    let sizes = stored.values.compactMap { Self.types[$0] }
    let isPossible =
      (mixes || Set(sizes).count <= 1) && sizes.reduce(0, +) <= Self.memory
    try await root.expect("ctl reboot; rm -rf run/mdevctl")
    let result = try await root.shell("mdevctl vgpu restore")
    story.append("restore: \(result)")
    let listed = try await listed()
    let state = try await root.state()
    #expect((result.status == 0) == isPossible, comment)
    if isPossible {
      #expect(state.types == stored, comment)
      let functions = listed["stored"]?["functions"]?.number ?? 0
      #expect(listed["virtual_functions"]?.elements.count == functions, comment)
      if let driver = listed["stored"]?["driver"]?.text {
        let drivers = listed["virtual_functions"]?.elements.map { $0["driver"]?.text }
        #expect(drivers == Array(repeating: driver, count: functions), comment)
      }
    } else {
      #expect(state.types.allSatisfy { stored[$0] == $1 }, comment)
    }
  }

  // MARK: - What is asked for

  private struct Request {
    /// A function and its type, with the size of that.
    struct Assignment: Hashable {
      let function: String
      let type: Int
    }
    var words: [String]
    var types: [Assignment: Int] = [:]
  }

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }

  private mutating func request(on functions: [String], _ types: [String: Int]) -> Request {
    if chance(12) {
      let address = chance(70) ? functions.first ?? card : card
      return Request(words: ["unset", address])
    }
    return isNVIDIA ? typeRequest(on: functions, types) : functionRequest()
  }

  private mutating func typeRequest(
    on functions: [String], _ types: [String: Int]
  ) -> Request {
    var request = Request(words: ["set", card])
    // Most requests are for one size, as a card takes it.
    let now = types.filter { $0.key.hasPrefix(card.prefix(7)) }.values.min()
    let usual = now.flatMap { Self.types[$0] } ?? 4
    let sizes = Self.types.values.sorted()
    let size = chance(75) ? usual : sizes.randomElement(using: &random) ?? usual
    let choice = Self.types.keys.sorted().filter { Self.types[$0] == size }
    for function in functions.prefix(Int.random(in: 0...4, using: &random)) {
      let all = chance(15) ? Self.types.keys.sorted() : choice
      let type = all.randomElement(using: &random) ?? 1150
      if chance(20) {
        request.words.append("\(function)=none")
      } else {
        request.words.append("\(function)=\(type)")
        request.types[Request.Assignment(function: function, type: type)] = Self.types[type]
      }
    }
    if request.words.count == 2 || chance(20) {
      for type in choice where chance(60) || request.words.count == 2 {
        request.words.append("\(type)=\(Int.random(in: 0...5, using: &random))")
      }
    }
    if chance(15) { request.words.append("--mixed-sizes") }
    if chance(10) { request.words.append("--now-only") }
    if chance(5) { request.words.append("--functions 16") }
    return request
  }

  private mutating func functionRequest() -> Request {
    var request = Request(words: ["set", card])
    if chance(85) {
      request.words.append("--functions \(Int.random(in: 1...5, using: &random))")
    }
    if chance(40) { request.words.append("--driver vfio-pci") }
    if chance(20) { request.words.append("--vram \(Int.random(in: 1...3, using: &random))G") }
    if chance(10) { request.words.append("--now-only") }
    if request.words.count == 2 { request.words.append("--functions 2") }
    if chance(20) { request.words.append("--force") }
    return request
  }

  // MARK: - Others

  /// Lets other programs and guests do something.
  private mutating func disturb(_ functions: [String]) async throws {
    let types = try await root.state().types
    guard let function = functions.randomElement(using: &random), chance(50) else { return }
    let file = "sys/bus/pci/devices/\(function)/nvidia/current_vgpu_type"
    switch Int.random(in: 0..<4, using: &random) {
    case 0 where isNVIDIA && types[function] == nil:
      let type = types.values.min() ?? Self.types.keys.sorted().randomElement(using: &random) ?? 0
      guard try await root.shell("echo \(type) >\(file)").status == 0 else { return }
      if try await storedTypes()[function] != type { foreign[function] = type }
      story.append("another program gives \(function) \(type)")
    case 1 where isNVIDIA && types[function] != nil && !held.contains(function):
      try await root.expect("echo 0 >\(file)")
      foreign[function] = nil
      story.append("another program takes \(function) its type")
    case 2:
      guard try await root.shell("ctl hold \(function)").status == 0 else { return }
      held.insert(function)
      story.append("a guest takes \(function)")
    default:
      guard let function = held.sorted().randomElement(using: &random) else { return }
      try await root.expect("ctl release \(function)")
      held.remove(function)
      story.append("a guest leaves \(function)")
    }
  }

  // MARK: - What there is

  private func listed() async throws -> JSONValue {
    let cards = try await root.json("mdevctl vgpu list \(card) --json").elements
    return try #require(cards.first)
  }

  private func storedTypes() async throws -> [String: Int] {
    let types = try await listed()["stored"]?["types"]?.members ?? []
    return Dictionary(
      types.compactMap { type in
        type.value["id"]?.number.map { (type.name, $0) }
      }
    ) { $1 }
  }
}
