// SPDX-License-Identifier: Apache-2.0

/// An option as it was given.
struct GivenOption: Equatable, Sendable {
  let name: String
  /// The name that was used.
  let spelling: String
  let value: String?
}

/// The arguments of one command, in order and complete, as words.
///
/// Options are asked for by the name that messages give them, operands by that of the help.
package struct ParsedArguments: Sendable {
  package let command: PlacedCommand
  private let options: [GivenOption]
  private let operands: [String]

  init(_ command: PlacedCommand, _ options: [GivenOption], _ operands: [String]) {
    self.command = command
    self.options = options
    self.operands = operands
  }

  /// The work that the command makes of them.
  package func work() throws(ArgumentError) -> Work {
    guard let prepare = command.syntax.prepare else {
      throw ArgumentError(.missingCommand, in: command)
    }
    try refuseExclusiveOptions()
    return try prepare(self)
  }

  // MARK: Options

  /// True if the option is given, with a value or without.
  package func has(_ name: String) -> Bool { given(name) != nil }

  /// The value of an option as it is.
  package func text(_ name: String) -> String? { given(name)?.value }

  /// The value of an option as `parse` reads it; `nil` if it is not given.
  package func value<Value, Failure: Error>(
    _ name: String, _ parse: (String) throws(Failure) -> Value
  ) throws(ArgumentError) -> Value? {
    guard let option = given(name), let text = option.value else { return nil }
    return try self.value(of: text, option.spelling, parse)
  }

  /// The value of an option that the table requires.
  package func required<Value, Failure: Error>(
    _ name: String, _ parse: (String) throws(Failure) -> Value
  ) throws(ArgumentError) -> Value {
    guard let value = try value(name, parse) else {
      throw ArgumentError(.missingOption(name), in: command)
    }
    return value
  }

  /// The values of an option that may be repeated, in their order.
  package func values<Value, Failure: Error>(
    _ name: String, _ parse: (String) throws(Failure) -> Value
  ) throws(ArgumentError) -> [Value] {
    var values: [Value] = []
    for option in options where option.name == name {
      if let text = option.value {
        values.append(try value(of: text, option.spelling, parse))
      }
    }
    return values
  }

  /// The values of an option that may be repeated, as they are.
  package func texts(_ name: String) -> [String] {
    options.compactMap { $0.name == name ? $0.value : nil }
  }

  // MARK: Operands

  /// An operand as `parse` reads it; `nil` if it is not given.
  package func operand<Value, Failure: Error>(
    _ name: String, _ parse: (String) throws(Failure) -> Value
  ) throws(ArgumentError) -> Value? {
    guard let text = words(name).first else { return nil }
    return try value(of: text, name, parse)
  }

  /// An operand that the table requires.
  package func requiredOperand<Value, Failure: Error>(
    _ name: String, _ parse: (String) throws(Failure) -> Value
  ) throws(ArgumentError) -> Value {
    guard let value = try operand(name, parse) else {
      throw ArgumentError(.missingOperand(name), in: command)
    }
    return value
  }

  /// An operand that the table requires, as it is.
  package func requiredOperand(_ name: String) throws(ArgumentError) -> String {
    guard let text = words(name).first else {
      throw ArgumentError(.missingOperand(name), in: command)
    }
    return text
  }

  /// The words of an operand that there can be several of.
  package func operands<Value, Failure: Error>(
    _ name: String, _ parse: (String) throws(Failure) -> Value
  ) throws(ArgumentError) -> [Value] {
    var values: [Value] = []
    for text in words(name) { values.append(try value(of: text, name, parse)) }
    return values
  }

  /// The words of an operand that there can be several of, as they are.
  package func words(_ name: String) -> ArraySlice<String> {
    guard let place = command.syntax.operands.firstIndex(where: { $0.name == name }) else {
      assertionFailure("'\(command.path)' has no operand \(name) in its table")
      return []
    }
    let rest = operands.dropFirst(place)
    return place == command.syntax.operands.count - 1 ? rest : rest.prefix(1)
  }

  // MARK: Mistakes

  /// A mistake that only the command can see.
  package func mistake(_ words: String) -> ArgumentError {
    ArgumentError(.senseless(words), in: command)
  }

  private func refuseExclusiveOptions() throws(ArgumentError) {
    for option in command.options where has(option.name) {
      guard let other = option.excludes.first(where: has) else { continue }
      throw ArgumentError(.exclusive(option: option.name, other: other), in: command)
    }
  }

  private func given(_ name: String) -> GivenOption? {
    assert(
      command.options.contains { $0.name == name },
      "'\(command.path)' has no option \(name) in its table")
    return options.first { $0.name == name }
  }

  private func value<Value, Failure: Error>(
    of text: String, _ place: String, _ parse: (String) throws(Failure) -> Value
  ) throws(ArgumentError) -> Value {
    do throws(Failure) {
      return try parse(text)
    } catch {
      throw ArgumentError(.invalidValue(of: place, "\(error)"), in: command)
    }
  }
}
