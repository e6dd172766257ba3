import Checksum
import ClientProtocol
import FlagStore
import Flags
import PeerProtocol
import Raft
import Replica
import Testing
import Wire

/// Compaction, and nodes that are brought up to date with a copy of the record store.
struct SnapshotTests {
    /// A short tail, so that little has to be written.
    private static let policy = CompactionPolicy(
        tailEntries: 20,
        tailBytes: 1 << 20,
        stepEntries: 10,
        stepBytes: 1 << 20
    )

    /// A cluster whose log is compacted, and a node that has to be sent a snapshot.
    private func cluster() -> (cluster: TestCluster, leader: UInt64) {
        let cluster = TestCluster(voters: 3, compaction: Self.policy)
        let leader = cluster.elect()
        cluster.fill(leader, 100)
        #expect(cluster.replica(leader).raft.base.index > LogIndex(20))
        return (cluster, leader)
    }

    @Test("item 36: the log is compacted only behind a durable record store, and keeps its tail")
    func theLogKeepsItsTail() {
        let (cluster, leader) = self.cluster()
        for id in 1...3 {
            let raft = cluster.replica(UInt64(id)).raft
            #expect(raft.base.index > .zero)
            #expect(raft.last.index.rawValue - raft.base.index.rawValue >= 20)
            #expect(cluster[UInt64(id)].compactions > 0)
        }
        // A follower that lacks less than the tail is not sent a snapshot.
        let follower = leader % 3 + 1
        cluster.kill(NodeID(follower))
        cluster.fill(leader, 8)
        cluster.start(NodeID(follower))
        cluster.run(2_000)
        #expect(cluster.replica(follower).store.applied == cluster.replica(leader).store.applied)
        #expect(cluster[leader].copies == 0)
    }

    @Test("item 41: a node that was sent a snapshot is in the state of the others, byte for byte")
    func aNewNodeIsSentASnapshot() {
        let (cluster, leader) = self.cluster()
        cluster.join(4)
        #expect(cluster.change(leader, .add(TestCluster.member(4)))?.isAdministered == true)
        cluster.run(10_000) {
            cluster.replica(4).store.applied == cluster.replica(leader).store.applied
        }
        #expect(cluster[4].installs == 1)
        #expect(cluster.replica(4).store.stateHash() == cluster.replica(leader).store.stateHash())
        // It learned who belongs to the cluster from the snapshot and the log (item 31).
        #expect(cluster[4].topology == cluster[leader].topology)
        #expect(cluster[4].publications.contains { $0.isReplaced })
        #expect(!cluster[leader].hasCopy)
        #expect(cluster.change(leader, .promote(NodeID(4)))?.isAdministered == true)
    }

    @Test("item 38: an older or a repeated snapshot changes nothing")
    func anOlderSnapshotChangesNothing() {
        let (cluster, leader) = self.cluster()
        let follower = leader % 3 + 1
        let raft = cluster.replica(follower).raft
        let old = SnapshotDescriptor(
            name: SnapshotName(
                position: LogPosition(term: raft.term, index: LogIndex(5)),
                checksum: 7
            ),
            size: 100,
            membership: raft.membership(at: raft.base.index) ?? raft.membership
        )
        var batch = PeerBatch()
        batch.snapshotOffer = SnapshotOffer(descriptor: old, term: raft.term)
        cluster.keepsSent = true
        cluster.input(follower) {
            $0.receive(
                batch,
                from: NodeID(leader),
                now: cluster.now,
                wallTime: Timestamp(milliseconds: 0)
            )
        }
        let answer = cluster.sent.compactMap(\.batch.snapshotStatus).first
        #expect(answer?.state == .complete)
        #expect(cluster[follower].receiving == nil)
        cluster.run(500)
        #expect(cluster[follower].installs == 0)
        #expect(cluster.replica(follower).raft.commit >= raft.commit)
    }

