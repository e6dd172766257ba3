internal import Raft
internal import Replica

/// A moment of simulated time, in microseconds since the run began.
typealias SimulatedTime = UInt64

/// What can happen in a simulated world.
///
/// Events of one node's process carry the life they were planned in: a later life ignores them.
enum SimulatedEvent {
    /// A packed batch reaches a process.
    case deliver(Parcel)
    /// A replica that was given something decides what follows.
    case turn(node: Int, life: Int)
    /// The log of a node's life has synchronised what it was given.
    case synchronized(node: Int, life: Int)
    /// A full disk is tried again.
    case retryDisk(node: Int, life: Int)
    /// The log has been read.
    case fetched(node: Int, life: Int, FetchRequest)
    /// The record store of a node's life has caught up.
    case recorded(node: Int, life: Int, RecordedState)
    /// A replica asked to be ticked.
    case wake(node: Int, life: Int)
    case peerConnected(node: Int, life: Int, peer: Int)
    case peerDisconnected(node: Int, life: Int, peer: Int)
    /// A client's request reaches a process.
    case request(node: Int, life: Int, ClientRequest)
    case client(Int, attempt: Int)
    case setup
    case watcherReconnects(Int)
    case watcherGetsCredit(Int)
    case fault
    case diskHasRoom(node: Int)
    /// A fault that waits for its moment.
    case ambush(node: Int, life: Int, Ambush)
    case resume(node: Int, life: Int)
    /// A consistent copy of the record store is there.
    case snapshotCopied(node: Int, life: Int)
    case snapshotRead(node: Int, life: Int, SnapshotRead)
    case snapshotStep(node: Int, life: Int, SnapshotStep)
    /// The log takes the place of a snapshot.
    case installMarker(node: Int, life: Int, SnapshotPosition)
    /// The record store does.
    case installSwap(node: Int, life: Int, SnapshotPosition)
    case recordsAreDurable(node: Int, life: Int)
    case compact(node: Int, life: Int, Compaction)
    case operatorActs
    case releasersAct
    case restart(node: Int)
    case heal
}

/// Bytes on their way from one process to another.
struct Parcel {
    let from: Int
    let to: Int
    let bytes: [UInt8]
}

/// The events to come, the earliest first; of equals the one that was planned first.
///
/// The heap holds numbers only, so that moving its elements counts no references.
struct EventQueue {
    private struct Planned {
        let time: SimulatedTime
        let order: UInt64
        let slot: Int

        func precedes(_ other: Planned) -> Bool {
            self.time != other.time ? self.time < other.time : self.order < other.order
        }
    }

    private var heap: [Planned] = []
    private var events: [SimulatedEvent?] = []
    private var vacant: [Int] = []
    private var planned: UInt64 = 0

    var count: Int { self.heap.count }

    mutating func plan(_ event: SimulatedEvent, at time: SimulatedTime) {
        let slot: Int
        if let free = self.vacant.popLast() {
            slot = free
            self.events[slot] = event
        } else {
            slot = self.events.count
            self.events.append(event)
        }
        let planned = Planned(time: time, order: self.planned, slot: slot)
        self.planned += 1
        self.heap.append(planned)
        var child = self.heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard planned.precedes(self.heap[parent]) else { break }
            self.heap[child] = self.heap[parent]
            child = parent
        }
        self.heap[child] = planned
    }

    mutating func next() -> (time: SimulatedTime, event: SimulatedEvent)? {
        guard let first = self.heap.first, let last = self.heap.popLast() else { return nil }
        if !self.heap.isEmpty { self.sink(last) }
        guard let event = self.events[first.slot] else {
            preconditionFailure("slot \(first.slot) is planned and empty")
        }
        self.events[first.slot] = nil
        self.vacant.append(first.slot)
        return (first.time, event)
    }

    /// Puts an element where the root was and restores the order.
    private mutating func sink(_ element: Planned) {
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < self.heap.count else { break }
            let right = left + 1
            let least =
                right < self.heap.count && self.heap[right].precedes(self.heap[left])
                ? right : left
            guard self.heap[least].precedes(element) else { break }
            self.heap[parent] = self.heap[least]
            parent = least
        }
        self.heap[parent] = element
    }
}
