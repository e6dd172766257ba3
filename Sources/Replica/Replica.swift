package import FlagStore
package import Flags
package import PeerProtocol
package import Raft
internal import Wire

/// What a node does, without doing it: consensus, the state machine, the calls that wait for it,
/// and where an evaluation is sent.
///
/// Performs no I/O and reads no clock.
///
/// A shell feeds it everything that happened since the last turn and then performs what `turn`
/// returns. The simulator is another such shell.
package struct Replica {
    package let configuration: ReplicaConfiguration
    package internal(set) var raft: RaftNode
    package internal(set) var store: FlagStore

    /// Writes accepted here and not yet answered, by call.
    var pending: [CallID: PendingProposal] = [:]
    var pendingBytes = 0
    /// Calls among `pending` that no leader has been given yet, oldest first.
    var waiting: [CallID] = []
    /// After a refusal nothing is forwarded before this: the cluster is between two leaders, and
    /// writes that bounce between nodes would only keep it busy.
    var forwardNotBefore = Tick(0)
    /// Evaluations in flight to other nodes.
    var routed: [CallID: RoutedTarget] = [:]
    var links: PeerLinks
    var outboxes: Outboxes
    /// Who is who, by the newest and by the newest committed configuration.
    var cluster: ClusterView
    package internal(set) var topology: Topology
    var isTopologyNews = true

    /// The leadership under which `pending` was last handed over.
    var leadership = Leadership(term: .zero, leader: nil)
    /// The last index of this node's log that is durable here.
    var durable: LogIndex
    /// The last index of each batch handed to the log thread, in order.
    var persisting: [PersistToken: LogIndex] = [:]
    /// Applied, and perhaps not yet durable here: held back from the record store.
    var unrecorded: [AppliedRecord] = []
    var recordedThrough: Revision
    var ledgerApplied: Revision
    /// Gathered for the turn's answer.
    var replies: [Reply] = []
    var changes: [Change] = []
    var nextVitals: Tick
    var lastTick = Tick(0)
    /// Memory for the messages inside log entries; shared by copies of this value, so a replica
    /// MUST stay on one thread.
    let arena = Arena()

    /// A replica whose store already holds everything up to the log's applied index.
    package init(
        configuration: ReplicaConfiguration,
        raft: RaftNode,
        store: FlagStore,
        now: Tick
    ) {
        precondition(raft.id == configuration.local.id, "the core belongs to \(raft.id)")
        precondition(
            raft.applied.rawValue == store.applied.rawValue,
            "the store is at \(store.applied), the core has applied \(raft.applied)"
        )
        self.configuration = configuration
        self.raft = raft
        self.store = store
        self.durable = raft.last.index
        self.recordedThrough = store.applied
        self.ledgerApplied = store.applied
        self.cluster = ClusterView(raft, bootstrap: configuration.bootstrap)
        self.topology = self.cluster.topology
        self.links = PeerLinks(peers: [])
        self.outboxes = Outboxes(diskID: configuration.local.diskID)
        self.nextVitals = now
        self.followTopology()
    }

    /// When `tick` must be called next, if nothing else happens.
    package var nextDeadline: Tick {
        let due = min(self.raft.nextDeadline, self.nextVitals)
        guard !self.waiting.isEmpty, self.forwardNotBefore > self.lastTick else { return due }
        return min(due, self.forwardNotBefore)
    }

    /// Whether writes must wait until the record store has caught up.
    var isLedgerBehind: Bool {
        self.store.applied.rawValue - self.ledgerApplied.rawValue
            > ReplicaLimits.ledgerLagEntriesMax
    }
}

/// Who leads, as far as this node knows.
struct Leadership: Equatable, Sendable {
    var term: Term
    var leader: NodeID?
}

/// A write that somebody waits for.
struct PendingProposal: Sendable {
    /// The whole log payload, so that it can be handed to the next leader as it is.
    let payload: [UInt8]
    /// Whether the state machine would recognise a second copy.
    let isRepeatable: Bool
    let acceptedAt: Tick
    /// Whether a leader was given it: then nobody can tell whether it will commit.
    var isHandedOver = false
    /// How many leaders were given it and did not refuse it: with any, it may be in a log.
    var copies = 0
}

// MARK: - Time and links

extension Replica {
    /// Time has passed.
    package mutating func tick(_ now: Tick) {
        self.lastTick = now
        self.raft.tick(now)
        if now >= self.nextVitals {
            self.nextVitals = now + ReplicaLimits.vitalsIntervalMilliseconds
            self.sendVitals()
            self.expireWaiting(now)
            self.expireRouted(now)
        }
    }

