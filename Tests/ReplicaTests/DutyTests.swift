import ClientProtocol
import FlagStore
import Flags
import PeerProtocol
import Raft
import Releases
import Replica
import Testing
import Wire

/// What a leader does on its own: once, whoever leads.
struct DutyTests {
    private static let place = Tenant.environment
    private static let key = FlagKey("checkout")

    @Test func aDateThatComesIsRecordedOnceAndNotBefore() {
        let cluster = Self.cluster()
        let date = Timestamp(milliseconds: cluster.wallTime.milliseconds + 2_000)
        var patch = FlagPatch()
        patch.start = .at(date)
        Self.write(cluster, .updateFlag(Self.place, Self.key, patch))
        let before = Self.changes(cluster, 1).count
        cluster.run(1_500)
        #expect(Self.flag(cluster, 1)?.recordedStart == nil)
        cluster.run(5_000)
        for id in UInt64(1)...3 {
            #expect(Self.flag(cluster, id)?.recordedStart == date)
        }
        #expect(Self.changes(cluster, 1).count == before + 1)
    }

    @Test func aReleaseGoesOnWithTheNextLeaderAndEveryStepHappensOnce() {
        let cluster = Self.cluster()
        let leader = cluster.leader ?? 1
        let survivor: UInt64 = leader == 1 ? 2 : 1
        let plan = ReleasePlan(
            steps: [10_000, 50_000, 100_000].map {
                ReleaseStep(
                    rollout: RolloutPercentage(thousandths: $0),
                    holdMilliseconds: 1_500
                )
            }
        )
        Self.write(cluster, .startRelease(Self.place, Self.key, plan))
        let isAtSecond = cluster.run(5_000) {
            Self.flag(cluster, survivor)?.rollout.thousandths == 50_000
        }
        #expect(isAtSecond)
        cluster.kill(NodeID(leader))
        cluster.run(15_000) { Self.releases(cluster, survivor).first?.state == .completed }
        #expect(Self.releases(cluster, survivor).map(\.state) == [.completed])
        let rollouts = Self.changes(cluster, survivor).map(\.rollout.thousandths)
        #expect(rollouts.filter { $0 == 10_000 }.count == 1)
        #expect(rollouts.filter { $0 == 50_000 }.count == 1)
        #expect(rollouts == rollouts.sorted())
    }

    @Test func nothingIsProposedAgainWhileItIsUnderWay() {
        var node = LoneReplica()
        node.elect()
        node.submit(1, WriteRequest(command: .putOrganization(Self.organization)))
        let environment = Environment(id: Self.place, name: "Production")
        node.submit(2, WriteRequest(command: .putEnvironment(environment)))
        var definition = FlagDefinition(key: Self.key, enabled: true, status: .active)
        definition.start = Timestamp(milliseconds: node.wallTime.milliseconds + 100)
        node.submit(3, WriteRequest(command: .createFlag(Self.place, definition)))
        _ = node.settle()
        var proposed = 0
        var withheld: [PersistToken] = []
        for _ in 0..<100 {
            node.now = node.now + 10
            node.replica.tick(node.now, wallTime: node.wallTime)
            // Nothing becomes durable, so nothing commits.
            for batch in node.replica.turn(node.now).persists {
                proposed += batch.entries.count
                withheld.append(batch.token)
            }
        }
        #expect(proposed == 1)
        for token in withheld { node.replica.persisted(token, now: node.now) }
        _ = node.settle()
        #expect(node.replica.store.flag(Self.place, Self.key)?.flag.recordedStart != nil)
    }

    // MARK: Urgent writes

    @Test func anEmergencyRollbackGoesBeforeAllThatWaits() throws {
        var node = LoneReplica(nodes: 3)
        node.submit(1, WriteRequest(command: .putOrganization(Self.organization)))
        node.submit(2, WriteRequest(command: .putOrganization(Self.organization)))
        let rollback = Command.emergencyRollback(Self.place, Self.key)
        node.submit(3, WriteRequest(command: rollback), isUrgent: true)
        node.submit(4, WriteRequest(command: rollback), isUrgent: true)
        node.replica.peerConnected(NodeID(2), now: node.now)
        node.follow(NodeID(2))
        let forwards = node.settle().flatMap(\.sends).flatMap(\.batch.forwards)
        #expect(forwards.map(\.proposal.number) == [3, 4, 1, 2])
    }

    @Test func aRoleThatIsNotKnownMayOnlyRead() {
        let command = LogCommand(
            origin: NodeID(1),
            incarnation: 1,
            proposal: 1,
            time: 0,
            actor: "somebody",
            organization: "acme",
            role: "emperor",
            request: []
        )
        #expect(command.authority == Authority(role: .viewer, organization: "acme"))
    }

    // MARK: Helpers

    private static let organization = Organization(id: "acme", name: "Acme")

    private static func cluster() -> TestCluster {
        let cluster = TestCluster(voters: 3)
        cluster.elect()
        Self.write(cluster, .putOrganization(Self.organization))
        let environment = Environment(id: Self.place, name: "Production")
        Self.write(cluster, .putEnvironment(environment))
        let definition = FlagDefinition(key: Self.key, enabled: true, status: .active)
        Self.write(cluster, .createFlag(Self.place, definition))
        return cluster
    }

    private static func write(_ cluster: TestCluster, _ command: Command) {
        let call = cluster.write(cluster.leader ?? 1, WriteRequest(command: command))
        cluster.run(5_000) { cluster.result(call) != nil }
        guard case .judged(.done)? = cluster.result(call) else {
            Issue.record("\(command): \(String(describing: cluster.result(call)))")
            return
        }
        cluster.run(100)
    }

    private static func flag(_ cluster: TestCluster, _ id: UInt64) -> Flag? {
        cluster.replica(id).store.flag(Self.place, Self.key)?.flag
    }

    private static func releases(_ cluster: TestCluster, _ id: UInt64) -> [Release] {
        cluster.replica(id).store.releases(in: Self.place) ?? []
    }

    /// What the flag has become, in order, as one node published it.
    private static func changes(_ cluster: TestCluster, _ id: UInt64) -> [Flag] {
        cluster[id].publications.flatMap(\.changes).compactMap(\.flag)
    }
}
