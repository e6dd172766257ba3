import ClientProtocol
import FlagStore
import Flags
import PeerProtocol
import Raft
import Replica
import Testing
import Wire

/// Linearizable reads at any node, and reads of at least a revision.
struct ReadTests {
    /// The revision at which a read was allowed.
    private func revision(_ result: Reply.Result?) -> Revision? {
        if case .readable(let revision)? = result { revision } else { nil }
    }

    @Test("item 29: a follower's read sees every write that was acknowledged before")
    func aFollowerReadsWhatWasAcknowledged() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let follower = leader % 3 + 1
        // Entries reach the follower only after the read was asked for.
        cluster.gate = { _, to, batch in
            to != NodeID(follower)
                || !batch.raft.contains {
                    if case .appendRequest = $0.body { true } else { false }
                }
        }
        let write = cluster.write(leader, WriteRequest(command: .openSession))
        cluster.run(50)
        guard case .judged(.done(let written))? = cluster.result(write) else {
            Issue.record("the write was not acknowledged")
            return
        }
        let read = cluster.read(follower)
        cluster.run(50)
        #expect(cluster.result(read) == nil || self.revision(cluster.result(read)) == nil)
        cluster.gate = { _, _, _ in true }
        cluster.run(2_000) { cluster.result(read) != nil }
        let seen = self.revision(cluster.result(read)) ?? .zero
        #expect(seen >= written)
        #expect(cluster.replica(follower).store.applied >= seen)
    }

    @Test("item 26: a leader that was deposed without knowing serves no read")
    func aDeposedLeaderServesNoRead() {
        let cluster = TestCluster(voters: 3)
        let old = cluster.elect()
        cluster.gate = { from, to, _ in from != NodeID(old) && to != NodeID(old) }
        let read = cluster.read(old)
        cluster.run(6_000) { cluster.result(read) != nil }
        #expect(self.revision(cluster.result(read)) == nil)
        #expect(cluster.result(read)?.status?.code == .unavailable)
        let next = cluster.ids.first { id in
            id != NodeID(old) && cluster.replica(id.rawValue).raft.role == .leader
        }
        #expect(next != nil)
        let fresh = cluster.read(next?.rawValue ?? 1)
        cluster.run(1_000) { cluster.result(fresh) != nil }
        #expect(self.revision(cluster.result(fresh)) != nil)
    }

    @Test("item 15: a new leader serves no read before it has committed in its own term")
    func aNewLeaderReadsOnlyAfterItsOwnCommit() {
        let cluster = TestCluster(voters: 3)
        cluster.lead(1)
        // The next leader's entries do not get through, its votes and heartbeats do.
        cluster.gate = { _, _, batch in
            !batch.raft.contains {
                if case .appendRequest(let append) = $0.body {
                    !append.entries.isEmpty
                } else {
                    false
                }
            }
        }
        cluster.kill(NodeID(1))
        cluster.run(5_000) { cluster.leader != nil }
        guard let leader = cluster.leader else {
            Issue.record("nobody leads")
            return
        }
        let read = cluster.read(leader)
        cluster.run(300)
        #expect(cluster.result(read) == nil)
        cluster.gate = { _, _, _ in true }
        cluster.run(3_000) { cluster.result(read) != nil }
        #expect(self.revision(cluster.result(read)) != nil)
    }

    @Test("item 27: a lost request is repeated under a new identity")
    func aLostRequestIsRepeatedUnderANewIdentity() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let follower = leader % 3 + 1
        var asked: [ReadID] = []
        cluster.gate = { from, _, batch in
            for message in batch.raft {
                if case .readIndexRequest(let id) = message.body, from == NodeID(follower) {
                    asked.append(id)
                    return asked.count > 1
                }
            }
            return true
        }
        let read = cluster.read(follower)
        cluster.run(3_000) { cluster.result(read) != nil }
        #expect(self.revision(cluster.result(read)) != nil)
        #expect(asked.count >= 2)
        #expect(Set(asked).count == asked.count)
    }

    @Test func theReadsOfATurnShareOneReadIndex() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let follower = leader % 3 + 1
        cluster.keepsSent = true
        var calls: [CallID] = []
        cluster.input(follower) { replica in
            for _ in 0..<100 {
                let call = cluster.call()
                calls.append(call)
                replica.read(call, now: cluster.now)
            }
        }
        cluster.run(200)
        let requests = cluster.sent.flatMap(\.batch.raft).count {
            if case .readIndexRequest = $0.body { true } else { false }
        }
        #expect(requests == 1)
        #expect(calls.allSatisfy { self.revision(cluster.result($0)) != nil })
    }

    @Test func aReadOfAtLeastARevisionWaitsForIt() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let next = Revision(cluster.replica(leader).store.applied.rawValue + 1)
        let call = cluster.call()
        cluster.input(leader) { $0.readAtLeast(call, revision: next, now: cluster.now) }
        cluster.run(100)
        #expect(cluster.result(call) == nil)
        cluster.write(leader, WriteRequest(command: .openSession))
        cluster.run(100)
        #expect((self.revision(cluster.result(call)) ?? .zero) >= next)
    }

    @Test func aRevisionThatDoesNotComeIsReportedInTime() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let call = cluster.call()
        cluster.input(leader) { $0.readAtLeast(call, revision: Revision(9_999), now: cluster.now) }
        cluster.run(ReplicaLimits.readWaitMillisecondsMax + 1_000)
        #expect(cluster.result(call)?.status?.code == .unavailable)
    }

    @Test func anAbandonedReadIsNotAnsweredAndTooManyAreRefused() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        cluster.gate = { _, _, _ in false }
        let abandoned = cluster.read(leader)
        cluster.input(leader) { $0.abandon(abandoned) }
        var last = CallID(0)
        cluster.input(leader) { replica in
            for _ in 0...ReplicaLimits.readsMax {
                last = cluster.call()
                replica.read(last, now: cluster.now)
            }
        }
        #expect(cluster.result(last)?.status?.code == .resourceExhausted)
        cluster.run(ReplicaLimits.readWaitMillisecondsMax + 1_000)
        #expect(cluster.result(abandoned) == nil)
    }
}
