import BanderaClient
import ClientProtocol
import Flags
import LocalCluster
import Testing

/// Everything that needs real processes: one test at a time, each with its own cluster.
@Suite(.serialized, .timeLimit(.minutes(CrashPlan.minutesMax)))
struct ClusterTests {
    static let environment = EnvironmentID(organization: "acme", environment: "production")

    /// Starts three nodes with the organization and the environment that the tests use.
    static func withCluster<Success>(
        _ configuration: LocalClusterConfiguration = LocalClusterConfiguration(cluster: "tests"),
        _ body: (LocalCluster, AdministrationClient) async throws -> Success
    ) async throws -> Success {
        try await withLocalCluster(configuration) { cluster in
            let client = try cluster.access.client(timeout: .seconds(20))
            defer { client.shutdown() }
            _ = try await client.write(.putOrganization(Organization(id: "acme", name: "Acme")))
            _ = try await client.write(
                .putEnvironment(Environment(id: Self.environment, name: "Production"))
            )
            return try await body(cluster, client)
        }
    }

    /// A flag that is on for everybody.
    static func definition(_ key: String, value: String = "on") -> FlagDefinition {
        FlagDefinition(
            key: FlagKey(key),
            enabled: true,
            status: .active,
            rollout: .all,
            variations: [
                Variation(name: "on", value: .string(value)),
                Variation(name: "off", value: .string("")),
            ],
            onVariation: "on",
            offVariation: "off"
        )
    }

    /// Every flag of the environment as one node has it, by the snapshot of a watch.
    static func flags(
        on id: UInt64,
        of cluster: LocalCluster,
        atLeast revision: Revision
    ) async throws -> [FlagKey: Flag] {
        try await cluster.caughtUp(id, to: revision)
        let client = try cluster.access(to: id).client()
        defer { client.shutdown() }
        var flags: [FlagKey: Flag] = [:]
        let watch = WatchRequest(environment: Self.environment)
        for try await event in try await client.watch(watch) {
            guard case .snapshot(let part) = event else { continue }
            for flag in part.flags { flags[flag.key] = flag }
            if part.isLast { return flags }
        }
        throw LocalClusterError(.process, "the snapshot of node \(id) ended early")
    }

    /// Says whether every write that was acknowledged is on every node, with its revision.
    static func expectAll(_ writes: [FlagKey: Revision], on cluster: LocalCluster) async throws {
        let last = writes.values.max() ?? .zero
        for node in cluster.nodes {
            let found = try await Self.flags(on: node.id, of: cluster, atLeast: last)
            let missing = writes.filter { found[$0.key]?.createdRevision != $0.value }
            #expect(
                missing.isEmpty,
                "node \(node.id) lacks \(missing.count) of \(writes.count) acknowledged writes"
            )
        }
    }
}
