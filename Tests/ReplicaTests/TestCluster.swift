import ClientProtocol
import FlagStore
import Flags
import PeerProtocol
import Raft
import Replica
import Testing
import Wire

/// Several replicas in one thread: what the shell does is done at once, messages travel as bytes.
final class TestCluster {
    var nodes: [NodeID: TestNode] = [:]
    let bootstrap: [Member]
    var now = Tick(1_000)
    /// What is on its way.
    var wire: [(from: NodeID, to: NodeID, bytes: [UInt8])] = []
    /// Whether a message gets through.
    var gate: (NodeID, NodeID, PeerBatch) -> Bool = { _, _, _ in true }
    var compaction = CompactionPolicy()
    var snapshotRate = ReplicaLimits.snapshotBytesPerSecond
    var snapshotBytes = 600 << 10
    var nextCall: UInt64 = 0
    /// What each copy held, by the checksum of its file.
    var contents: [UInt64: FlagStore] = [:]
    var sent: [(from: NodeID, to: NodeID, batch: PeerBatch)] = []
    var keepsSent = false

    init(
        voters: UInt64,
        compaction: CompactionPolicy = CompactionPolicy(),
        priorities: [UInt32] = []
    ) {
        self.bootstrap = (1...voters).map { id in
            let index = Int(id) - 1
            return Self.member(
                id,
                priority: priorities.indices.contains(index) ? priorities[index] : 0
            )
        }
        self.compaction = compaction
        for member in self.bootstrap { self.add(member.id, diskID: 1_000 + member.id.rawValue) }
        for member in self.bootstrap { self.start(member.id) }
    }

    static func member(_ id: UInt64, priority: UInt32 = 0) -> Member {
        Member(
            id: NodeID(id),
            name: "n\(id)",
            region: "R\(id)",
            zone: "",
            peerAddress: "10.0.0.\(id):7100",
            clientAddress: "10.0.0.\(id):7000",
            priority: priority
        )
    }

    /// What every node's wall clock says.
    var wallTime: Timestamp { Timestamp(milliseconds: Int64(self.now.rawValue)) }

    private func add(_ id: NodeID, diskID: UInt64) {
        self.nodes[id] = TestNode(id: id, disk: TestDisk(diskID: diskID))
    }

    // MARK: Processes

    /// Starts a process on what the disk holds.
    func start(_ id: NodeID, partial: PartialSnapshot? = nil) {
        guard var node = self.nodes[id] else { return }
        node.life += 1
        node.halt = nil
        node.stop = nil
        // A shell removes what it finds of a copy.
        node.copy = nil
        let isBootstrap = self.bootstrap.contains { $0.id == id }
        let raft = RaftNode(
            configuration: RaftConfiguration(
                id: id,
                voters: isBootstrap ? self.bootstrap.map(\.id) : [],
                bootstrapContext: isBootstrap
                    ? Directory(members: self.bootstrap).encode() : [],
                cachedBytesMax: 512,
                seed: id.rawValue * 77 + node.life
            ),
            restored: RestoredLog(
                hardState: node.disk.hardState,
                base: node.disk.base,
                memberships: node.disk.memberships,
                last: node.disk.last,
                tail: node.disk.entries.filter {
                    $0.index.rawValue > node.disk.ledger.applied.rawValue
                },
                applied: LogIndex(node.disk.ledger.applied.rawValue)
            ),
            now: self.now
        )
        let incarnation = id.rawValue << 32 | node.life << 16
        var configuration: ReplicaConfiguration
        if isBootstrap {
            configuration = ReplicaConfiguration(
                members: self.bootstrap,
                local: id,
                incarnation: incarnation,
                diskID: node.disk.diskID
            )
        } else {
            var own = Self.member(id.rawValue)
            own.diskID = node.disk.diskID
            configuration = ReplicaConfiguration(
                joining: own,
                peers: self.bootstrap,
                incarnation: incarnation
            )
        }
        configuration.compaction = self.compaction
        configuration.snapshotBytesPerSecond = self.snapshotRate
        configuration.partialSnapshot = partial
        node.replica = Replica(
            configuration: configuration,
            raft: raft,
            store: node.disk.ledger,
            now: self.now
        )
        if partial == nil {
            node.receiving = nil
            node.received = []
        }
        self.nodes[id] = node
        for peer in self.ids where peer != id && self.nodes[peer]?.replica != nil {
            self.input(id) { $0.peerConnected(peer, now: self.now) }
            self.input(peer) { $0.peerConnected(id, now: self.now) }
        }
    }

