// SPDX-License-Identifier: Apache-2.0

import MdevCallouts
import MdevHost
import MdevJSON
import MdevModel
import MdevOperations

/// A script in a table, with one of the types that it was asked about.
struct ScriptRow {
  let path: String
  let kind: String
  var answer: SurveyedScript.Answer?
  var state = "asked"
  var reason = ""

  static let columns: [Column<ScriptRow>] = [
    Column("path", "The path of the script.") { $0.path },
    Column("kind", "'callout' or 'notifier'.") { $0.kind },
    Column("type", "The type that it was asked about.") { $0.answer?.type.name ?? "" },
    Column("parent", "The parent that offers it.") { $0.answer?.parent.name ?? "" },
    Column(
      "state",
      "'serves' if it is called for the type, 'could-serve' if another one is, 'asked' if it reports no "
        + "capabilities and so is asked at each change, 'told' of a notifier, 'built-in', 'not-run'."
    ) { $0.state },
    Column("reason", "The reason why it is not run.", .freeText) { $0.reason },
  ]

  /// The lines of a script: one for each type that it was asked about.
  static func rows(of script: SurveyedScript) -> [ScriptRow] {
    guard !script.answers.isEmpty else { return [ScriptRow(script.file, "callout", "asked")] }
    return script.answers.map { answer in
      var row = ScriptRow(script.file, "callout", "asked")
      row.answer = answer
      if answer.capabilities != nil { row.state = answer.isServing ? "serves" : "could-serve" }
      return row
    }
  }

  init(_ file: ScriptFile, _ kind: String, _ state: String) {
    path = file.path
    self.kind = kind
    self.state = file.fault == nil ? state : "not-run"
    reason = file.fault.map { "\($0)" } ?? ""
  }
}

extension Output {
  static func table(of scripts: ScriptSurvey, in style: TableStyle) -> Table {
    let builtIn = scripts.builtIn.map { ScriptRow($0, "callout", "built-in") }
    let callouts = scripts.callouts.flatMap { ScriptRow.rows(of: $0) }
    let notifiers = scripts.notifiers.map { ScriptRow($0, "notifier", "told") }
    return ScriptRow.columns.table(
      of: builtIn + callouts + notifiers, in: style,
      summary: "\(count(builtIn.count + scripts.callouts.count, "callout")), "
        + count(notifiers.count, "notifier"))
  }

  static func text(of scripts: ScriptSurvey) -> String {
    var text = "callouts\n"
    for file in scripts.builtIn {
      text += "  \(file.path) is built in: this program validates without it\n"
    }
    for script in scripts.callouts {
      text += "  \(line(for: script.file))\n"
      for answer in script.answers {
        text += "    \(answer.type) on \(answer.parent): \(words(for: answer))\n"
      }
    }
    text += "notifiers\n"
    for notifier in scripts.notifiers { text += "  \(line(for: notifier))\n" }
    return text
  }

  static func json(of scripts: ScriptSurvey) -> JSONValue {
    .object([
      JSONValue.Member(
        "callouts",
        .array(
          scripts.builtIn.map { file in
            .object([
              JSONValue.Member("path", .string(file.path)),
              JSONValue.Member("built_in", .boolean(true)),
            ])
          }
            + scripts.callouts.map { script in
              .object(
                members(of: script.file)
                  + [JSONValue.Member("answers", .array(script.answers.map { json(of: $0) }))])
            })),
      JSONValue.Member("notifiers", .array(scripts.notifiers.map { .object(members(of: $0)) })),
    ])
  }

  static func text(of trials: [CalloutTrial]) -> String {
    trials.map { trial in
      let milliseconds = trial.duration / .milliseconds(1)
      var lines = ["== \(trial.call)", "argv: \(trial.arguments.joined(separator: " "))"]
      lines.append("stdin: \(trial.input ?? "")")
      switch trial.outcome {
      case .success(let result):
        lines.append("stdout: \(String(decoding: result.output, as: UTF8.self))")
        lines.append("stderr: \(result.errors)")
        lines.append("status: \(words(for: result.status))")
      case .failure(let error): lines.append("error: \(error)")
      }
      lines.append("time: \(Int(milliseconds.rounded())) ms")
      return lines.map { $0.last == "\n" ? $0 : $0 + "\n" }.joined()
    }
    .joined(separator: "\n")
  }

  private static func line(for file: ScriptFile) -> String {
    file.fault.map { "\(file.path) is not run: \($0)" } ?? file.path
  }

  private static func words(for answer: SurveyedScript.Answer) -> String {
    guard let capabilities = answer.capabilities else { return "reports no capabilities" }
    let events = capabilities.events.map(\.rawValue).sorted().joined(separator: " ")
    let actions = capabilities.actions.map(\.rawValue).sorted().joined(separator: " ")
    return (answer.isServing ? "serves" : "could serve")
      + ", version \(capabilities.version), events \(events), actions \(actions)"
  }

  private static func words(for status: ScriptResult.Status) -> String {
    switch status {
    case .exited(let code): "\(code)"
    case .killed(let signal): "signal \(signal)"
    }
  }

  private static func members(of file: ScriptFile) -> [JSONValue.Member] {
    [JSONValue.Member("path", .string(file.path))]
      + (file.fault.map { [JSONValue.Member("reason", .string("\($0)"))] } ?? [])
  }

  private static func json(of answer: SurveyedScript.Answer) -> JSONValue {
    var members = [
      JSONValue.Member("parent", .string(answer.parent.name)),
      JSONValue.Member("mdev_type", .string(answer.type.name)),
      JSONValue.Member("serves", .boolean(answer.isServing)),
    ]
    if let capabilities = answer.capabilities {
      let events = capabilities.events.map(\.rawValue).sorted()
      let actions = capabilities.actions.map(\.rawValue).sorted()
      members += [
        JSONValue.Member("version", .integer(capabilities.version)),
        JSONValue.Member("events", .array(events.map { .string($0) })),
        JSONValue.Member("actions", .array(actions.map { .string($0) })),
      ]
    }
    return .object(members)
  }
}
