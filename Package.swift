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

/// For the modules that touch C pointers.
let strict: [SwiftSetting] = house + [.strictMemorySafety()]

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

let package = Package(
  name: "mdevctl",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
  ],
  targets: [
    .systemLibrary(name: "CFuse", pkgConfig: "fuse3", providers: [.apt(["libfuse3-dev"])]),
    .systemLibrary(name: "CJansson", pkgConfig: "jansson", providers: [.apt(["libjansson-dev"])]),
    .target(name: "MdevModel", swiftSettings: house),
    .target(name: "MdevJSON", dependencies: ["CJansson", "MdevModel"], swiftSettings: strict),
    .target(
      name: "MdevSimulator", dependencies: ["CFuse", "MdevJSON", "MdevModel"],
      swiftSettings: strict),
    .executableTarget(
      name: "mdevsim", dependencies: [argumentParser, "MdevSimulator"], swiftSettings: house),

    .testTarget(name: "MdevModelTests", dependencies: ["MdevModel"], swiftSettings: house),
    .testTarget(
      name: "MdevJSONTests", dependencies: ["MdevJSON", "MdevModel"], swiftSettings: house),
    .testTarget(
      name: "MdevSimulatorTests",
      dependencies: [
        "MdevJSON", "MdevModel", "MdevSimulator", "mdevsim", subprocess, systemPackage,
      ],
      swiftSettings: house),
  ]
)