    /// Adds a machine with an empty disk, which waits to be added.
    func join(_ id: UInt64, diskID: UInt64? = nil) {
        self.add(NodeID(id), diskID: diskID ?? 1_000 + id)
        self.start(NodeID(id))
    }

    func kill(_ id: NodeID) {
        self.nodes[id]?.replica = nil
        self.wire.removeAll { $0.from == id || $0.to == id }
        for peer in self.ids where peer != id {
            self.input(peer) {
                $0.peerClosed(id, now: self.now)
                $0.peerDisconnected(id, now: self.now)
            }
        }
    }

    func wipe(_ id: NodeID, diskID: UInt64) {
        self.kill(id)
        self.add(id, diskID: diskID)
        self.start(id)
    }

    var ids: [NodeID] { self.nodes.keys.sorted() }

    subscript(_ id: UInt64) -> TestNode {
        guard let node = self.nodes[NodeID(id)] else { preconditionFailure("no node \(id)") }
        return node
    }

    func replica(_ id: UInt64) -> Replica {
        guard let replica = self[id].replica else { preconditionFailure("node \(id) is down") }
        return replica
    }

    // MARK: Running

    /// Gives a replica something and performs what it decides.
    func input(_ id: NodeID, _ body: (inout Replica) -> Void) {
        guard var replica = self.nodes[id]?.replica else { return }
        self.nodes[id]?.replica = nil
        body(&replica)
        self.nodes[id]?.replica = replica
        self.takeTurns(id)
    }

    func input(_ id: UInt64, _ body: (inout Replica) -> Void) { self.input(NodeID(id), body) }

    /// Delivers everything that is on its way, and what follows from it.
    func settle() {
        var rounds = 0
        while !self.wire.isEmpty, rounds < 20_000 {
            rounds += 1
            let (from, to, bytes) = self.wire.removeFirst()
            guard let batch = try? PeerBatch.decode(bytes) else {
                Issue.record("a batch from \(from) cannot be read back")
                continue
            }
            guard self.gate(from, to, batch) else { continue }
            self.input(to) {
                $0.receive(
                    batch,
                    from: from,
                    now: self.now,
                    wallTime: self.wallTime
                )
            }
        }
    }

    /// Lets time pass, in steps, until something is so; returns whether it came to be.
    @discardableResult
    func run(_ milliseconds: UInt64, until isDone: () -> Bool = { false }) -> Bool {
        self.settle()
        let end = self.now + milliseconds
        while self.now < end {
            if isDone() { return true }
            self.now = self.now + 10
            for id in self.ids {
                guard let due = self.nodes[id]?.replica?.nextDeadline, due <= self.now else {
                    continue
                }
                self.input(id) { $0.tick(self.now, wallTime: self.wallTime) }
            }
            self.settle()
        }
        return isDone()
    }

    /// The node that leads and that the others follow.
    var leader: UInt64? {
        let leaders = self.ids.filter { id in
            guard let raft = self.nodes[id]?.replica?.raft else { return false }
            return raft.role == .leader
        }
        let newest = leaders.max { lhs, rhs in
            let left = self.nodes[lhs]?.replica?.raft.term ?? .zero
            let right = self.nodes[rhs]?.replica?.raft.term ?? .zero
            return left < right
        }
        return newest?.rawValue
    }

    /// Waits for a leader that has committed in its term, and for the directory to be complete.
    @discardableResult
    func elect() -> UInt64 {
        let isElected = self.run(20_000) {
            guard let leader = self.leader else { return false }
            let raft = self.replica(leader).raft
            return raft.term(at: raft.commit) == raft.term
        }
        #expect(isElected, "nobody was elected")
        self.run(600)
        return self.leader ?? 1
    }

    /// Makes one node the leader.
    func lead(_ id: UInt64) {
        self.elect()
        guard self.leader != id else { return }
        let call = self.administer(self.leader ?? 1, .transfer(to: NodeID(id)))
        self.run(2_000) { self.result(call) != nil }
        #expect(self.leader == id)
    }
}
