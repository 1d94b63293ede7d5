// SPDX-License-Identifier: Apache-2.0

import MdevCallouts
package import MdevHost
import MdevModel
import MdevStore

/// The use cases of a host, each made with what it needs.
package struct Operations: Sendable {
  private let reader: HostReader
  private let reporter: Reporter
  private let callouts: Callouts
  private let hooks: ChangeHooks

  /// The operations of the host at `root`.
  ///
  /// Every change is looked at for conflicts, then shown to `hooks`, in order, and then to the
  /// host's scripts; `refusals` says what it is worth that one of these refuses.
  package init(
    root: SystemRoot, refusals: RefusalPolicy = .obey, hooks: [any ChangeHook] = [],
    reporter: Reporter = Reporter { _ in }
  ) {
    self.reporter = reporter
    let told = SeenWarnings()
    reader = HostReader(root: root) { if told.isFirst($0) { reporter.warn($0) } }
    callouts = Callouts(root: root) { reporter.warn($0) }
    let scripts = CalloutHook(callouts: callouts, refusals: refusals, reporter: reporter)
    self.hooks = ChangeHooks(
      conflicts: ConflictJudge(reader: reader, refusals: refusals, reporter: reporter),
      others: hooks + [scripts])
  }

  private var root: SystemRoot { reader.root }
  private var store: DefinitionStore { reader.store }
  private var bus: MediatedDeviceBus { reader.bus }
}

// MARK: - Devices

extension Operations {
  package var defineDevice: DefineDevice {
    DefineDevice(
      reader: reader, hooks: hooks, attributes: attributes, reporter: reporter)
  }

  package var undefineDevice: UndefineDevice { UndefineDevice(reader: reader, hooks: hooks) }

  package var modifyDevice: ModifyDevice { ModifyDevice(reader: reader, hooks: hooks) }

  package var modifyRunningDevice: ModifyRunningDevice {
    ModifyRunningDevice(
      reader: reader, hooks: hooks, callouts: callouts, matrices: changeMatrix,
      finishing: finishChange)
  }

  package var startDevice: StartDevice {
    StartDevice(
      reader: reader, hooks: hooks, starter: starter, failures: failures,
      containers: offerToContainers)
  }

  private var starter: DeviceStarter { DeviceStarter(reader: reader, reporter: reporter) }

  private var changeMatrix: ChangeMatrix { ChangeMatrix(reader: reader, reporter: reporter) }

  package var stopDevice: StopDevice {
    StopDevice(
      reader: reader, hooks: hooks, containers: offerToContainers, reporter: reporter)
  }

  package var findDevices: FindDevices { FindDevices(store: store, bus: bus, owners: owners) }

  package var listDevices: ListDevices {
    ListDevices(store: store, bus: bus, attributes: attributes)
  }

  package var listOwners: ListOwners { ListOwners(owners: owners) }

  package var listTypes: ListTypes { ListTypes(bus: bus, root: root) }

  private var attributes: RunningAttributes { RunningAttributes(callouts: callouts, root: root) }

  private var failures: StartFailures {
    StartFailures(record: FailureRecord(root: root), reporter: reporter)
  }
}

// MARK: - Drivers

extension Operations {
  package var setDriver: SetDriver {
    SetDriver(
      overrides: changeOverrides,
      queues: ChangeQueues(reader: reader, overrides: changeOverrides, masks: changeMasks),
      subchannels: listSubchannels, containers: offerToContainers)
  }

  package var loadDriver: LoadDriver {
    LoadDriver(
      stored: reader.overrides, overrides: changeOverrides, containers: offerToContainers,
      root: root)
  }

  package var setMasks: SetMasks { SetMasks(masks: changeMasks) }

  package var listDrivers: ListDrivers { ListDrivers(overrides: reader.overrides, root: root) }

  package var listStoredDrivers: ListStoredDrivers {
    ListStoredDrivers(overrides: reader.overrides)
  }

  package var listGroups: ListGroups { ListGroups(overrides: reader.overrides, root: root) }

  package var listSubchannels: ListSubchannels { ListSubchannels(root: root) }

  private var lostStarts: LostStarts { LostStarts(reader: reader, reporter: reporter) }

