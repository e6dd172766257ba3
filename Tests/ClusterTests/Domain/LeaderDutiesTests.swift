import BanderaClient
import ClientProtocol
import Flags
import LocalCluster
import Releases
import Testing

extension ClusterTests {
    /// What the leader does on its own happens once, whoever leads.
    @Suite
    struct LeaderDutiesTests {
        private static let released = FlagKey("released")
        private static let scheduled = FlagKey("scheduled")

        @Test func aReleaseAndDatesGoOnExactlyOnceWhenTheLeaderIsKilled() async throws {
            try await ClusterTests.withCluster { cluster, client in
                let place = ClusterTests.environment
                var definition = ClusterTests.definition("released")
                definition.rollout = .none
                _ = try await client.write(.createFlag(place, definition))
                definition = ClusterTests.definition("scheduled")
                let now = WallClock.now
                definition.start = now.advanced(by: 1_500)
                definition.end = now.advanced(by: 5_000)
                _ = try await client.write(.createFlag(place, definition))
                let share = try RolloutPercentage(parsing: "10")
                let half = try RolloutPercentage(parsing: "50")
                let plan = ReleasePlan(steps: [
                    ReleaseStep(rollout: share, holdMilliseconds: 2_500),
                    ReleaseStep(rollout: half, holdMilliseconds: 2_500),
                    ReleaseStep(rollout: .all),
                ])
                _ = try await client.write(.startRelease(place, Self.released, plan))
                let leader = try await cluster.leader(within: .seconds(10))
                try await Self.wait(for: .scheduleStart, of: Self.scheduled, client)
                try await cluster.kill(leader)
                try await Self.wait(for: .releaseComplete, of: Self.released, client)
                try await Self.wait(for: .scheduleEnd, of: Self.scheduled, client)
                try cluster.start(leader)
                try await Self.expectOnce(client)
                // The node that was dead learns the same, and does nothing again.
                let last = try await client.listFlags(in: place, isLinearizable: true).revision
                try await cluster.caughtUp(leader, to: last)
                try await Self.expectOnce(try cluster.client(of: leader))
            }
        }

        private static func expectOnce(_ client: AdministrationClient) async throws {
            let place = ClusterTests.environment
            let dates = try await client.history(of: Self.scheduled, in: place).rows.map(\.action)
            #expect(dates == [.scheduleEnd, .scheduleStart, .create])
            let rows = try await client.history(of: Self.released, in: place).rows
            #expect(rows.count { $0.action == .releaseStart } == 1)
            #expect(rows.count { $0.action == .releaseComplete } == 1)
            // Newest first; the leader's death is shorter than a step, so only the last step, which
            // waits for nothing, is one with the end.
            let shares = rows.filter { $0.action == .releaseStep || $0.action == .releaseComplete }
                .map(\.after.rollout.thousandths)
            #expect(shares == [100_000, 50_000])
            let releases = try await client.releases(
                ReleasesRequest(environment: place, includeFinished: true)
            ).releases
            #expect(releases.map(\.state) == [.completed])
            let flag = try await client.getFlag(Self.released, in: place).flag
            #expect(flag.rollout == .all && flag.release == nil)
        }

        private static func wait(
            for action: HistoryAction,
            of key: FlagKey,
            _ client: AdministrationClient
        ) async throws {
            try await Patience.wait(.seconds(30), for: "\(action) of \(key)") {
                let rows = try? await client.history(of: key, in: ClusterTests.environment).rows
                return rows?.contains { $0.action == action } == true ? () : nil
            }
        }
    }
}
