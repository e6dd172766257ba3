/// What a leader knows about one peer's log (Raft paper §5.3).
package struct Progress: Hashable, Sendable {
    /// How entries are sent.
    package enum State: Hashable, Sendable {
        /// The logs' last common entry is unknown: one append at a time.
        case probe
        /// The logs agree through `match`: appends are pipelined.
        case replicate
        /// The entries it needs are gone: it waits for a snapshot.
        case snapshot
    }

    /// The peer.
    package let id: NodeID
    /// The last entry known to be durable there in this term.
    ///
    /// Never regresses.
    package internal(set) var match = LogIndex.zero
    /// The next entry to send.
    ///
    /// Always after `match`.
    package internal(set) var next: LogIndex
    /// How entries are sent.
    package internal(set) var state = State.probe
    /// When it last answered in this term.
    package internal(set) var lastHeard: Tick
    /// When the last heartbeat round that it acknowledged was *sent*: what a lease is dated by.
    package internal(set) var confirmed: Tick?
    /// The last heartbeat round that it acknowledged.
    var acknowledgedRound: UInt64 = 0

    /// What the snapshot that it waits for holds at least.
    var snapshotThrough = LogIndex.zero
    /// Set while a probe is unanswered: nothing else is sent.
    var isProbePaused = false
    /// The greatest commit index that was sent.
    var commitSent = LogIndex.zero
    /// When the last append was sent.
    var lastAppend: Tick
    /// When it last acknowledged an append, or when the oldest unacknowledged one was sent.
    var lastAcknowledged: Tick
    /// The entries that storage is asked for on its behalf.
    var fetch: FetchRequest?
    /// The last entry that was read from disk for it: its term may not be known otherwise.
    var fetchedLast: LogPosition?
    var inflight: Inflight

    init(id: NodeID, next: LogIndex, now: Tick, inflight: Inflight) {
        precondition(next > .zero, "there is no entry 0 to send")
        precondition(inflight.isEmpty, "a new peer has nothing in flight")
        self.id = id
        self.next = next
        self.lastHeard = now
        self.lastAppend = now
        self.lastAcknowledged = now
        self.inflight = inflight
    }

    /// Whether no append may be sent now.
    var isPaused: Bool {
        switch self.state {
        case .probe: self.isProbePaused || self.fetch != nil
        case .replicate: self.inflight.isFull || self.fetch != nil
        case .snapshot: true
        }
    }

    /// Whether the peer will answer something that was sent.
    var isAwaited: Bool { !self.inflight.isEmpty || self.isProbePaused || self.fetch != nil }

    /// Records an append of the entries through `last`; `nil` if it carried none.
    mutating func sent(through last: LogIndex?, bytes: Int, now: Tick) {
        precondition(self.state != .snapshot, "\(self.id) waits for a snapshot")
        if self.inflight.isEmpty { self.lastAcknowledged = now }
        self.lastAppend = now
        if self.state == .probe { self.isProbePaused = true }
        guard let last, self.state == .replicate else { return }
        precondition(last >= self.next, "\(self.id) was sent \(last) twice, next is \(self.next)")
        self.inflight.add(last: last, bytes: bytes)
        self.next = last.next
    }

    /// Takes an acknowledgement; returns whether `match` advanced.
    ///
    /// A peer that waits for a snapshot is sent entries again only when they can be had: until
    /// then every acknowledgement would ask for another snapshot (openraft cf4badd0).
    mutating func accepted(_ match: LogIndex, firstAvailable: LogIndex, now: Tick) -> Bool {
        // A stale acknowledgement names less than is known already (etcd-io/raft#149).
        guard match >= self.match else { return false }
        let advanced = match > self.match
        self.match = match
        self.next = max(self.next, match.next)
        self.inflight.acknowledge(through: match)
        if self.state == .probe || advanced { self.lastAcknowledged = now }
        if self.state == .probe || (self.state == .snapshot && match.next >= firstAvailable) {
            self.startReplicating()
        }
        precondition(self.next > self.match, "\(self.id): next \(self.next), match \(self.match)")
        return advanced
    }

    /// Takes a rejection; returns whether it was news.
    ///
    /// `agreed` is where the logs may agree.
    mutating func rejected(previous: LogIndex, agreed: LogIndex) -> Bool {
        guard previous > self.match else { return false }
        switch self.state {
        case .snapshot:
            return false
        case .replicate:
            // Something sent before was lost: everything after `match` is sent again.
            guard previous < self.next else { return false }
            self.startProbing()
        case .probe:
            guard previous == self.next.previous else { return false }
            self.next = max(min(previous, agreed.next), self.match.next)
            self.isProbePaused = false
            self.fetch = nil
        }
        precondition(self.next > self.match, "\(self.id): next \(self.next), match \(self.match)")
        return true
    }

    /// Whatever was in flight may be lost: starts again after `match`, or later if told so.
    mutating func startProbing(from first: LogIndex = .zero) {
        self.state = .probe
        self.next = max(self.match.next, first)
        self.isProbePaused = false
        self.fetch = nil
        self.inflight.removeAll()
    }

    /// What it needs is gone: nothing is sent until it has a snapshot.
    mutating func startWaitingForSnapshot(through base: LogIndex) {
        self.state = .snapshot
        self.snapshotThrough = base
        self.isProbePaused = false
        self.fetch = nil
        self.inflight.removeAll()
    }

    private mutating func startReplicating() {
        self.state = .replicate
        self.next = self.match.next
        self.isProbePaused = false
        self.fetch = nil
        self.inflight.removeAll()
    }
}
