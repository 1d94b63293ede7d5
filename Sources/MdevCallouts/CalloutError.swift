// SPDX-License-Identifier: Apache-2.0

package import MdevHost

/// Why a script's word, or its lack, ends a command.
package enum CalloutError: Error, Equatable, CustomStringConvertible {
  /// The script said no; the words are those of its stderr.
  case refused(script: String, call: String, status: Int32, words: String)
  /// The script could not be run, or not to its end.
  case failed(script: String, call: String, HostError.Cause)
  /// The script is not run because others could have changed it.
  case untrusted(ScriptFile)
  /// The script's answer can't be understood.
  case answer(script: String, call: String, reason: String)
  /// The directory of scripts can't be read.
  case host(HostError)
  /// No script changes running devices of this type.
  case liveUnsupported

  package var description: String {
    switch self {
    case .refused(let script, let call, let status, words: ""):
      "refused by callout '\(script)' (\(call)): it ended with status \(status) and said nothing"
    case .refused(let script, let call, _, let words):
      "refused by callout '\(script)' (\(call)): \(words)"
    case .failed(let script, let call, let cause):
      "callout '\(script)' (\(call)) failed: \(cause)"
    case .untrusted(let script):
      "callout '\(script.path)' is not run, so that its consent is missing:"
        + " \(script.fault?.description ?? "")"
    case .answer(let script, let call, let reason):
      "callout '\(script)' (\(call)) gave no usable answer: \(reason)"
    case .host(let error): "\(error)"
    case .liveUnsupported:
      "No callout script with version support found that supports live modify"
    }
  }
}
