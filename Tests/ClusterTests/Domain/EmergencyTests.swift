import BanderaClient
import ClientProtocol
import Flags
import FoundationEssentials
import LocalCluster
import Testing

extension ClusterTests {
    /// What is pushed to whom, and what comes back.
    @Suite
    struct EmergencyTests {
        private struct Rollback: Decodable {
            struct Delivery: Decodable {
                var node: UInt64
                var watchers: UInt32
                var acknowledged: UInt32
            }

            var revision: UInt64
            var deliveries: [Delivery]
            var complete: Bool
        }

        private struct Secret: Decodable {
            var secret: String
        }

        @Test func anEmergencyReachesEveryWatcherAndIsMeasuredInEveryRegion() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let place = ClusterTests.environment
                let created = try await client.write(
                    .createFlag(place, ClusterTests.definition("burning"))
                )
                var watchers: [BanderaClient] = []
                for node in cluster.nodes {
                    let watcher = try Self.sdk(cluster, node.client)
                    try await watcher.waitForRevision(created)
                    watchers.append(watcher)
                }
                let program = try Program(cluster)
                let rollback = try await program.answer(
                    Rollback.self,
                    "flag",
                    "emergency-rollback",
                    "burning",
                    "--reason",
                    "fire",
                    "--wait",
                    "20s"
                )
                #expect(rollback.complete)
                #expect(Set(rollback.deliveries.map(\.node)) == [1, 2, 3])
                #expect(rollback.deliveries.allSatisfy { $0.watchers == 1 && $0.acknowledged == 1 })
                for watcher in watchers {
                    try await watcher.waitForRevision(Revision(rollback.revision))
                    let context = EvaluationContext(targetingKey: "u")
                    let key = FlagKey("burning")
                    let details = watcher.stringDetails(key, default: "x", context: context)
                    #expect(details.variant == "off" && details.reason == .disabled)
                    await watcher.shutdown()
                }
                let row = try await client.history(of: FlagKey("burning"), in: place).rows.first
                #expect(row?.action == .emergencyRollback && row?.reason == "fire")
                #expect(row?.after.status == .rolledBack && row?.after.rollout == .some(.none))
                let alerts = try await client.alerts(AlertsRequest()).alerts
                #expect(alerts.map(\.id.rawValue) == [rollback.revision])
                try await Self.expectAlertsWithinEnvironment(cluster, client, alerts)
                try await program.succeed("alert", "acknowledge", "\(rollback.revision)")
                #expect(try await client.alerts(AlertsRequest()).alerts.isEmpty)
            }
        }

        /// Whoever may only act in one environment sees and acknowledges its alerts, and no others.
        private static func expectAlertsWithinEnvironment(
            _ cluster: LocalCluster,
            _ client: AdministrationClient,
            _ alerts: [Alert]
        ) async throws {
            let staging = EnvironmentID(organization: "acme", environment: "staging")
            _ = try await client.write(.putEnvironment(Environment(id: staging, name: "Staging")))
            _ = try await client.write(
                .createFlag(staging, ClusterTests.definition("burning"))
            )
            let raised = try await client.write(.emergencyRollback(staging, FlagKey("burning")))
            let tenants = Tenants(cluster: cluster, client: client)
            let manager = try await tenants.caller(.releaseManager, in: "staging")
            defer { manager.shutdown() }
            let seen = try await manager.alerts(AlertsRequest(atLeast: raised)).alerts
            #expect(seen.map(\.id) == [raised])
            let other = try #require(alerts.first).id
            await #expect(throws: BanderaError(.unauthorized, "")) {
                try await manager.write(.acknowledgeAlert("acme", other))
            }
            _ = try await manager.write(.acknowledgeAlert("acme", raised))
            #expect(try await client.alerts(AlertsRequest()).alerts.map(\.id) == [other])
        }

        @Test func anAppIsPushedItsValuesOnlyAndOnlyWhenTheyChange() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let (place, key) = (ClusterTests.environment, FlagKey("theme"))
                var definition = ClusterTests.definition("theme", value: "dark")
                definition.description = "a secret of the product's people"
                _ = try await client.write(.createFlag(place, definition))
                let program = try Program(cluster)
                let arguments = ["token", "create", "web", "--role", "client_sdk"]
                let output = try await program.succeed(arguments)
                let secret = try JSONDecoder().decode(Secret.self, from: Data(output.utf8)).secret
                let tenants = Tenants(cluster: cluster, client: client)
                let app = try tenants.caller(secret)
                defer { app.shutdown() }
                let request = WatchRequest(
                    environment: place,
                    context: EvaluationContext(targetingKey: "ana")
                )
                var events = try await app.watch(request).makeAsyncIterator()
                let first = try #require(try await Self.values(&events))
                #expect(first.isSnapshot && first.values.map(\.flag) == [key])
                #expect(first.values.first?.evaluation.value == .string("dark"))

                var patch = FlagPatch()
                patch.description = "another secret"
                patch.targets = [Target(variation: "off", values: ["luis"])]
                let unfelt = try await client.write(.updateFlag(place, key, patch))
                patch = FlagPatch()
                patch.variations = ClusterTests.definition("theme", value: "light").variations
                let felt = try await client.write(.updateFlag(place, key, patch))
                // The first change is nothing to this user: what comes is the second.
                let second = try #require(try await Self.values(&events))
                #expect(second.revision >= felt && felt > unfelt)
                #expect(!second.isSnapshot && second.values.count == 1)
                #expect(second.values.first?.evaluation.value == .string("light"))
            }
        }

        @Test func whatAnSDKCountedIsInMetricsAndUsage() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let (place, key) = (ClusterTests.environment, FlagKey("counted"))
                let created = try await client.write(
                    .createFlag(place, ClusterTests.definition("counted"))
                )
                let sdk = try Self.sdk(cluster, cluster.nodes[1].client)
                try await sdk.waitForRevision(created)
                for number in 0..<300 {
                    let context = EvaluationContext(
                        targetingKey: "user-\(number % 100)",
                        plan: number % 3 == 0 ? "PRO" : "FREE"
                    )
                    #expect(sdk.stringValue(key, default: "", context: context) == "on")
                }
                // What is left to report is reported when a client is shut down.
                await sdk.shutdown()
                try await Patience.wait(.seconds(30), for: "the usage in the metrics") {
                    let request = MetricsRequest(environment: place, flag: key.rawValue)
                    let metrics = try? await client.metrics(request).metrics.first
                    return metrics?.usageCount == 300 ? () : nil
                }
                let metrics = try await client.metrics(MetricsRequest(environment: place)).metrics
                let users = try #require(metrics.first).users
                #expect((90...110).contains(users), "\(users) users of 100")
                let now = WallClock.now
                let query = UsageQuery(
                    environment: place,
                    from: now.advanced(by: -7_200_000),
                    to: now.advanced(by: 60_000),
                    resolution: .minute,
                    dimension: .plan
                )
                try await Patience.wait(.seconds(30), for: "the usage in the records") {
                    let rows = (try? await client.usage(query).rows) ?? []
                    let plans = Dictionary(grouping: rows, by: \.value).mapValues { rows in
                        rows.reduce(0) { $0 + $1.counts.evaluations }
                    }
                    return plans == ["PRO": 100, "FREE": 200] ? () : nil
                }
            }
        }

        /// The next event with values; `nil` when the watch ends without.
        private static func values(
            _ events: inout WatchStream.AsyncIterator
        ) async throws -> WatchEvent.Values? {
            while let event = try await events.next() {
                switch event {
                case .values(let values): return values
                case .bookmark: continue
                default: Issue.record("an app was sent \(event)")
                }
            }
            return nil
        }

        private static func sdk(
            _ cluster: LocalCluster,
            _ endpoint: Endpoint
        ) throws -> BanderaClient {
            let certificates = try #require(cluster.certificates)
            return try BanderaClient(
                ClientConfiguration(
                    endpoints: [endpoint],
                    environment: ClusterTests.environment,
                    credentials: certificates.credentials("sdk"),
                    cluster: cluster.access.cluster
                )
            )
        }
    }
}
