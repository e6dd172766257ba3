/// What one target may know.
struct TargetRow: Sendable {
    /// How far from values a target is: 1 values, 2 bytes, 3 replica, 4 effects, 5 programs.
    let band: Int
    let name: String
    /// Every module that its sources may import, and no other.
    let imports: Set<String>

    init(_ band: Int, _ name: String, _ imports: Set<String>) {
        self.band = band
        self.name = name
        self.imports = imports
    }
}

/// The house: who may import what.
///
/// A change here is a change of design, and is reviewed as one.
enum TargetTable {
    private static let nio: Set<String> = ["NIOCore", "NIOPosix"]
    /// What bands 4 and 5 may use of the system.
    ///
    /// Never Foundation: it brings 40 MB of ICU.
    private static let system: Set<String> = ["Glibc", "Synchronization"]
    private static let files: Set<String> = ["FoundationEssentials"]
    private static let client: Set<String> = ["BanderaClient", "ClientProtocol", "Flags"]

    static let rows: [TargetRow] = [
        TargetRow(1, "Raft", []),
        TargetRow(1, "Checksum", []),
        TargetRow(1, "CPCRE2", []),
        // Regular expressions, bounded; the only C below band 2.
        TargetRow(1, "CPatterns", []),
        TargetRow(1, "Patterns", ["CPatterns"]),
        TargetRow(1, "Flags", ["Patterns"]),
        TargetRow(1, "Releases", ["Flags"]),
        TargetRow(1, "Usage", ["Checksum", "Flags"]),
        TargetRow(1, "FlagStore", ["Flags", "HashTreeCollections", "Releases", "Usage"]),
        TargetRow(1, "Linearizability", []),

        TargetRow(2, "COpenSSL", []),
        TargetRow(2, "CProtobufC", []),
        TargetRow(2, "CMessages", []),
        TargetRow(2, "Wire", ["CMessages", "CProtobufC"]),
        TargetRow(2, "PeerProtocol", ["CMessages", "CProtobufC", "Raft", "Wire"]),
        TargetRow(
            2,
            "ClientProtocol",
            ["CMessages", "CProtobufC", "Flags", "Releases", "Wire"]
        ),

        // Glibc only behind RaftStorage's FileSystem.
        TargetRow(3, "RaftStorage", ["Checksum", "Glibc", "PeerProtocol", "Raft"]),
        TargetRow(
            3,
            "Replica",
            [
                "Checksum", "ClientProtocol", "FlagStore", "Flags", "PeerProtocol", "Raft",
                "Releases", "Usage", "Wire",
            ]
        ),
        TargetRow(
            3,
            "Simulation",
            [
                "Checksum", "ClientProtocol", "FlagStore", "Flags", "Linearizability",
                "PeerProtocol", "Raft", "RaftStorage", "Releases", "Replica", "Usage", "Wire",
            ]
        ),

        TargetRow(4, "TLS", system.union(["COpenSSL", "NIOCore"])),
        TargetRow(4, "Transport", system.union(nio).union(["TLS", "Wire"])),
        TargetRow(
            4,
            "Ledger",
            system.union(files).union([
                "Checksum", "FlagStore", "Flags", "GRDB", "GRDBSQLite", "Releases", "Usage",
            ])
        ),
        TargetRow(
            4,
            "Node",
            system.union(nio).union(files).union([
                "Checksum", "ClientProtocol", "FlagStore", "Flags", "Ledger", "Logging", "Metrics",
                "Patterns", "PeerProtocol", "Raft", "RaftStorage", "Releases", "Replica",
                "ServiceLifecycle", "TLS", "Transport", "Usage", "Wire",
            ])
        ),
        TargetRow(
            4,
            "BanderaClient",
            system.union(nio).union([
                "ClientProtocol", "Flags", "TLS", "Transport", "Usage", "Wire",
            ])
        ),
        TargetRow(4, "BanderaTesting", system.union(["BanderaClient", "Flags"])),
        TargetRow(
            4,
            "LocalCluster",
            system.union(nio).union(files).union(client).union(["TLS"])
        ),

        TargetRow(
            5,
            "bandera",
            system.union(files).union(client).union([
                "ArgumentParser", "Checksum", "LocalCluster", "Logging", "Node", "Patterns",
                "Releases", "ServiceLifecycle", "TLS", "UnixSignals", "Usage", "Yams",
            ])
        ),
        TargetRow(5, "bandera-sim", ["ArgumentParser", "Glibc", "Linearizability", "Simulation"]),
        TargetRow(
            5,
            "bandera-start",
            files.union(["ArgumentParser", "FlagStore", "Flags", "Ledger"])
        ),
        TargetRow(
            5,
            "bandera-fuzz",
            [
                "Checksum", "ClientProtocol", "FlagStore", "Flags", "Glibc", "Ledger",
                "Linearizability", "PeerProtocol", "Raft", "RaftStorage", "Releases", "Replica",
                "Simulation", "Wire",
            ]
        ),
        TargetRow(5, "CMallocCount", []),
        TargetRow(
            5,
            "bandera-bench",
            system.union(nio).union(files).union(client).union([
                "ArgumentParser", "CMallocCount", "Histogram", "LocalCluster", "Raft", "TLS",
                "Transport", "Usage", "Wire",
            ])
        ),
    ]

    static func row(_ name: String) -> TargetRow? { self.rows.first { $0.name == name } }

    /// Everything that importing `name` brings in, through however many targets.
    static func reach(of name: String) -> Set<String> {
        var reached: Set<String> = []
        var next = [name]
        while let module = next.popLast() {
            guard reached.insert(module).inserted, let row = self.row(module) else { continue }
            next.append(contentsOf: row.imports)
        }
        return reached
    }
}
