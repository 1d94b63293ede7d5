// SPDX-License-Identifier: Apache-2.0

import MdevModel
import MdevPlanning
import TestSupport
import Testing

struct QueueMapTests {
  private typealias Device = (uuid: DeviceUUID, matrix: APMatrix)

  private static let a = DeviceUUID(number: 1)
  private static let b = DeviceUUID(number: 2)
  private static let c = DeviceUUID(number: 3)

  @Test func `a host without an AP bus has no picture`() {
    let view = HostSnapshot()
    #expect(QueueMap(view, problems: view.problems) == nil)
  }

  @Test func `a bus without anything is a picture without rows`() {
    let picture = Self.picture(of: Self.view(adapters: [], domains: []))
    #expect(picture == ["domains"])
  }

  @Test func `a queue is the host's, free, a device's, or not there`() {
    let picture = Self.picture(
      of: Self.view(
        adapters: [4, 5], domains: [4, 6], masks: Self.masks(without: 5),
        running: [(Self.a, Self.matrix([5], [4]))],
        automatic: [(Self.a, Self.matrix([5], [4]))],
        manual: [(Self.b, Self.matrix([5], [6]))]))
    #expect(
      picture == [
        "domains 4 6", "4 now host host", "4 boot host host", "5 now 1 free", "5 boot 1 2?",
        "1 runs auto", "2 manual",
      ])
  }

  @Test func `two devices that start with one queue are a conflict at boot, and the first has it`()
  {
    let picture = Self.picture(
      of: Self.view(
        adapters: [5], domains: [4, 6], masks: Self.masks(without: 5),
        automatic: [(Self.a, Self.matrix([5], [4])), (Self.b, Self.matrix([5], [4, 6]))]))
    #expect(
      picture == [
        "domains 4 6", "5 now free!queue-twice free", "5 boot 1!queue-twice free", "1 auto",
        "2 auto",
      ])
  }

  @Test func `a queue that the host keeps from a device is a conflict when it does`() {
    let view = Self.view(
      adapters: [5], domains: [4], masks: Self.masks(without: 5), atBoot: .all,
      automatic: [(Self.a, Self.matrix([5], [4]))])
    #expect(
      Self.picture(of: view) == [
        "domains 4", "5 now free", "5 boot host!queue-kept-by-host", "1 auto",
      ])
  }

  @Test func `a definition that wants what runs elsewhere is a conflict now`() {
    let picture = Self.picture(
      of: Self.view(
        adapters: [5], domains: [4], masks: Self.masks(without: 5),
        running: [(Self.c, Self.matrix([5], [4]))], manual: [(Self.a, Self.matrix([5], [4]))]))
    #expect(
      picture == ["domains 4", "5 now 3!queue-in-use", "5 boot 1?", "1 manual", "3 runs"])
  }

  @Test func `what a device is to have and the host does not is in the picture, as a conflict`() {
    let picture = Self.picture(
      of: Self.view(
        adapters: [5], domains: [4], masks: Self.masks(without: 5),
        automatic: [(Self.a, Self.matrix([5, 9], [4]))]))
    #expect(
      picture == [
        "domains 4", "5 now free", "5 boot free", "9 now absent!queue-absent",
        "9 boot absent!queue-absent", "1 auto",
      ])
  }

  /// Against a model that asks each rule about each queue.
  @Test(arguments: TestSeed.fresh)
  func `random hosts are drawn queue by queue as the obvious way has it`(seed: Int) throws {
    var generator = ReproducibleNumbers(seed: seed)
    for _ in 0..<60 {
      let view = Self.randomView(using: &generator)
      let problems = view.problems
      let picture = try #require(QueueMap(view, problems: problems))
      let ap = view.ap
      for row in picture.rows {
        for (index, domain) in picture.domains.enumerated() {
          let queue = APQueue(adapter: row.adapter, domain: domain)
          #expect(row.now[index].owner == Self.ownerNow(of: queue, view, ap))
          #expect(row.boot[index].owner == Self.ownerAtBoot(of: queue, view, ap))
          guard ap?.queues.contains(queue) == true else { continue }
          #expect(
            row.now[index].conflict
              == problems.first { $0.moments.contains(.now) && $0.queues?.contains(queue) == true }?
              .rule)
          #expect(
            row.boot[index].conflict
              == problems.first {
                $0.moments.contains(.boot) && $0.queues?.contains(queue) == true
              }?.rule)
        }
      }
    }
  }

  // MARK: The obvious way

  private static func ownerNow(
    of queue: APQueue, _ view: HostSnapshot, _ ap: APHost?
  ) -> QueueMap.Owner {
    guard let ap, ap.queues.contains(queue) else { return .absent }
    if let running = view.running.first(where: { $0.matrix?.includes(queue) == true }) {
      return .device(running.device.identity.uuid)
    }
    return ap.now.queuesKept(of: matrix([queue.adapter], [queue.domain])).isEmpty
      ? .free(isBound: true) : .host
  }

  private static func ownerAtBoot(
    of queue: APQueue, _ view: HostSnapshot, _ ap: APHost?
  ) -> QueueMap.Owner {
    guard let ap, ap.queues.contains(queue) else { return .absent }
    let kept = ap.boot.queuesKept(of: matrix([queue.adapter], [queue.domain]))
    guard kept.isEmpty else { return .host }
    if let holder = startersAtBoot(view, ap)[queue] { return .device(holder) }
    let manual = view.definitions.first {
      $0.definition.start == .manual && $0.definition.claimedQueues.contains(queue)
    }
    return manual.map { .onDemand($0.identity.uuid) } ?? .free(isBound: true)
  }

  /// Starts one device after the other, each if all of its queues are free.
  private static func startersAtBoot(_ view: HostSnapshot, _ ap: APHost) -> [APQueue: DeviceUUID] {
    var holders: [APQueue: DeviceUUID] = [:]
    for device in view.definitions where device.definition.start == .auto {
      let queues = device.definition.claimedQueues
      guard queues.allSatisfy({ holders[$0] == nil && !ap.boot.keeps($0) }) else { continue }
      for queue in queues { holders[queue] = device.identity.uuid }
    }
    return holders
  }

  private static func randomView(using generator: inout some RandomNumberGenerator) -> HostSnapshot
  {
    func numbers(_ chance: Int) -> [UInt8] {
      (0..<6).filter { _ in Int.random(in: 0..<10, using: &generator) < chance }
    }
    func devices(_ base: UInt64) -> [Device] {
      (0..<UInt64(Int.random(in: 0...3, using: &generator))).map {
        (DeviceUUID(number: base + $0), matrix(numbers(4), numbers(4)))
      }
    }
    let masks = { (bits: [UInt8]) in APMasks(adapters: APMask(bits), domains: .all) }
    return view(
      adapters: numbers(8), domains: numbers(8), masks: masks(numbers(4)),
      atBoot: masks(numbers(4)), running: devices(0), automatic: devices(2), manual: devices(5))
  }

  // MARK: Hosts

  private static func view(
    adapters: [UInt8], domains: [UInt8], masks: APMasks = .all, atBoot: APMasks? = nil,
    running: [Device] = [], automatic: [Device] = [], manual: [Device] = []
  ) -> HostSnapshot {
    let parent = ParentName(unchecked: "matrix")
    func definition(_ device: Device, _ start: StartPolicy) -> MediatedDevice {
      let attributes = [
        DeviceAttribute(name: .configuration, value: device.matrix.description)
      ]
      return MediatedDevice(
        identity: DeviceIdentity(parent: parent, uuid: device.uuid),
        definition: DeviceDefinition(type: .vfioAP, start: start, attributes: attributes))
    }
    return HostSnapshot(
      definitions: (automatic.map { definition($0, .auto) }
        + manual.map { definition($0, .manual) }).sorted { $0.identity < $1.identity },
      running: running.map { device in
        RunningDevice(
          ActiveDevice(
            identity: DeviceIdentity(parent: parent, uuid: device.uuid), type: .vfioAP),
          matrix: device.matrix)
      },
      offers: [
        parent: [
          MediatedDeviceType(
            name: .vfioAP, availableInstances: 65536, deviceAPI: "vfio-ap", displayName: nil,
            details: nil)
        ]
      ],
      ap: APHost(
        now: APReservation(masks: masks), boot: APReservation(masks: atBoot ?? masks),
        adapters: APMask(adapters), domains: APMask(domains),
        bound: APQueueSet(APMatrix(adapters: APMask(adapters), domains: APMask(domains)))))
  }

  private static func matrix(_ adapters: [UInt8], _ domains: [UInt8]) -> APMatrix {
    APMatrix(adapters: APMask(adapters), domains: APMask(domains))
  }

  private static func masks(without adapter: UInt8) -> APMasks {
    APMasks(adapters: APMask.all.subtracting(APMask([adapter])), domains: .all)
  }

  // MARK: Words

  /// The picture line by line, devices by the numbers that their uuids are.
  private static func picture(of view: HostSnapshot) -> [String] {
    guard let picture = QueueMap(view, problems: view.problems) else { return [] }
    return [(["domains"] + picture.domains.map(String.init)).joined(separator: " ")]
      + picture.rows.flatMap { row in
        [("now", row.now), ("boot", row.boot)].map { moment, cells in
          "\(row.adapter) \(moment) " + cells.map(words).joined(separator: " ")
        }
      }
      + picture.devices.map { device in
        number(of: device.uuid) + (device.isRunning ? " runs" : "")
          + (device.start.map { " \($0.rawValue)" } ?? "")
      }
  }

  private static func words(for cell: QueueMap.Cell) -> String {
    let owner =
      switch cell.owner {
      case .absent: "absent"
      case .host: "host"
      case .free(isBound: true): "free"
      case .free(isBound: false): "unbound"
      case .device(let uuid): number(of: uuid)
      case .onDemand(let uuid): "\(number(of: uuid))?"
      }
    return owner + (cell.conflict.map { "!\($0.rawValue)" } ?? "")
  }

  private static func number(of uuid: DeviceUUID) -> String {
    String(uuid.description.suffix(1))
  }
}

extension AttributeName {
  fileprivate static var configuration: AttributeName {
    guard let name = try? AttributeName("ap_config") else { fatalError("it is a name") }
    return name
  }
}

extension DeviceUUID {
  /// A uuid that ends in a number.
  fileprivate init(number: UInt64) {
    let digits = String(number)
    let zeros = String(repeating: "0", count: 32 - digits.utf8.count)
    guard let uuid = DeviceUUID(text: zeros + digits) else { fatalError("it is a uuid") }
    self = uuid
  }
}
