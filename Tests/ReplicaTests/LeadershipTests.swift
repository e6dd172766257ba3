import ClientProtocol
import FlagStore
import Flags
import PeerProtocol
import Raft
import Replica
import Testing
import Wire

/// Who leads, and how it is handed over.
struct LeadershipTests {
    @Test func leadershipIsHandedToTheNodeThatIsNamed() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let target = leader % 3 + 1
        let term = cluster.replica(leader).raft.term
        let asked = target % 3 + 1
        #expect(cluster.change(asked, .transfer(to: NodeID(target)))?.isAdministered == true)
        cluster.run(200)
        #expect(cluster.leader == target)
        #expect(cluster.replica(target).raft.term == term.next)
        #expect(cluster.change(asked, .transfer(to: NodeID(target)))?.isAdministered == true)
    }

    @Test("item 12: writes wait out a transfer and none fails")
    func noWriteFailsWhileLeadershipIsHandedOver() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let target = leader % 3 + 1
        var calls: [CallID] = []
        for id in 1...3 { calls.append(cluster.write(UInt64(id), Self.request)) }
        let transfer = cluster.administer(leader, .transfer(to: NodeID(target)))
        for id in 1...3 { calls.append(cluster.write(UInt64(id), Self.request)) }
        cluster.run(3_000) { calls.allSatisfy { cluster.result($0) != nil } }
        #expect(cluster.result(transfer)?.isAdministered == true)
        #expect(cluster.leader == target)
        for call in calls {
            guard case .judged(.done)? = cluster.result(call) else {
                Issue.record("a write failed: \(String(describing: cluster.result(call)))")
                continue
            }
        }
    }

    private static let request = WriteRequest(
        command: .putOrganization(Organization(id: "acme", name: "Acme"))
    )

    @Test("item 12: a transfer that comes to nothing is aborted and said so")
    func aTransferThatComesToNothingIsAborted() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let target = leader % 3 + 1
        cluster.gate = { _, to, batch in
            to != NodeID(target) || !batch.raft.contains { $0.body == .timeoutNow }
        }
        let result = cluster.change(leader, .transfer(to: NodeID(target)))
        #expect(result?.reason == "TRANSFER_FAILED")
        #expect(cluster.leader == leader)
        let call = cluster.write(leader, Self.request)
        cluster.run(1_000)
        guard case .judged(.done)? = cluster.result(call) else {
            Issue.record("the leader takes no writes after an aborted transfer")
            return
        }
    }

    @Test func aNodeThatStopsHandsLeadershipToTheHighestPriority() {
        let cluster = TestCluster(voters: 3, priorities: [5, 1, 3])
        cluster.lead(1)
        cluster.input(1) { $0.prepareToStop(now: cluster.now) }
        cluster.run(3_000) { cluster[1].stop != nil }
        #expect(cluster[1].stop == .ready)
        #expect(cluster.leader == 3)
    }

    @Test func aNodeThatDoesNotLeadMayStopAtOnceAndALoneOneIsToldWhyNot() {
        let cluster = TestCluster(voters: 3)
        let follower = cluster.elect() % 3 + 1
        cluster.input(follower) { $0.prepareToStop(now: cluster.now) }
        #expect(cluster[follower].stop == .ready)
        let lone = TestCluster(voters: 1)
        lone.elect()
        lone.input(1) { $0.prepareToStop(now: lone.now) }
        guard case .impossible? = lone[1].stop else {
            Issue.record("a lone node cannot hand over: \(String(describing: lone[1].stop))")
            return
        }
    }

    @Test func aNodeWhoseSuccessorDoesNotAnswerTriesTheNext() {
        let cluster = TestCluster(voters: 3, priorities: [0, 9, 0])
        cluster.lead(1)
        cluster.gate = { _, to, batch in
            to != NodeID(2) || !batch.raft.contains { $0.body == .timeoutNow }
        }
        cluster.input(1) { $0.prepareToStop(now: cluster.now) }
        cluster.run(4_000) { cluster[1].stop != nil }
        #expect(cluster[1].stop == .ready)
        #expect(cluster.leader == 3)
    }

    @Test func leadershipGoesToTheHighestPriorityAndStaysThere() {
        let cluster = TestCluster(voters: 3, priorities: [1, 7, 3])
        cluster.lead(1)
        cluster.run(ReplicaLimits.priorityStableMilliseconds / 2)
        #expect(cluster.leader == 1)
        cluster.run(ReplicaLimits.priorityStableMilliseconds) { cluster.leader == 2 }
        #expect(cluster.leader == 2)
        let term = cluster.replica(2).raft.term
        cluster.run(30_000)
        #expect(cluster.leader == 2)
        #expect(cluster.replica(2).raft.term == term)
    }

    @Test func aNodeOfHigherPriorityThatIsSilentIsLeftAlone() {
        let cluster = TestCluster(voters: 3, priorities: [1, 7, 3])
        cluster.lead(3)
        cluster.kill(NodeID(2))
        cluster.run(30_000)
        #expect(cluster.leader == 3)
    }

    @Test func theDelayOfAnElectionFollowsThePriority() {
        let directory = Directory(members: [
            TestCluster.member(1, priority: 0), TestCluster.member(2, priority: 2),
            TestCluster.member(3, priority: .max),
        ])
        #expect(directory.electionDelay(of: NodeID(3)) == 0)
        #expect(
            directory.electionDelay(of: NodeID(1)) == ReplicaLimits.priorityDelayMillisecondsMax
        )
        let two = Directory(members: [
            TestCluster.member(1, priority: 0), TestCluster.member(2, priority: 2),
        ])
        #expect(
            two.electionDelay(of: NodeID(1)) == 2 * ReplicaLimits.priorityDelayMilliseconds
        )
    }
}