    /// Frames to this peer may flow.
    package mutating func peerConnected(_ peer: NodeID, now: Tick) {
        self.links.setUp(peer, true, now: now)
    }

    /// The connection that this peer opened closed: most likely its process died.
    ///
    /// Frames to it flow until `peerDisconnected` says otherwise.
    package mutating func peerClosed(_ peer: NodeID, now: Tick) {
        self.raft.peerDisconnected(peer, now: now)
    }

    /// The connection to this peer closed, and with it went what was on its way.
    package mutating func peerDisconnected(_ peer: NodeID, now: Tick) {
        self.links.setUp(peer, false, now: now)
        self.raft.peerDisconnected(peer, now: now)
        self.failRouted(to: peer)
        if self.leadership.leader == peer { self.takeBackHandedOver(onlyRepeatable: true) }
    }

    /// The shell measured a round trip to a peer.
    package mutating func measured(_ peer: NodeID, roundTripMicroseconds: UInt64) {
        self.links.setRoundTrip(peer, microseconds: roundTripMicroseconds)
    }

    /// A batch arrived on the link of an authenticated peer.
    package mutating func receive(
        _ batch: PeerBatch,
        from peer: NodeID,
        now: Tick,
        wallTime: Timestamp
    ) {
        self.links.heard(peer, now: now, vitals: batch.vitals)
        for message in batch.raft where message.from == peer {
            self.raft.step(message, now: now)
        }
        self.proposeForwarded(batch.forwards, from: peer, now: now)
        for refusal in batch.refusals { self.refused(refusal, by: peer, now: now) }
        for request in batch.evaluations {
            self.answer(request, from: peer, wallTime: wallTime)
        }
        for answer in batch.answers { self.complete(answer, from: peer) }
    }
}

// MARK: - The log and the record store

extension Replica {
    /// Everything of a batch is durable.
    package mutating func persisted(_ token: PersistToken, now: Tick) {
        if let last = self.persisting.removeValue(forKey: token) { self.durable = last }
        self.raft.persisted(token, now: now)
    }

    /// Entries that the core asked for were read.
    package mutating func fetched(_ request: FetchRequest, entries: [Entry], now: Tick) {
        self.raft.fetched(request, entries: entries, now: now)
    }

    /// The record store holds everything up to `revision`.
    package mutating func recorded(through revision: Revision) {
        precondition(revision >= self.ledgerApplied, "the record store went back to \(revision)")
        self.ledgerApplied = revision
    }

    /// Ends the turn: what has been decided since the last one.
    package mutating func turn(_ now: Tick) -> Turn {
        var turn = Turn()
        self.followLeadership()
        self.handOverWaiting(now)
        let before = self.store.applied
        while self.raft.hasReady {
            let ready = self.raft.takeReady()
            if let persist = ready.persist {
                self.persisting[persist.token] = persist.entries.last?.index ?? self.lastPersisting
                turn.persists.append(persist)
            }
            for message in ready.messages { self.outboxes.add(message) }
            turn.fetches.append(contentsOf: ready.fetches)
            if !ready.committed.isEmpty { self.apply(ready.committed, now: now) }
            self.followLeadership()
            self.handOverWaiting(now)
        }
        if self.store.applied > before {
            turn.publication = Publication(store: self.store, changes: self.changes)
            self.changes.removeAll(keepingCapacity: true)
        }
        self.followMembership()
        if self.isTopologyNews {
            turn.topology = self.topology
            self.isTopologyNews = false
        }
        turn.sends = self.outboxes.drain()
        turn.replies = self.replies
        self.replies.removeAll(keepingCapacity: true)
        self.releaseRecords(into: &turn)
        return turn
    }

    /// The durable end of the log once everything handed out so far is durable.
    private var lastPersisting: LogIndex {
        guard let latest = self.persisting.keys.max() else { return self.durable }
        return self.persisting[latest] ?? self.durable
    }

    /// The record store may never be ahead of this node's own durable log: after a power failure
    /// the log would lack entries that the store has already counted as applied.
    private mutating func releaseRecords(into turn: inout Turn) {
        let safe = min(self.store.applied, Revision(self.durable.rawValue))
        guard safe > self.recordedThrough else { return }
        let count = self.unrecorded.firstIndex { $0.revision > safe } ?? self.unrecorded.count
        turn.records = Array(self.unrecorded[..<count])
        self.unrecorded.removeFirst(count)
        turn.recordedThrough = safe
        self.recordedThrough = safe
    }
}
