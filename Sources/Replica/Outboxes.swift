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

    /// Sorted by peer.
    private var boxes: [Outbox]

    init(peers: [NodeID]) {
        self.boxes = peers.sorted().map { Outbox(peer: $0) }
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

    mutating func add(_ vitals: Vitals) {
        for index in self.boxes.indices {
            self.boxes[index].open.vitals = vitals
            self.boxes[index].openBytes += 64
        }
    }

    /// Hands everything over, peers in ascending order, batches in the order they were filled.
    mutating func drain() -> [PeerSend] {
        var sends: [PeerSend] = []
        for index in self.boxes.indices where self.boxes[index].openBytes > 0 {
            let box = self.boxes[index]
            for batch in box.closed { sends.append(PeerSend(to: box.peer, batch: batch)) }
            sends.append(PeerSend(to: box.peer, batch: box.open))
            self.boxes[index] = Outbox(peer: box.peer)
        }
        return sends
    }

    private mutating func add(
        bytes: Int,
        to peer: NodeID,
        _ change: (inout PeerBatch) -> Void
    ) {
        guard let index = self.boxes.firstIndex(where: { $0.peer == peer }) else { return }
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
}
