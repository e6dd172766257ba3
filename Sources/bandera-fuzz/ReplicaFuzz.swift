internal import FlagStore
internal import Flags
internal import PeerProtocol
internal import Raft
internal import Replica
internal import Wire

/// A node among two peers that say anything: none of it may trap.
enum ReplicaFuzz {
    /// The input is a list of things that happen: one byte that says which, and what it takes.
    static func run(_ input: [UInt8]) {
        var node = FuzzedNode()
        var rest = input[...]
        while let event = rest.popFirst() {
            let argument = rest.popFirst() ?? 0
            switch event % 8 {
            case 0, 1, 2:
                let bytes = Array(rest.prefix(Int(argument)))
                rest = rest.dropFirst(bytes.count)
                guard let batch = try? PeerBatch.decode(bytes) else { continue }
                node.receive(batch, from: NodeID(2 + UInt64(event >> 3 & 3)))
            case 3: node.wait(UInt64(argument) * 4)
            case 4: node.connect(NodeID(2 + UInt64(argument % 2)), isUp: argument & 2 == 0)
            case 5: node.write()
            case 6: node.read()
            default: node.isDiskSlow = argument & 1 == 1
            }
        }
    }
}

/// The node and as much of a shell as it takes.
private struct FuzzedNode {
    private var replica: Replica
    private var now = Tick(1)
    private var calls: UInt64 = 0
    private var unsaved: [PersistToken] = []
    var isDiskSlow = false

    init() {
        let members = (1...3).map { number in
            Member(
                id: NodeID(number),
                name: "node-\(number)",
                region: "R\(number)",
                zone: "",
                peerAddress: "peer-\(number)",
                clientAddress: "client-\(number)"
            )
        }
        let id = NodeID(1)
        self.replica = Replica(
            configuration: ReplicaConfiguration(members: members, local: id, incarnation: 7),
            raft: RaftNode(
                configuration: RaftConfiguration(id: id, voters: members.map(\.id), seed: 1),
                restored: .empty,
                now: self.now
            ),
            store: FlagStore(),
            now: self.now
        )
        for peer in [NodeID(2), NodeID(3)] { self.replica.peerConnected(peer, now: self.now) }
        self.turn()
    }

    mutating func receive(_ batch: PeerBatch, from peer: NodeID) {
        // A node that claims to speak for another is not listened to.
        var batch = batch
        for position in batch.raft.indices { batch.raft[position].from = peer }
        let wallTime = Timestamp(milliseconds: Int64(self.now.rawValue))
        self.replica.receive(batch, from: peer, now: self.now, wallTime: wallTime)
        self.turn()
    }

    mutating func wait(_ milliseconds: UInt64) {
        self.now = self.now + milliseconds
        self.replica.tick(
            self.now,
            wallTime: Timestamp(milliseconds: Int64(self.now.rawValue))
        )
        self.turn()
    }

    mutating func connect(_ peer: NodeID, isUp: Bool) {
        if isUp {
            self.replica.peerConnected(peer, now: self.now)
        } else {
            self.replica.peerDisconnected(peer, now: self.now)
        }
        self.turn()
    }

    mutating func write() {
        self.calls += 1
        self.replica.submit(
            Submission(call: CallID(self.calls), payload: [1, 2], isRepeatable: false),
            now: self.now
        )
        self.turn()
    }

    mutating func read() {
        self.calls += 1
        self.replica.read(CallID(self.calls), now: self.now)
        self.turn()
    }

    /// Performs what was decided, until nothing is left to do.
    private mutating func turn() {
        for _ in 0..<16 {
            let turn = self.replica.turn(self.now)
            var isDone = true
            for send in turn.sends { _ = send.batch.encode() }
            self.unsaved += turn.persists.map(\.token)
            if !self.isDiskSlow, let last = self.unsaved.last {
                self.unsaved = []
                self.replica.persisted(last, now: self.now)
                isDone = false
            }
            if let revision = turn.recordedThrough { self.replica.recorded(through: revision) }
            for fetch in turn.fetches {
                self.replica.fetched(fetch, entries: [], now: self.now)
            }
            if turn.wantsDurableLedger {
                self.replica.ledgerDurable(through: self.replica.store.applied)
            }
            if let compaction = turn.compact { self.replica.compacted(to: compaction.base) }
            if turn.snapshotWanted { self.replica.snapshotCopied(nil, now: self.now) }
            for step in turn.snapshotSteps {
                isDone = false
                self.perform(step)
            }
            if let snapshot = turn.install {
                isDone = false
                self.install(snapshot)
            }
            if isDone { return }
        }
    }

    private mutating func perform(_ step: SnapshotStep) {
        switch step {
        case .begin, .discard: break
        case .write(let name, let offset, let bytes):
            let end = offset + UInt64(bytes.count)
            self.replica.snapshotWritten(name, through: end, now: self.now)
        case .finish(let descriptor):
            self.replica.snapshotFinished(descriptor.name, succeeded: true, now: self.now)
        }
    }

    private mutating func install(_ snapshot: SnapshotPosition) {
        let revision = Revision(snapshot.position.index.rawValue)
        let store = FlagStore(restoring: FlagStoreContents(applied: revision))
        self.replica.installed(snapshot, store: store, now: self.now)
    }
}
