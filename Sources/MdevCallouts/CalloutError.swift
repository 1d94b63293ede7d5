// SPDX-License-Identifier: Apache-2.0

package import MdevHost

/// Why a script's word, or its lack, ends a command.
package enum CalloutError: Error, Equatable, CustomStringConvertible {
  /// The script said no; the words are those of its stderr.
  case refused(script: String, call: String, status: Int32, words: String)
  /// The script could not tell what it was asked for.
  case unable(script: String, call: String, status: Int32, words: String)
  /// The script could not be run, or not to its end.
  case failed(script: String, call: String, HostError.Cause)
  /// The script, whose consent is needed, is not run because of what it is.
  case untrusted(ScriptFile)
  /// The script that is meant is not run because of what it is.
  case notRun(ScriptFile)
  /// The script's answer can't be understood.
  case answer(script: String, call: String, reason: String)
  /// The directory of scripts can't be read.
  case host(HostError)
  /// No script changes running devices of this type.
  case liveUnsupported

  package var description: String {
    switch self {
    case .refused(let script, let call, let status, let words):
      "refused by callout '\(script)' (\(call)): \(reason(status, words))"
    case .unable(let script, let call, let status, let words):
      "callout '\(script)' (\(call)) failed: \(reason(status, words))"
    case .failed(let script, let call, let cause):
      "callout '\(script)' (\(call)) failed: \(cause)"
    case .untrusted(let script):
      "the consent of callout '\(script.name)' is missing, since it is not run:"
        + " \(script.fault?.description ?? "")"
    case .notRun(let script):
      "script '\(script.path)' is not run: \(script.fault?.description ?? "")"
    case .answer(let script, let call, let reason):
      "callout '\(script)' (\(call)) gave no usable answer: \(reason)"
    case .host(let error): "\(error)"
    case .liveUnsupported:
      "Live modification is not supported for this device type. Changing the device configuration"
        + " requires stopping and restarting the device."
    }
  }

  private func reason(_ status: Int32, _ words: String) -> String {
    words.isEmpty ? "it ended with status \(status) and said nothing" : words
  }
}
