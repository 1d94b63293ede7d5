// SPDX-License-Identifier: Apache-2.0

/// Something about a host that hurts, or will at the next boot.
package struct Finding: Hashable, Sendable {
  /// What is looked for; the words are for programs and stay as they are.
  package enum Rule: String, Sendable, CaseIterable {
    case unreadableDefinition = "unreadable-definition"
    case uuidTwice = "uuid-twice"
    case queueTwice = "queue-twice"
    case queueInUse = "queue-in-use"
    case queueKeptByHost = "queue-kept-by-host"
    case attributeRefused = "attribute-refused"
    case noUsageDomain = "no-usage-domain"
    case queueAbsent = "queue-absent"
    case queueWithheld = "queue-withheld"
    case masksAndOverrides = "masks-and-overrides"
    case subchannelTwice = "subchannel-twice"
    case subchannelMissing = "subchannel-missing"
    case subchannelDriver = "subchannel-driver"
    case parentMissing = "parent-missing"
    case parentIdle = "parent-idle"
    case typeUnknown = "type-unknown"
    case noRoom = "no-room"
    case typesMixed = "types-mixed"
    case deviceDiffers = "device-differs"
    case usedWithoutDefinition = "used-without-definition"
    case parentGivenAway = "parent-given-away"
    case overrideStale = "override-stale"
    case overrideIgnored = "override-ignored"
    case overrideUnreadable = "override-unreadable"
    case groupSplit = "group-split"
    case rules
    case units
    case script
    case writableByOthers = "writable-by-others"
    case unreadable
  }

  package enum Severity: String, Sendable {
    /// A device does not start, or somebody has what is another's.
    case error
    /// It works, or may work, but not as one would expect.
    case warning
  }

  /// When it hurts.
  package enum Scope: Hashable, Sendable {
    case now, boot, always
  }

  package let rule: Rule
  package let severity: Severity
  package let scope: Scope
  package let devices: [DeviceIdentity]
  /// Queues, subchannels, parents, files, as the kernel or the file system names them.
  package let resources: [String]
  /// One sentence.
  package let message: String
  /// The queues that it is about.
  package let queues: APQueueSet?
  /// The command that mends it, where there is one.
  package let remedy: String?

  /// A finding; where it is about queues, these are its resources.
  package init(
    _ rule: Rule, _ severity: Severity, _ scope: Scope = .always, devices: [DeviceIdentity] = [],
    resources: [String] = [], queues: APQueueSet? = nil, _ message: String, remedy: String? = nil
  ) {
    self.rule = rule
    self.severity = severity
    self.scope = scope
    self.devices = devices
    self.resources = queues.map { ["\($0)"] } ?? resources
    self.queues = queues
    self.message = message
    self.remedy = remedy
  }

  /// What is in the way of one of its devices: each queue and who has it in a line of its own,
  /// as s390-tools' ap-check words it, or the sentence.
  package func lines(for device: DeviceIdentity) -> [String] {
    guard let queues else { return [message] }
    let other = devices.first { $0 != device }
    switch (rule, other) {
    case (.queueTwice, let other?):
      return APConflict.definedForAutostart(APClaim(holder: other.uuid, queues: queues)).lines
    case (.queueInUse, let other?):
      return APConflict.inUse(APClaim(holder: other.uuid, queues: queues)).lines
    case (.queueKeptByHost, _) where scope == .boot:
      return APConflict.keptByHostAtBoot(queues).lines
    case (.queueKeptByHost, _): return APConflict.keptByHost(queues).lines
    default: return [message]
    }
  }
}
