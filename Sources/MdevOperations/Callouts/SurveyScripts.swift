// SPDX-License-Identifier: Apache-2.0

package import MdevCallouts
import MdevHost
package import MdevModel

/// The listing of scripts and of what they serve.
package struct SurveyScripts: Sendable {
  let bus: MediatedDeviceBus
  let callouts: Callouts

  /// Lists all scripts; callouts are asked what they serve of the types that there are now.
  ///
  /// A type that no parent offers is asked about as well, on the parent that is given.
  package func run(
    serving type: TypeName?, on parent: ParentName?
  ) async throws -> Outcome<ScriptSurvey> {
    let offered = try bus.types(of: parent)
    var offers = offered.value.flatMap { parent in
      parent.types.map { (parent.parent, $0.name) }
    }
    .filter { type == nil || type == $0.1 }
    if offers.isEmpty, let type, let parent { offers = [(parent, type)] }
    return Outcome(try await callouts.survey(offers), warnings: offered.warnings)
  }
}
