// swift-tools-version: 6.3
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]
let memorySafe: [SwiftSetting] = strict + [.strictMemorySafety()]

let collections = Target.Dependency.product(
    name: "HashTreeCollections",
    package: "swift-collections"
)
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(
    name: "ServiceLifecycle",
    package: "swift-service-lifecycle"
)
let unixSignals = Target.Dependency.product(
    name: "UnixSignals",
    package: "swift-service-lifecycle"
)
let sqlite = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let sqliteBindings = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let arguments = Target.Dependency.product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)
let yaml = Target.Dependency.product(name: "Yams", package: "Yams")
let histogram = Target.Dependency.product(name: "Histogram", package: "hdrhistogram-swift")

let package = Package(
    name: "bandera",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "bandera", targets: ["bandera"]),
        .executable(name: "bandera-bench", targets: ["bandera-bench"]),
        .executable(name: "bandera-sim", targets: ["bandera-sim"]),
        .library(name: "BanderaClient", targets: ["BanderaClient", "Flags"]),
        .library(name: "BanderaTesting", targets: ["BanderaTesting"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(
            url: "https://github.com/swift-server/swift-service-lifecycle",
            exact: "2.13.0"
        ),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
    ],
    targets: [
        // Values.
        .target(name: "Raft", swiftSettings: memorySafe),
        .target(name: "Checksum", swiftSettings: memorySafe),
        .systemLibrary(
            name: "CPCRE2",
            pkgConfig: "libpcre2-8",
            providers: [.apt(["libpcre2-dev"])]
        ),
        .target(name: "CPatterns", dependencies: ["CPCRE2"]),
        .target(name: "Patterns", dependencies: ["CPatterns"], swiftSettings: strict),
        .target(name: "Flags", dependencies: ["Patterns"], swiftSettings: memorySafe),
        .target(
            name: "FlagStore",
            dependencies: ["Flags", "Releases", "Usage", collections],
            swiftSettings: memorySafe
        ),
        .target(name: "Releases", dependencies: ["Flags"], swiftSettings: memorySafe),
        .target(name: "Usage", dependencies: ["Checksum", "Flags"], swiftSettings: memorySafe),
        .target(name: "Linearizability", swiftSettings: memorySafe),

        // Bytes.
        .systemLibrary(
            name: "COpenSSL",
            pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(
            name: "CProtobufC",
            pkgConfig: "libprotobuf-c",
            providers: [.apt(["libprotobuf-c-dev"])]
        ),
        .target(name: "CMessages", dependencies: ["CProtobufC"]),
        .target(name: "Wire", dependencies: ["CMessages"], swiftSettings: strict),
        .target(name: "PeerProtocol", dependencies: ["Wire", "Raft"], swiftSettings: strict),
        .target(
            name: "ClientProtocol",
            dependencies: ["Wire", "Flags", "Releases"],
            swiftSettings: strict
        ),

        // Replica.
        .target(
            name: "RaftStorage",
            dependencies: ["Checksum", "Raft", "PeerProtocol"],
            swiftSettings: strict
        ),
        .target(
            name: "Replica",
            dependencies: [
                "Checksum", "Raft", "FlagStore", "PeerProtocol", "ClientProtocol", "Releases",
                "Usage",
            ],
            swiftSettings: memorySafe
        ),
        .target(
            name: "Simulation",
            dependencies: ["Checksum", "Linearizability", "Replica", "RaftStorage"],
            swiftSettings: memorySafe
        ),

        // Effects.
        .target(name: "TLS", dependencies: ["COpenSSL", nioCore], swiftSettings: strict),
        .target(
            name: "Transport",
            dependencies: ["Wire", "TLS", nioCore, nioPosix],
            swiftSettings: memorySafe
        ),
        .target(
            name: "Ledger",
            dependencies: [
                "Checksum", "FlagStore", "Releases", "Usage", sqlite, sqliteBindings,
            ],
            swiftSettings: memorySafe
        ),
        .target(
            name: "Node",
            dependencies: [
                "Replica", "RaftStorage", "Ledger", "Transport", "Usage", lifecycle, logging,
                nioCore, nioPosix,
            ],
            swiftSettings: memorySafe
        ),
        .target(
            name: "BanderaClient",
            dependencies: [
                "Flags", "ClientProtocol", "Transport", "Usage", nioCore, nioPosix,
            ],
            swiftSettings: memorySafe
        ),
        .target(
            name: "BanderaTesting",
            dependencies: ["BanderaClient", "Flags"],
            swiftSettings: memorySafe
        ),
        .target(
            name: "LocalCluster",
            dependencies: ["BanderaClient", "TLS", nioCore, nioPosix],
            swiftSettings: memorySafe
        ),

        // Programs.
        .executableTarget(
            name: "bandera",
            dependencies: [
                "BanderaClient", "Checksum", "LocalCluster", "Node", "Releases", "TLS", "Usage",
                arguments, lifecycle, unixSignals, logging, yaml,
            ],
            swiftSettings: memorySafe
        ),
        .target(name: "CMallocCount"),
        .executableTarget(
            name: "bandera-bench",
            dependencies: [
                "CMallocCount", "BanderaClient", "LocalCluster", "Raft", "TLS", "Usage", arguments,
                histogram, nioCore, nioPosix,
            ],
            swiftSettings: memorySafe
        ),
        .executableTarget(
            name: "bandera-sim",
            dependencies: ["Linearizability", "Simulation", arguments],
            swiftSettings: memorySafe
        ),
        .executableTarget(
            name: "bandera-start",
            dependencies: ["FlagStore", "Ledger", arguments],
            swiftSettings: memorySafe
        ),

        .executableTarget(
            name: "bandera-fuzz",
            dependencies: ["Ledger", "Linearizability", "Simulation"],
            swiftSettings: memorySafe
        ),

        // Tests: pure machines, handlers over embedded channels, real processes.
        .testTarget(name: "RaftTests", dependencies: ["Raft"], swiftSettings: strict),
        .testTarget(name: "ChecksumTests", dependencies: ["Checksum"], swiftSettings: strict),
        .testTarget(name: "PatternsTests", dependencies: ["Patterns"], swiftSettings: strict),
        .testTarget(name: "FlagsTests", dependencies: ["Flags"], swiftSettings: strict),
        .testTarget(name: "ReleasesTests", dependencies: ["Releases"], swiftSettings: strict),
        .testTarget(name: "UsageTests", dependencies: ["Usage"], swiftSettings: strict),
        .testTarget(name: "FlagStoreTests", dependencies: ["FlagStore"], swiftSettings: strict),
        .testTarget(
            name: "LinearizabilityTests",
            dependencies: ["Linearizability"],
            swiftSettings: strict
        ),
        .target(
            name: "WireTestKit",
            dependencies: ["Wire"],
            path: "Tests/WireTestKit",
            swiftSettings: strict
        ),
        .testTarget(
            name: "WireTests",
            dependencies: ["Wire", "WireTestKit"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "PeerProtocolTests",
            dependencies: ["PeerProtocol", "WireTestKit"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ClientProtocolTests",
            dependencies: ["ClientProtocol", "WireTestKit"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RaftStorageTests",
            dependencies: ["Checksum", "RaftStorage", "Simulation"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LedgerTests",
            dependencies: ["Checksum", "Ledger", sqlite, sqliteBindings],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TLSTests",
            dependencies: ["TLS", nioCore, nioEmbedded, nioPosix],
            swiftSettings: strict
        ),
        .testTarget(
            name: "TransportTests",
            dependencies: ["Transport", "TLS", "Wire", nioCore, nioEmbedded, nioPosix],
            swiftSettings: strict
        ),
        .testTarget(
            name: "BanderaClientTests",
            dependencies: ["BanderaClient"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "BanderaTestingTests",
            dependencies: ["BanderaTesting"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "BanderaCommandTests",
            dependencies: ["bandera"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "FuzzTests",
            dependencies: ["bandera-fuzz"],
            exclude: ["Corpus"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "BanderaSimTests",
            dependencies: ["bandera-sim"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "ReplicaTests",
            dependencies: ["Checksum", "Replica"],
            swiftSettings: strict
        ),
        .testTarget(name: "SimulationTests", dependencies: ["Simulation"], swiftSettings: strict),
        .testTarget(name: "NodeTests", dependencies: ["Node"], swiftSettings: strict),
        .testTarget(
            name: "ArchitectureTests",
            swiftSettings: strict
        ),
        .testTarget(
            name: "ClusterTests",
            dependencies: ["Linearizability", "LocalCluster", "bandera", sqlite],
            swiftSettings: strict
        ),
    ]
)

// A sanitizer's run tests a few targets: it builds these and what they need, not everything again.
if let named = Context.environment["BANDERA_TEST_TARGETS"] {
    var needed: Set<String> = []
    var waiting = named.split(separator: " ").map(String.init)
    while let name = waiting.popLast() {
        guard needed.insert(name).inserted else { continue }
        for target in package.targets where target.name == name {
            for case .byNameItem(let dependency, _) in target.dependencies {
                waiting.append(dependency)
            }
        }
    }
    package.targets.removeAll { !needed.contains($0.name) }
    package.products.removeAll()
}
