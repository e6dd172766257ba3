import ClientProtocol
import FlagStore
import Flags
import PeerProtocol
import Raft
import Replica
import Testing
import Wire

/// Writes across changes of the leader: applied once, and never called failed when nobody can tell.
struct SessionTests {
    private func outcome(_ result: Reply.Result?) -> Outcome? {
        if case .judged(let outcome)? = result { outcome } else { nil }
    }

    @Test("item 47: a write in a session that the next leader gets again is applied once")
    func aRepeatedWriteIsAppliedOnceAcrossLeaders() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let origin = leader % 3 + 1
        let session = cluster.session(origin)
        let request = WriteRequest(
            session: session,
            sequence: 1,
            command: .putOrganization(Organization(id: "once", name: "Once"))
        )
        // The leader commits it, and the origin does not hear so before the leader dies.
        cluster.gate = { from, to, _ in !(from == NodeID(leader) && to == NodeID(origin)) }
        let call = cluster.write(origin, request)
        cluster.run(100)
        #expect(cluster.result(call) == nil)
        cluster.kill(NodeID(leader))
        cluster.gate = { _, _, _ in true }
        cluster.run(8_000) { cluster.result(call) != nil }
        guard case .done(let first)? = self.outcome(cluster.result(call)) else {
            Issue.record("\(String(describing: cluster.result(call)))")
            return
        }
        // A third copy, at another node, is told the same.
        let other = cluster.leader ?? 1
        let again = cluster.write(other, request)
        cluster.run(2_000) { cluster.result(again) != nil }
        #expect(self.outcome(cluster.result(again)) == .done(first))
    }

    @Test("item 48: what a lost leader was given is unknown, what nobody was given is not")
    func onlyWhatALeaderWasGivenIsUnknown() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let origin = leader % 3 + 1
        let command = Command.putOrganization(Organization(id: "acme", name: "Acme"))
        cluster.gate = { from, _, _ in from != NodeID(leader) }
        let given = cluster.write(origin, WriteRequest(command: command))
        cluster.run(50)
        cluster.gate = { _, _, _ in false }
        cluster.kill(NodeID(leader))
        let kept = cluster.write(origin, WriteRequest(command: command))
        cluster.run(ReplicaLimits.leaderWaitMillisecondsMax + 2_000)
        cluster.gate = { _, _, _ in true }
        cluster.run(5_000)
        #expect(cluster.result(given)?.status?.code == .unknown)
        #expect(cluster.result(given)?.reason == "OUTCOME_UNKNOWN")
        #expect(cluster.result(kept)?.status?.code == .unavailable)
        #expect(cluster.result(kept)?.status?.message.contains("nothing was written") == true)
    }

    @Test("item 49: without a leader writes wait and do not travel in circles")
    func writesDoNotTravelInCircles() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let origin = leader % 3 + 1
        cluster.kill(NodeID(leader))
        // Nobody is elected: votes do not get through.
        cluster.gate = { _, _, batch in batch.raft.isEmpty }
        cluster.keepsSent = true
        cluster.write(origin, WriteRequest(command: .openSession))
        cluster.run(2_000)
        #expect(cluster.sent.allSatisfy { $0.batch.forwards.isEmpty })
    }

    @Test("item 50: the same log gives the same state on every node, whatever its clock says")
    func everyNodeComesToTheSameState() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        for id in 1...3 { _ = cluster.session(UInt64(id)) }
        cluster.fill(leader, 40)
        let hashes = (1...3).map { cluster.replica(UInt64($0)).store.stateHash() }
        #expect(Set(hashes).count == 1)
        let restarted = leader % 3 + 1
        cluster.kill(NodeID(restarted))
        cluster.start(NodeID(restarted))
        cluster.run(1_000)
        #expect(cluster.replica(restarted).store.stateHash() == hashes[0])
    }

    @Test("item 24: a node whose record store takes nothing applies only so much, and follows on")
    func aFullRecordStoreStopsEntriesButNotHeartbeats() {
        let cluster = TestCluster(voters: 3)
        let leader = cluster.elect()
        let full = leader % 3 + 1
        cluster.nodes[NodeID(full)]?.isLedgerFull = true
        let applied = cluster.replica(full).store.applied.rawValue
        let count = Int(ReplicaLimits.unrecordedEntriesMax) + 5_000
        self.append(count, to: cluster, at: full)
        let term = cluster.replica(leader).raft.term
        let reached = cluster.replica(full).store.applied.rawValue
        #expect(reached - applied > ReplicaLimits.unrecordedEntriesMax)
        #expect(reached - applied <= ReplicaLimits.unrecordedEntriesMax + 4_096)
        cluster.run(3_000)
        #expect(cluster.replica(full).store.applied.rawValue == reached)
        #expect(cluster.replica(full).raft.term == term)
        #expect(cluster.replica(full).raft.leader == NodeID(leader))
    }

    /// Appends many empty entries at one node as its leader would.
    private func append(_ count: Int, to cluster: TestCluster, at id: UInt64) {
        let raft = cluster.replica(id).raft
        guard let leader = raft.leader else {
            Issue.record("node \(id) follows nobody")
            return
        }
        var last = raft.last
        var sent = 0
        while sent < count {
            var entries: [Entry] = []
            for offset in 1...4_096 {
                entries.append(
                    Entry(
                        term: raft.term,
                        index: last.index.advanced(by: offset),
                        kind: .command,
                        payload: []
                    )
                )
            }
            sent += entries.count
            let end = last.index.advanced(by: entries.count)
            var batch = PeerBatch()
            batch.raft = [
                Message(
                    from: leader,
                    to: NodeID(id),
                    term: raft.term,
                    body: .appendRequest(
                        Message.AppendRequest(previous: last, commit: end, entries: entries)
                    )
                )
            ]
            cluster.input(id) {
                $0.receive(
                    batch,
                    from: leader,
                    now: cluster.now,
                    wallTime: Timestamp(milliseconds: 0)
                )
            }
            last = LogPosition(term: raft.term, index: end)
        }
    }
}
