internal import PeerProtocol
internal import Raft
internal import Replica

/// A moment of simulated time, in microseconds since the run began.
typealias SimulatedTime = UInt64

/// What can happen in a simulated world.
enum SimulatedEvent {
    case deliver(PeerBatch, from: Int, to: Int)
    /// The log of a node's life has synchronised what it was given.
    case synchronized(node: Int, life: Int)
    /// The record store of a node's life has caught up.
    case recorded(node: Int, life: Int, SnapshotOfStore)
    /// A replica asked to be ticked.
    case wake(node: Int, life: Int)
    case client(Int, attempt: Int)
    case peerConnected(node: Int, peer: Int)
    case peerDisconnected(node: Int, peer: Int)
    case watcherReconnects(Int)
    case watcherGetsCredit(Int)
    case fault
    case restart(node: Int)
    case healLink(from: Int, to: Int)
}

/// The events to come, the earliest first; of equals the one that was planned first.
struct EventQueue {
    private struct Planned {
        let time: SimulatedTime
        let order: UInt64
        let event: SimulatedEvent

        func precedes(_ other: Planned) -> Bool {
            (self.time, self.order) < (other.time, other.order)
        }
    }

    private var heap: [Planned] = []
    private var planned: UInt64 = 0

    mutating func plan(_ event: SimulatedEvent, at time: SimulatedTime) {
        self.heap.append(Planned(time: time, order: self.planned, event: event))
        self.planned += 1
        var child = self.heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard self.heap[child].precedes(self.heap[parent]) else { break }
            self.heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func next() -> (time: SimulatedTime, event: SimulatedEvent)? {
        guard let first = self.heap.first, let last = self.heap.popLast() else { return nil }
        if !self.heap.isEmpty {
            self.heap[0] = last
            self.sinkRoot()
        }
        return (first.time, first.event)
    }

    private mutating func sinkRoot() {
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < self.heap.count else { return }
            let right = left + 1
            let least =
                right < self.heap.count && self.heap[right].precedes(self.heap[left])
                ? right : left
            guard self.heap[least].precedes(self.heap[parent]) else { return }
            self.heap.swapAt(least, parent)
            parent = least
        }
    }
}
