import BanderaClient
import ClientProtocol
import Flags
import LocalCluster
import Synchronization
import Testing

extension ClusterTests {
    /// The SDK against nodes that die and come back.
    @Suite
    struct SDKTests {
        private static let changes = 60

        /// What a client heard.
        private struct Heard {
            var revisions: [Revision] = []
            var endpoints: [Endpoint] = []
        }

        @Test func anSDKHearsEveryChangeOnceLeavesADeadRegionAndGoesHome() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let created = try await client.write(
                    .createFlag(ClusterTests.environment, ClusterTests.definition("sdk"))
                )
                let home = try cluster.node(2)
                let sdk = try BanderaClient(try Self.configuration(cluster, region: home.region))
                try await sdk.waitForRevision(created)
                #expect(sdk.isEnabled("sdk"))

                let listener = Listener()
                async let heard = Self.listen(
                    to: sdk,
                    as: listener,
                    after: created,
                    until: Self.changes,
                    thenOn: home.client.address
                )
                try await Patience.wait(.seconds(10), for: "the listener") {
                    listener.isListening ? () : nil
                }
                for number in 1...Self.changes {
                    if number == Self.changes / 3 { try await cluster.kill(home.id) }
                    if number == Self.changes / 3 * 2 { try cluster.start(home.id) }
                    let revision = try await Self.change(client, to: "value \(number)")
                    try await sdk.waitForRevision(revision)
                    #expect(sdk.text("sdk") == "value \(number)")
                }
                let result = try await heard
                let happened = try await client.history(
                    of: FlagKey("sdk"),
                    in: ClusterTests.environment,
                    limit: 1_000
                ).rows.map(\.revision).filter { $0 > created }.sorted()
                #expect(result.revisions == happened)
                #expect(result.endpoints.count >= 2, "it went elsewhere and home again")
                await sdk.shutdown()
            }
        }

        @Test func anSDKStartsFromItsLastKnownGoodFileWhenEveryNodeIsDown() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let created = try await client.write(
                    .createFlag(ClusterTests.environment, ClusterTests.definition("sdk"))
                )
                let folder = try ScratchFolder(under: "/tmp")
                defer { folder.remove() }
                var configuration = try Self.configuration(cluster, region: "MX")
                configuration.lastKnownGoodPath = "\(folder.path)/flags"
                let first = try BanderaClient(configuration)
                try await first.waitForRevision(created)
                await first.shutdown()
                for node in cluster.nodes { try await cluster.kill(node.id) }

                let second = try BanderaClient(configuration)
                let freshness = try await second.waitUntilReady(timeout: .milliseconds(500))
                #expect(freshness != .live)
                #expect(second.text("sdk") == "on")
                await second.shutdown()
            }
        }

        private static func configuration(
            _ cluster: LocalCluster,
            region: String
        ) throws -> ClientConfiguration {
            let certificates = try #require(cluster.certificates)
            var configuration = ClientConfiguration(
                endpoints: cluster.nodes.map(\.client),
                region: region,
                environment: ClusterTests.environment,
                credentials: certificates.credentials("sdk"),
                cluster: cluster.access.cluster
            )
            configuration.timing.homeProbeInterval = .milliseconds(100)
            configuration.timing.homeStableFor = .milliseconds(300)
            return configuration
        }

        private static func change(
            _ client: AdministrationClient,
            to value: String
        ) async throws -> Revision {
            var patch = FlagPatch()
            patch.variations = ClusterTests.definition("sdk", value: value).variations
            return try await client.write(
                .updateFlag(ClusterTests.environment, FlagKey("sdk"), patch)
            )
        }

        /// Listens until `count` changes came and the client is connected to `address` again.
        private static func listen(
            to sdk: BanderaClient,
            as listener: Listener,
            after created: Revision,
            until count: Int,
            thenOn address: String
        ) async throws -> Heard {
            try await withThrowingTaskGroup(of: Heard?.self) { group in
                group.addTask {
                    var heard = Heard()
                    var events = sdk.changes.makeAsyncIterator()
                    listener.begin()
                    while let event = await events.next() {
                        switch event {
                        case .changed(let change):
                            if change.revision > created { heard.revisions.append(change.revision) }
                        case .connected(let endpoint): heard.endpoints.append(endpoint)
                        case .dropped(let count): Issue.record("\(count) events were dropped")
                        case .failed(let error): Issue.record("the client failed: \(error)")
                        case .replaced, .disconnected, .valuesChanged, .ready, .stale: break
                        }
                        if heard.revisions.count >= count, heard.endpoints.last?.address == address
                        {
                            return heard
                        }
                    }
                    return heard
                }
                group.addTask {
                    try? await Task.sleep(for: .seconds(60))
                    return nil
                }
                defer { group.cancelAll() }
                guard let heard = try await group.next() ?? nil else {
                    throw LocalClusterError(.timedOut, "the SDK did not go home with every change")
                }
                return heard
            }
        }
    }
}

/// Says when a consumer has begun to listen: what was sent before is not for it.
private final class Listener: Sendable {
    private let state = Mutex(false)

    var isListening: Bool { self.state.withLock { $0 } }

    func begin() { self.state.withLock { $0 = true } }
}

extension BanderaClient {
    private static let somebody = EvaluationContext(targetingKey: "user-1")

    /// Whether the flag is on for somebody.
    fileprivate func isEnabled(_ key: String) -> Bool {
        self.stringDetails(FlagKey(key), default: "", context: Self.somebody).variant == "on"
    }

    /// The flag's text for somebody.
    fileprivate func text(_ key: String) -> String {
        self.stringDetails(FlagKey(key), default: "nothing", context: Self.somebody).value
    }
}
