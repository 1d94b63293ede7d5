// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// What every module of ours is built with.
let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// For the modules of mdevctl: `contains("...")` and the like would link the library of regular
/// expressions, which costs every start.
let lean: [SwiftSetting] =
  house + [.unsafeFlags(["-Xfrontend", "-disable-implicit-string-processing-module-import"])]

/// For the modules that touch C pointers.
let strict: [SwiftSetting] = [.strictMemorySafety()]

/// For what the tests ask the most of: the simulated kernel, of whose answers they need millions, is
/// optimized in debug builds, too.
let quick: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// For the programs: Swift's libraries in them.
///
/// The tests start them some ten thousand times, and to load the libraries would be a third of that.
/// A target of tests that depended on a program would get this, too, and could not be linked; 'swift
/// test' builds the programs anyway.
let alone: [LinkerSetting] = [
  .unsafeFlags(["-static-stdlib"], .when(platforms: [.linux], configuration: .debug))
]

let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

let package = Package(
  name: "mdevctl",
  products: [
    .executable(name: "mdevctl", targets: ["mdevctl"]),
    .executable(name: "mdevsim", targets: ["mdevsim"]),
    .executable(name: "mdevpages", targets: ["mdevpages"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    .systemLibrary(name: "CFuse", pkgConfig: "fuse3", providers: [.apt(["libfuse3-dev"])]),
    // Without pkg-config, which would put the directory of the shared library before ours.
    .systemLibrary(name: "CJansson"),
    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "CUdev"),
    .target(name: "MdevArguments", swiftSettings: lean),
    .target(name: "MdevModel", swiftSettings: lean),
    .target(name: "MdevPlanning", dependencies: ["MdevModel"], swiftSettings: lean),
    .target(
      name: "MdevJSON", dependencies: ["CJansson", "MdevModel"], swiftSettings: lean + strict),
    .target(
      name: "MdevHost", dependencies: ["CLinux", "CUdev", "MdevModel", systemPackage, subprocess],
      swiftSettings: lean + strict),
    .target(name: "MdevRules", dependencies: ["MdevModel"], swiftSettings: lean),
    .target(name: "MdevDrivers", dependencies: ["MdevModel", "MdevHost"], swiftSettings: lean),
    .target(
      name: "MdevStore", dependencies: ["MdevModel", "MdevJSON", "MdevHost"], swiftSettings: lean),
    .target(
      name: "MdevCallouts", dependencies: ["MdevModel", "MdevJSON", "MdevHost"],
      swiftSettings: lean),
    .target(
      name: "MdevOperations",
      dependencies: [
        "MdevModel", "MdevPlanning", "MdevHost", "MdevStore", "MdevCallouts", "MdevDrivers",
        "MdevRules",
      ],
      swiftSettings: lean),
    .target(
      name: "MdevCommands",
      dependencies: [
        "MdevModel", "MdevPlanning", "MdevJSON", "MdevRules", "MdevCallouts", "MdevDrivers",
        "MdevOperations", "MdevHost", "MdevArguments",
      ],
      swiftSettings: lean),
    .target(name: "CStart"),
    .executableTarget(
      name: "mdevctl", dependencies: ["CStart", "MdevCommands"], swiftSettings: lean,
      linkerSettings: alone),
    .target(
      name: "MdevSimulator", dependencies: ["CFuse", "MdevJSON", "MdevModel"],
      resources: [.embedInCode("Programs/nvidia-smi"), .embedInCode("Programs/sriov-manage")],
      swiftSettings: house + strict + quick),
    .target(
      name: "MdevSimulatorCommands", dependencies: ["MdevArguments", "MdevSimulator"],
      swiftSettings: house),
    .executableTarget(
      name: "mdevsim", dependencies: ["MdevSimulatorCommands"], swiftSettings: house,
      linkerSettings: alone),
    .target(name: "MdevManual", dependencies: ["MdevArguments"], swiftSettings: house),
    .executableTarget(
      name: "mdevpages",
      dependencies: ["MdevCommands", "MdevManual", "MdevSimulatorCommands", systemPackage],
      swiftSettings: house),

    .target(
      name: "TestSupport", dependencies: [subprocess, systemPackage], path: "Tests/TestSupport",
      swiftSettings: house),
    .testTarget(name: "CStartTests", dependencies: ["CStart"], swiftSettings: house),
    .testTarget(
      name: "MdevArgumentsTests", dependencies: ["MdevArguments"], swiftSettings: house),
    .testTarget(
      name: "MdevModelTests", dependencies: ["MdevModel", "TestSupport"], swiftSettings: house),
    .testTarget(
      name: "MdevPlanningTests", dependencies: ["MdevPlanning", "MdevModel", "TestSupport"],
      swiftSettings: house),
    .testTarget(
      name: "MdevJSONTests", dependencies: ["MdevJSON", "MdevModel", "TestSupport"],
      swiftSettings: house),
    .testTarget(
      name: "MdevHostTests", dependencies: ["MdevHost", "MdevModel", "TestSupport", systemPackage],
      swiftSettings: house),
    .testTarget(
      name: "MdevRulesTests",
      dependencies: ["MdevRules", "MdevModel", "TestSupport"],
      exclude: ["Golden"], swiftSettings: house),
    .testTarget(
      name: "MdevDriversTests",
      dependencies: ["MdevDrivers", "MdevHost", "MdevModel", "TestSupport", systemPackage],
      swiftSettings: house),
    .testTarget(
      name: "MdevCalloutsTests",
      dependencies: ["MdevCallouts", "MdevHost", "MdevModel", "TestSupport", systemPackage],
      swiftSettings: house),
    .testTarget(
      name: "MdevStoreTests",
      dependencies: ["MdevStore", "MdevHost", "MdevJSON", "MdevModel", "TestSupport"],
      swiftSettings: house),
    .testTarget(
      name: "MdevOperationsTests",
      dependencies: [
        "MdevCallouts", "MdevOperations", "MdevPlanning", "MdevHost", "MdevModel", "TestSupport",
      ],
      swiftSettings: house),
    .testTarget(
      name: "MdevCommandsTests",
      dependencies: [
        "MdevArguments", "MdevCommands", "MdevHost", "MdevModel", "MdevOperations", "MdevPlanning",
        "MdevSimulatorCommands", "TestSupport",
      ],
      exclude: ["Golden"], swiftSettings: house),
    .testTarget(
      name: "MdevManualTests",
      dependencies: [
        "MdevArguments", "MdevCommands", "MdevManual", "MdevSimulatorCommands", "TestSupport",
        systemPackage,
      ],
      swiftSettings: house),
    .target(
      name: "SimulatorSupport", dependencies: ["MdevModel", "MdevSimulator"],
      path: "Tests/SimulatorSupport", swiftSettings: house),
    .testTarget(
      name: "MdevSimulatorTests",
      dependencies: [
        "MdevJSON", "MdevModel", "MdevPlanning", "MdevSimulator", "SimulatorSupport", "TestSupport",
      ],
      swiftSettings: house),
    .testTarget(
      name: "IntegrationTests",
      dependencies: [
        "MdevHost", "MdevJSON", "MdevModel", "MdevOperations", "MdevSimulator", "SimulatorSupport",
        "TestSupport", systemPackage,
      ],
      exclude: ["Golden", "Scripts", "Transcripts"], swiftSettings: house),
  ]
)

// Links only with the runtime of libFuzzer, which Tests/Fuzz/run asks for.
if Context.environment["MDEVCTL_FUZZ"] != nil {
  package.products.append(.executable(name: "mdevfuzz", targets: ["mdevfuzz"]))
  package.targets.append(
    .executableTarget(
      name: "mdevfuzz",
      dependencies: [
        "MdevCallouts", "MdevJSON", "MdevModel", "MdevRules", "MdevSimulator", "MdevStore",
      ],
      path: "Tests/Fuzz/Program", swiftSettings: house))
}
