import BanderaClient
import ClientProtocol
import Flags
import LocalCluster
import Testing

extension ClusterTests {
    /// The nearest node answers.
    @Suite
    struct RoutingTests {
        @Test func anEvaluationIsRoutedToItsRegionAndFallsBackToTheNodeThatWasAsked() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let revision = try await client.write(
                    .createFlag(ClusterTests.environment, ClusterTests.definition("routed"))
                )
                let asked = try cluster.access(to: 1).client()
                defer { asked.shutdown() }

                let routed = try await Self.evaluate(asked, region: "CO", atLeast: revision)
                #expect(routed.node == 2)
                #expect(routed.region == "CO")
                #expect(routed.routed)
                #expect(routed.revision >= revision)
                #expect(routed.evaluation.value == .string("on"))

                let home = try await Self.evaluate(asked, region: "MX", atLeast: revision)
                #expect(home.node == 1)
                #expect(!home.routed)

                let nowhere = try await Self.evaluate(asked, region: "ZZ", atLeast: revision)
                #expect(nowhere.node == 1)
                #expect(!nowhere.routed)

                try await cluster.kill(2)
                let local = try await Self.evaluate(asked, region: "CO", atLeast: revision)
                #expect(local.node == 1)
                #expect(local.region == "MX")
                #expect(!local.routed)
                #expect(local.evaluation.value == .string("on"))
            }
        }

        private static func evaluate(
            _ client: AdministrationClient,
            region: String,
            atLeast revision: Revision
        ) async throws -> EvaluateResponse {
            try await client.evaluate(
                EvaluateRequest(
                    environment: ClusterTests.environment,
                    key: FlagKey("routed"),
                    context: EvaluationContext(targetingKey: "user-1"),
                    region: region,
                    atLeast: revision
                )
            )
        }
    }
}