  private var changeOverrides: ChangeOverrides {
    ChangeOverrides(
      overrides: reader.overrides, finishing: finishChange, lostStarts: lostStarts, root: root,
      reporter: reporter)
  }

  private var changeMasks: ChangeMasks {
    ChangeMasks(
      reader: reader, finishing: finishChange, lostStarts: lostStarts, reporter: reporter)
  }

  package var finishChange: FinishChange { FinishChange(reader: reader, reporter: reporter) }
}

// MARK: - Cards

extension Operations {
  package var listCards: ListCards { ListCards(reader: reader) }

  package var setCard: SetCard {
    SetCard(cards: changeCard, failures: failures, containers: offerToContainers)
  }

  package var unsetCard: UnsetCard { UnsetCard(cards: changeCard, containers: offerToContainers) }

  package var restoreCards: RestoreCards {
    RestoreCards(cards: changeCard, failures: failures, containers: offerToContainers)
  }

  private var changeCard: ChangeCard {
    ChangeCard(store: reader.cards, notes: reader.cardNotes, root: root)
  }
}

// MARK: - Hosts

extension Operations {
  package var exportHost: ExportHost {
    ExportHost(reader: reader, owners: owners, devices: listDevices)
  }

  package var compareHost: CompareHost { CompareHost(reader: reader, owners: owners) }

  package var applyHost: ApplyHost {
    ApplyHost(
      compare: compareHost, reader: reader, hooks: hooks, drivers: changeOverrides,
      masks: changeMasks,
      cards: ApplyCard(reader: reader, setCard: setCard, unsetCard: unsetCard),
      running: RenewDevice(
        reader: reader, modify: modifyRunningDevice, stopDevice: stopDevice,
        startDevice: startDevice),
      autostart: autostart, containers: offerToContainers, failures: failures, reporter: reporter)
  }

  private var owners: OwnerStore { OwnerStore(root: root) }
}

// MARK: - Checking

extension Operations {
  package var showDevices: ShowDevices {
    ShowDevices(
      reader: reader, find: findDevices, attributes: attributes,
      failures: FailureRecord(root: root))
  }

  package var checkHost: CheckHost {
    CheckHost(reader: reader, callouts: callouts, rules: checkRules)
  }

  package var mapQueues: MapQueues { MapQueues(reader: reader) }

  package var planStarts: PlanStarts { PlanStarts(reader: reader) }

  package var validateChange: ValidateChange {
    ValidateChange(reader: reader, conflicts: hooks.conflicts, matrices: changeMatrix)
  }
}

// MARK: - Watching

extension Operations {
  package var monitorHost: MonitorHost { MonitorHost(reader: reader) }

  package var waitForState: WaitForState { WaitForState(reader: reader) }
}

// MARK: - Boot

extension Operations {
  package var autostart: Autostart {
    Autostart(
      reader: reader, hooks: hooks, starter: starter, failures: failures, trials: trials,
      containers: offerToContainers, reporter: reporter)
  }

  package var settleStarts: SettleStarts {
    SettleStarts(reader: reader, autostart: autostart, trials: trials, failures: failures)
  }

  private var trials: StartTrials { StartTrials(root: root) }

  package var hostStatuses: HostStatuses {
    let failures = FailureRecord(root: root)
    return HostStatuses(
      devices: DeviceStatuses(reader: reader, failures: failures),
      cards: CardStatuses(reader: reader, failures: failures), failures: failures)
  }

  package var showRules: ShowRules { ShowRules(overrides: reader.overrides, root: root) }

  package var installRules: InstallRules { InstallRules(store: store, root: root) }

  package var checkRules: CheckRules { CheckRules(reader: reader) }

  package var setDeviceOwner: SetDeviceOwner { SetDeviceOwner(reader: reader) }
}

// MARK: - Containers

extension Operations {
  package var offerToContainers: OfferToContainers {
    OfferToContainers(bus: bus, file: ContainerFile(root: root), root: root, reporter: reporter)
  }
}

// MARK: - Completing

extension Operations {
  package var knownNames: KnownNames { KnownNames(store: store, bus: bus, root: root) }
}

// MARK: - Callouts

extension Operations {
  package var surveyScripts: SurveyScripts { SurveyScripts(bus: bus, callouts: callouts) }

  package var tryScript: TryScript { TryScript(reader: reader, callouts: callouts) }
}
