import FlagStore
import Flags
import PeerProtocol
import Raft
import Replica
import Testing

/// Bounds of what is sent, and of what the log keeps.
struct CompactorTests {
    @Test func theTailIsBoundedByBytesToo() {
        let policy = CompactionPolicy(
            tailEntries: 10_000,
            tailBytes: 4_096,
            stepEntries: 10_000,
            stepBytes: 2_048
        )
        let cluster = TestCluster(voters: 1, compaction: policy)
        cluster.elect()
        cluster.fill(1, 600)
        let raft = cluster.replica(1).raft
        #expect(raft.base.index > .zero)
        #expect(raft.last.index.rawValue - raft.base.index.rawValue < 600)
    }

    @Test func nothingIsCompactedWhileTheRecordStoreTakesNothing() {
        let policy = CompactionPolicy(
            tailEntries: 5,
            tailBytes: 1 << 20,
            stepEntries: 5,
            stepBytes: 1 << 20
        )
        let cluster = TestCluster(voters: 1, compaction: policy)
        cluster.elect()
        cluster.nodes[NodeID(1)]?.isLedgerFull = true
        let held = cluster[1].disk.ledger.applied.rawValue
        cluster.fill(1, 100)
        #expect(cluster.replica(1).raft.base.index.rawValue <= held)
        cluster.nodes[NodeID(1)]?.isLedgerFull = false
        cluster.fill(1, 10)
        cluster.run(1_000)
        #expect(cluster.replica(1).raft.base.index.rawValue > held)
    }

    @Test func aSnapshotIsSentNoFasterThanAllowed() {
        let policy = CompactionPolicy(
            tailEntries: 20,
            tailBytes: 1 << 20,
            stepEntries: 10,
            stepBytes: 1 << 20
        )
        let cluster = TestCluster(voters: 1, compaction: policy)
        cluster.snapshotRate = 400 << 10
        cluster.start(NodeID(1))
        cluster.elect()
        cluster.fill(1, 100)
        cluster.join(2)
        let began = cluster.now
        _ = cluster.change(1, .add(TestCluster.member(2)))
        cluster.run(20_000) { cluster[2].installs == 1 }
        let took = cluster.now.rawValue - began.rawValue
        #expect(cluster[2].installs == 1)
        // 600 KiB at 400 KiB/s, of which the first 256 KiB may go at once.
        #expect(took >= 800 && took < 4_000, "took \(took) ms")
    }
}