    @Test("item 40: what follows a snapshot stays in the log until its receiver has it")
    func oneSnapshotIsEnough() {
        let (cluster, leader) = self.cluster()
        cluster.join(4)
        // The last part is held up while the others write on, far more than the tail.
        var parts = 0
        cluster.gate = { _, to, batch in
            guard to == NodeID(4), batch.snapshotChunk != nil else { return true }
            parts += 1
            return parts < 3
        }
        _ = cluster.change(leader, .add(TestCluster.member(4)))
        cluster.run(200)
        let base = cluster.replica(leader).raft.base
        cluster.fill(leader, 100)
        #expect(cluster.replica(leader).raft.base.index.rawValue <= base.index.rawValue + 40)
        cluster.gate = { _, _, _ in true }
        cluster.run(10_000) {
            cluster.replica(4).store.applied == cluster.replica(leader).store.applied
        }
        #expect(cluster.replica(4).store.applied == cluster.replica(leader).store.applied)
        #expect(cluster[leader].copies == 1)
        #expect(cluster[4].installs == 1)
        // And then the log is compacted again.
        cluster.fill(leader, 60)
        cluster.run(1_000)
        #expect(cluster.replica(leader).raft.base.index > base.index.advanced(by: 40))
    }

    @Test func aBrokenLinkIsResumedWhereItBroke() {
        let (cluster, leader) = self.cluster()
        cluster.join(4)
        var carried = 0
        cluster.gate = { _, to, batch in
            guard to == NodeID(4), let chunk = batch.snapshotChunk else { return true }
            guard carried < cluster.snapshotBytes / 2 else { return false }
            carried += chunk.bytes.count
            return true
        }
        _ = cluster.change(leader, .add(TestCluster.member(4)))
        cluster.run(300)
        let before = cluster[4].received.count
        #expect(before > 0 && before < cluster.snapshotBytes)
        cluster.input(leader) { $0.peerDisconnected(NodeID(4), now: cluster.now) }
        var first: UInt64?
        cluster.gate = { _, to, batch in
            if to == NodeID(4), let chunk = batch.snapshotChunk, first == nil {
                first = chunk.offset
            }
            return true
        }
        cluster.input(leader) { $0.peerConnected(NodeID(4), now: cluster.now) }
        cluster.run(10_000) { cluster[4].installs == 1 }
        #expect(cluster[4].installs == 1)
        #expect(first == UInt64(before))
        #expect(cluster[leader].copies == 1)
    }

    @Test func aReceiverThatRestartsGoesOnWithWhatItHas() {
        let (cluster, leader) = self.cluster()
        cluster.join(4)
        var carried = 0
        cluster.gate = { _, to, batch in
            guard to == NodeID(4), let chunk = batch.snapshotChunk else { return true }
            carried += chunk.bytes.count
            return carried < cluster.snapshotBytes / 2
        }
        _ = cluster.change(leader, .add(TestCluster.member(4)))
        cluster.run(300)
        let held = cluster[4].received.count
        guard let descriptor = cluster[4].receiving, held > 0 else {
            Issue.record("nothing was received")
            return
        }
        cluster.kill(NodeID(4))
        var first: UInt64?
        cluster.gate = { _, to, batch in
            if to == NodeID(4), let chunk = batch.snapshotChunk, first == nil {
                first = chunk.offset
            }
            return true
        }
        let partial = PartialSnapshot(descriptor: descriptor, received: UInt64(held))
        cluster.start(NodeID(4), partial: partial)
        cluster.run(10_000) { cluster[4].installs == 1 }
        #expect(cluster[4].installs == 1)
        #expect(first == UInt64(held))
    }

    @Test func aDamagedPartIsIgnoredAndSentAgain() {
        let (cluster, leader) = self.cluster()
        cluster.join(4)
        var damaged = 0
        cluster.gate = { from, to, batch in
            guard to == NodeID(4), var chunk = batch.snapshotChunk, damaged < 3 else {
                return true
            }
            damaged += 1
            chunk.bytes[0] ^= 1
            var copy = batch
            copy.snapshotChunk = chunk
            cluster.input(to) {
                $0.receive(
                    copy,
                    from: from,
                    now: cluster.now,
                    wallTime: Timestamp(milliseconds: 0)
                )
            }
            return false
        }
        _ = cluster.change(leader, .add(TestCluster.member(4)))
        cluster.run(15_000) { cluster[4].installs == 1 }
        #expect(damaged == 3)
        #expect(cluster[4].installs == 1)
        #expect(cluster.replica(4).store.stateHash() == cluster.replica(leader).store.stateHash())
    }

