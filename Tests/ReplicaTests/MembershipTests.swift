import ClientProtocol
import FlagStore
import Flags
import PeerProtocol
import Raft
import Replica
import Testing
import Wire

/// What an operator may change about a cluster, and what becomes of it.
struct MembershipTests {
    @Test("item 33: a node is added as a learner, catches up and is promoted")
    func aNodeIsAddedAndPromoted() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let other = leader % 3 + 1
        cluster.fill(leader, 50)
        cluster.join(4)
        let early = cluster.change(other, .promote(NodeID(4)))
        #expect(early?.reason == "UNKNOWN_NODE")
        #expect(cluster.change(other, .add(TestCluster.member(4)))?.isAdministered == true)
        #expect(cluster[1].topology?.learners == [NodeID(4)])
        cluster.run(1_000)
        #expect(cluster.replica(4).store.applied == cluster.replica(leader).store.applied)
        #expect(cluster.replica(4).raft.role == .learner)
        #expect(cluster.change(other, .promote(NodeID(4)))?.isAdministered == true)
        cluster.run(500)
        for id in 1...4 {
            #expect(cluster[UInt64(id)].topology?.voters.map(\.rawValue) == [1, 2, 3, 4])
        }
        #expect(cluster.replica(4).store.stateHash() == cluster.replica(1).store.stateHash())
    }

    @Test("item 33: a learner that is silent or lags is not promoted")
    func aSilentLearnerIsNotPromoted() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        #expect(cluster.change(leader, .add(TestCluster.member(4)))?.isAdministered == true)
        let result = cluster.change(leader, .promote(NodeID(4)))
        #expect(result?.reason == "NOT_CAUGHT_UP")
        #expect(result?.status?.message.isEmpty == false)
        let configuration = cluster.replica(leader).raft.membership.configuration
        #expect(!configuration.isVoter(NodeID(4)))
    }

    @Test("item 34: the id of a removed node is never used again")
    func aRemovedIDIsNeverUsedAgain() {
        let cluster = TestCluster(voters: 4)
        let leader = cluster.elect()
        let gone = leader % 4 + 1
        #expect(cluster.change(leader, .remove(NodeID(gone)))?.isAdministered == true)
        let again = cluster.change(leader, .add(TestCluster.member(gone)))
        #expect(again?.reason == "NODE_RETIRED")
        #expect(cluster.change(leader, .remove(NodeID(gone)))?.isAdministered == true)
        let directory = try? Directory.decode(cluster.replica(leader).raft.membership.context)
        #expect(directory?.retired == [NodeID(gone)])
    }

    @Test("item 10: a removed node is told so and stops; nobody is disturbed")
    func aRemovedNodeIsToldAndStops() {
        let cluster = TestCluster(voters: 4)
        let leader = cluster.elect()
        let gone = leader % 4 + 1
        // It misses its own removal.
        cluster.gate = { from, to, _ in from != NodeID(gone) && to != NodeID(gone) }
        cluster.run(400)
        #expect(cluster.change(leader, .remove(NodeID(gone)))?.isAdministered == true)
        let term = cluster.replica(leader).raft.term
        cluster.run(1_000)
        cluster.gate = { _, _, _ in true }
        cluster.run(3_000) { cluster[gone].halt != nil }
        #expect(cluster[gone].halt == .removed)
        #expect("\(HaltReason.removed)".contains("new id"))
        #expect(cluster.replica(leader).raft.role == .leader)
        #expect(cluster.replica(leader).raft.term == term)
        let written = cluster.write(gone, WriteRequest(command: .openSession))
        #expect(cluster.result(written)?.reason == "NODE_HALTED")
    }

    @Test("item 34: a node whose disk was lost is refused under its old id and told so")
    func aLostDiskIsNoticed() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let victim = leader % 3 + 1
        let directory = try? Directory.decode(cluster.replica(leader).raft.membership.context)
        #expect(directory?.members.map(\.diskID) == [1_001, 1_002, 1_003])
        cluster.wipe(NodeID(victim), diskID: 99)
        cluster.run(3_000) { cluster[victim].halt != nil }
        guard case .otherDisk? = cluster[victim].halt else {
            Issue.record("node \(victim) was not told: \(String(describing: cluster[victim].halt))")
            return
        }
        // Not one of its answers was believed.
        let progress = cluster.replica(leader).raft.progress(of: NodeID(victim))
        #expect(progress?.state != .replicate || progress?.match == .zero)
        // Without it the others go on.
        let call = cluster.write(leader, WriteRequest(command: .openSession))
        cluster.run(1_000) { cluster.result(call) != nil }
        guard case .judged? = cluster.result(call) else {
            Issue.record("a majority without the node cannot write")
            return
        }
    }

    @Test("item 9: a leader that is removed steps down, and the change is answered")
    func aLeaderIsRemoved() {
        let cluster = TestCluster(voters: 4)
        let leader = cluster.elect()
        let other = leader % 4 + 1
        #expect(cluster.change(other, .remove(NodeID(leader)))?.isAdministered == true)
        cluster.run(5_000) { cluster[leader].halt != nil }
        #expect(cluster[leader].halt == .removed)
        cluster.run(3_000) { cluster.leader != nil && cluster.leader != leader }
        #expect(cluster.leader != leader)
    }

    @Test("item 9: a removed leader is listened to until it has handed over what it was given")
    func aRemovedLeaderHandsOver() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let removal = cluster.replica(leader).raft.last.index.next
        _ = cluster.administer(leader, .remove(NodeID(leader)))
        // The others have the removal only: what follows is lost, and comes after its commit.
        cluster.gate = { _, _, batch in
            !batch.raft.contains {
                guard case .appendRequest(let append) = $0.body else { return false }
                return append.entries.contains { $0.index > removal }
            }
        }
        cluster.write(leader, WriteRequest(command: .openSession))
        let term = cluster.replica(leader).raft.term
        let other = leader % 3 + 1
        cluster.run(60) { cluster.replica(other).raft.commit >= removal }
        #expect(cluster.replica(other).raft.commit >= removal)
        cluster.run(20)
        cluster.gate = { _, _, _ in true }
        cluster.run(5_000) { cluster[leader].halt != nil && cluster.leader != leader }
        cluster.run(1_000)
        // The write was not left behind with the old leader.
        #expect(cluster.replica(other).raft.term(at: removal.next) == term)
    }

    @Test func whereANodeWasBeforeIsNotWrittenDownAgain() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let mover = leader % 3 + 1
        let next = mover % 3 + 1
        func introduce(_ address: String, to nodes: [UInt64]) {
            var batch = PeerBatch()
            var moved = TestCluster.member(mover)
            moved.peerAddress = address
            batch.introduction = moved
            batch.diskID = 1_000 + mover
            for node in nodes {
                cluster.input(node) {
                    $0.receive(
                        batch,
                        from: moved.id,
                        now: cluster.now,
                        wallTime: Timestamp(milliseconds: 0)
                    )
                }
            }
        }
        cluster.gate = { from, _, batch in
            from != NodeID(mover) || batch.introduction == nil
        }
        introduce("10.9.9.1:7100", to: [leader, next])
        cluster.run(600)
        // The one that leads later does not hear of the second move from the node itself.
        introduce("10.9.9.2:7100", to: [leader])
        cluster.run(600)
        let transfer = cluster.change(leader, .transfer(to: NodeID(next)))
        #expect(transfer?.isAdministered == true)
        cluster.run(600)
        let known = cluster[next].topology?.members.first { $0.id == NodeID(mover) }
        #expect(known?.peerAddress == "10.9.9.2:7100")
    }

    @Test("item 35: a replacement goes through a joint configuration that is left")
    func aNodeIsReplaced() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let old = leader % 3 + 1
        cluster.join(4)
        #expect(cluster.change(leader, .add(TestCluster.member(4)))?.isAdministered == true)
        cluster.kill(NodeID(old))
        cluster.run(3_000)
        let change = AdministrationChange.replace(old: NodeID(old), new: NodeID(4))
        #expect(cluster.change(leader, change)?.isAdministered == true)
        let membership = cluster.replica(leader).raft.committedMembership
        #expect(!membership.configuration.isJoint)
        #expect(membership.configuration.isVoter(NodeID(4)))
        #expect(!membership.configuration.contains(NodeID(old)))
    }

    @Test("item 32: without a majority nothing about the members changes")
    func aMinorityChangesNothing() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        cluster.gate = { from, to, _ in from != NodeID(leader) && to != NodeID(leader) }
        let before = cluster.replica(leader).raft.committedMembership
        let call = cluster.administer(leader, .remove(NodeID(leader % 3 + 1)))
        cluster.run(25_000) { cluster.result(call) != nil }
        let code = cluster.result(call)?.status?.code
        #expect(code == .unknown || code == .unavailable || code == .failedPrecondition)
        #expect(cluster.replica(leader).raft.committedMembership == before)
    }

    @Test("item 31: one change at a time; a change that the leader lost is made by the next or not")
    func aLostChangeIsDecidedByTheNextLeader() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let other = leader % 3 + 1
        // The leader appends the change, and nobody hears of it.
        cluster.gate = { from, _, _ in from != NodeID(leader) }
        let call = cluster.administer(other, .add(TestCluster.member(4)))
        cluster.run(100)
        let second = cluster.administer(leader, .add(TestCluster.member(5)))
        cluster.run(10) { cluster.result(second) != nil }
        #expect(cluster.result(second)?.reason == "CHANGE_IN_PROGRESS")
        cluster.kill(NodeID(leader))
        cluster.run(15_000) { cluster.result(call) != nil }
        #expect(cluster.result(call)?.isAdministered == true)
        let next = cluster.leader ?? 0
        let members = cluster.replica(next).raft.committedMembership.configuration.members
        #expect(members.contains(NodeID(4)))
        // The old leader rolls its own change back and takes the one that was committed.
        cluster.gate = { _, _, _ in true }
        cluster.start(NodeID(leader))
        cluster.run(2_000)
        #expect(
            cluster.replica(leader).raft.membership == cluster.replica(next).raft.membership
        )
    }

    @Test func whatWouldHarmTheClusterIsRefusedWithTheReason() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let silent = leader % 3 + 1
        let healthy = silent % 3 + 1
        let names = TestCluster.member(7)
        var sameName = TestCluster.member(8)
        sameName.name = "n1"
        var sameAddress = TestCluster.member(8)
        sameAddress.peerAddress = "10.0.0.1:7100"
        #expect(cluster.change(leader, .add(sameName))?.reason == "DUPLICATE")
        #expect(cluster.change(leader, .add(sameAddress))?.reason == "DUPLICATE")
        #expect(cluster.change(leader, .remove(names.id))?.reason == "UNKNOWN_NODE")
        #expect(cluster.change(leader, .transfer(to: names.id))?.reason == "UNKNOWN_NODE")
        cluster.kill(NodeID(silent))
        cluster.run(3_000)
        // Two of three answer: without another of them nobody could decide anything.
        #expect(cluster.change(leader, .remove(NodeID(healthy)))?.reason == "QUORUM_AT_RISK")
        #expect(cluster.change(leader, .transfer(to: NodeID(silent)))?.reason == "NODE_SILENT")
        #expect(cluster.change(leader, .remove(NodeID(silent)))?.isAdministered == true)
        #expect(cluster.change(leader, .remove(NodeID(healthy)))?.isAdministered == true)
        #expect(cluster.change(leader, .remove(NodeID(leader)))?.reason == "LAST_VOTER")
    }

    @Test func aChangeIsTakenAtANodeThatDoesNotLead() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let other = leader % 3 + 1
        let call = cluster.administer(other, .add(TestCluster.member(4)))
        #expect(cluster.result(call) == nil)
        cluster.run(1_000) { cluster.result(call) != nil }
        #expect(cluster.result(call)?.isAdministered == true)
    }

    @Test func aNodeThatMovedSaysSoItself() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        var batch = PeerBatch()
        var moved = TestCluster.member(leader % 3 + 1)
        moved.peerAddress = "10.9.9.9:7100"
        batch.introduction = moved
        batch.diskID = 1_000 + moved.id.rawValue
        cluster.input(leader) {
            $0.receive(
                batch,
                from: moved.id,
                now: cluster.now,
                wallTime: Timestamp(milliseconds: 0)
            )
        }
        cluster.gate = { from, _, batch in from != moved.id || batch.introduction == nil }
        cluster.run(1_000)
        let known = cluster[leader].topology?.members.first { $0.id == moved.id }
        #expect(known?.peerAddress == "10.9.9.9:7100")
        #expect(known?.diskID == batch.diskID)
    }
}
