internal import PeerProtocol
internal import Raft

/// What goes to each peer at the end of the turn, cut into batches of bounded size.
struct Outboxes: Sendable {
    private struct Outbox: Sendable {
        let peer: NodeID
        var closed: [PeerBatch] = []
        var open = PeerBatch()
        var openBytes = 0
    }

    /// Sorted by peer; who is no peer has one only while there is something for it.
    private var boxes: [Outbox] = []
    /// Whom this node has links to; ascending.
    private var peers: [NodeID] = []
    /// Says whose batches these are.
    private let diskID: UInt64

    init(diskID: UInt64) { self.diskID = diskID }

    /// Follows a change of the cluster.
    mutating func follow(_ peers: [NodeID]) {
        self.peers = peers.sorted()
        self.boxes.removeAll { $0.openBytes == 0 && !self.peers.contains($0.peer) }
    }

    mutating func add(_ message: Message) {
        var bytes = 64
        if case .appendRequest(let append) = message.body {
            for entry in append.entries { bytes += entry.payload.count + 32 }
        }
        self.add(bytes: bytes, to: message.to) { $0.raft.append(message) }
    }

    mutating func add(_ forward: Forward, to peer: NodeID) {
        self.add(bytes: forward.payload.count + 32, to: peer) { $0.forwards.append(forward) }
    }

    mutating func add(_ refusal: ForwardRefusal, to peer: NodeID) {
        self.add(bytes: 32, to: peer) { $0.refusals.append(refusal) }
    }

    mutating func add(_ request: RoutedRequest, to peer: NodeID) {
        self.add(bytes: request.body.count + 32, to: peer) { $0.evaluations.append(request) }
    }

    mutating func add(_ answer: RoutedAnswer, to peer: NodeID) {
        let bytes = answer.body.count + answer.message.utf8.count + 32
        self.add(bytes: bytes, to: peer) { $0.answers.append(answer) }
    }

    /// How this node is and who it is, for all peers.
    mutating func add(_ vitals: Vitals, introduction: Member?) {
        for peer in self.peers {
            self.add(bytes: introduction == nil ? 64 : 1_024, to: peer) {
                $0.vitals = vitals
                $0.introduction = introduction
            }
        }
    }

    mutating func add(_ refusal: PeerRefusal, to peer: NodeID) {
        self.add(bytes: 32, to: peer) { $0.refusal = refusal }
    }

    mutating func add(_ request: AdministrationRequest, to peer: NodeID) {
        self.add(bytes: 1_024, to: peer) { $0.administration.append(request) }
    }

    mutating func add(_ answer: AdministrationAnswer, to peer: NodeID) {
        self.add(bytes: 1_024, to: peer) { $0.administrationAnswers.append(answer) }
    }

    /// Hands everything over, peers in ascending order, batches in the order they were filled.
    mutating func drain() -> [PeerSend] {
        var sends: [PeerSend] = []
        for index in self.boxes.indices where self.boxes[index].openBytes > 0 {
            let box = self.boxes[index]
            for batch in box.closed { sends.append(self.send(batch, to: box.peer)) }
            sends.append(self.send(box.open, to: box.peer))
            self.boxes[index] = Outbox(peer: box.peer)
        }
        self.boxes.removeAll { !self.peers.contains($0.peer) }
        return sends
    }

    /// A batch of its own, in this node's name.
    func send(_ batch: PeerBatch, to peer: NodeID) -> PeerSend {
        var batch = batch
        batch.diskID = self.diskID
        return PeerSend(to: peer, batch: batch)
    }

    private mutating func add(
        bytes: Int,
        to peer: NodeID,
        _ change: (inout PeerBatch) -> Void
    ) {
        guard let index = self.index(of: peer) else { return }
        let isFull =
            self.boxes[index].openBytes > 0
            && self.boxes[index].openBytes + bytes > ReplicaLimits.peerBatchBytesMax
        if isFull {
            self.boxes[index].closed.append(self.boxes[index].open)
            self.boxes[index].open = PeerBatch()
            self.boxes[index].openBytes = 0
        }
        change(&self.boxes[index].open)
        self.boxes[index].openBytes += bytes
    }

    /// The peer's box, made if need be; `nil` when too many strangers have one.
    private mutating func index(of peer: NodeID) -> Int? {
        let index = self.boxes.firstIndex { $0.peer >= peer } ?? self.boxes.count
        if index < self.boxes.count, self.boxes[index].peer == peer { return index }
        guard self.boxes.count < self.peers.count + ReplicaLimits.strangersMax else { return nil }
        self.boxes.insert(Outbox(peer: peer), at: index)
        return index
    }
}