    @Test func aCopyThatCannotBeMadeIsAskedForAgainLater() {
        let (cluster, leader) = self.cluster()
        cluster.nodes[NodeID(leader)]?.copiesToFail = 2
        cluster.join(4)
        let began = cluster.now
        _ = cluster.change(leader, .add(TestCluster.member(4)))
        cluster.run(10_000) { cluster[4].installs == 1 }
        #expect(cluster[4].installs == 1)
        #expect(cluster.now >= began + 2 * ReplicaLimits.snapshotRepeatMilliseconds)
    }

    @Test func aNewLeaderBeginsAnew() {
        let (cluster, leader) = self.cluster()
        cluster.join(4)
        cluster.gate = { _, to, batch in to != NodeID(4) || batch.snapshotChunk == nil }
        _ = cluster.change(leader, .add(TestCluster.member(4)))
        cluster.run(300)
        #expect(cluster[4].receiving != nil)
        cluster.kill(NodeID(leader))
        cluster.gate = { _, _, _ in true }
        cluster.run(10_000) { cluster[4].installs == 1 }
        #expect(cluster[4].installs == 1)
        cluster.start(NodeID(leader))
        cluster.run(3_000)
        #expect(!cluster[leader].hasCopy)
        let hashes = cluster.ids.map { cluster.replica($0.rawValue).store.stateHash() }
        #expect(Set(hashes).count == 1)
    }

    @Test(
        "item 48: a write whose fate is hidden in a snapshot is unknown; one in a session is told"
    )
    func whatIsHiddenInASnapshotIsNotCalledFailed() {
        let (cluster, leader) = self.cluster()
        let follower = leader % 3 + 1
        let session = cluster.session(follower)
        // The leader hears the follower, and the follower hears nothing for a long time.
        cluster.gate = { _, to, _ in to != NodeID(follower) }
        let organization = Organization(id: "acme", name: "Hidden")
        let plain = cluster.write(
            follower,
            WriteRequest(command: .putOrganization(organization))
        )
        let repeatable = cluster.write(
            follower,
            WriteRequest(session: session, sequence: 1, command: .putOrganization(organization))
        )
        cluster.run(100)
        cluster.input(leader) { $0.peerDisconnected(NodeID(follower), now: cluster.now) }
        cluster.fill(leader, 100)
        cluster.input(leader) { $0.peerConnected(NodeID(follower), now: cluster.now) }
        cluster.gate = { _, _, _ in true }
        cluster.run(9_000) { cluster.result(repeatable) != nil }
        #expect(cluster[follower].installs == 1)
        #expect(cluster.result(plain)?.status?.code == .unknown)
        guard case .judged(.done)? = cluster.result(repeatable) else {
            Issue.record("told: \(String(describing: cluster.result(repeatable)))")
            return
        }
        let records = cluster.replica(leader).store.applied
        cluster.run(500)
        #expect(cluster.replica(follower).store.applied >= records)
    }

    @Test("item 25: heartbeats and commits go on while a snapshot is sent")
    func commitsGoOnWhileASnapshotIsSent() {
        let (cluster, leader) = self.cluster()
        let term = cluster.replica(leader).raft.term
        cluster.join(4)
        cluster.keepsSent = true
        _ = cluster.change(leader, .add(TestCluster.member(4)))
        cluster.run(5_000) { cluster[4].installs == 1 }
        for sent in cluster.sent {
            guard let chunk = sent.batch.snapshotChunk else { continue }
            #expect(sent.batch.raft.isEmpty && sent.batch.forwards.isEmpty)
            #expect(chunk.bytes.count <= ReplicaLimits.chunkBytesMax)
        }
        #expect(cluster.replica(leader).raft.term == term)
    }
}
