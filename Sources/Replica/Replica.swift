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
    /// Reads that wait for an index.
    var reads: ReadDesk
    /// Changes of the cluster that somebody at this node asked for.
    var administrations: [CallID: PendingAdministration] = [:]
    /// The change that this node is making as the leader.
    var job: AdministrationJob?
    var acquaintances = Acquaintances()
    var haltReason: HaltReason?
    var stopping: Stopping?
    var stopOutcome: StopOutcome?
    var isStopAnswered = false
    var leadershipWatch = LeadershipWatch()
    /// What this node does on its own while it leads.
    var duties = Duties()

    var sender: SnapshotSender
    var receiver: SnapshotReceiver
    var compactor: Compactor
    /// Every so often it is looked whether the log may be compacted.
    var isCompactionDue = false
    /// What is sent after everything else of the turn.
    var snapshotSends: [PeerSend] = []
    /// What the core decided last, empty: only its buffers matter.
    var ready = Ready()
    /// Whether a snapshot took the state's place since the last publication.
    var isReplaced = false

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
        self.recordedThrough = store.applied
        self.ledgerApplied = store.applied
        self.cluster = ClusterView(raft, bootstrap: configuration.bootstrap)
        self.topology = self.cluster.topology
        self.links = PeerLinks()
        self.outboxes = Outboxes(diskID: configuration.local.diskID)
        self.nextVitals = now
        self.reads = ReadDesk(incarnation: configuration.incarnation)
        self.sender = SnapshotSender(
            bytesPerSecond: configuration.snapshotBytesPerSecond,
            now: now
        )
        self.receiver = SnapshotReceiver(partial: configuration.partialSnapshot)
        self.compactor = Compactor(policy: configuration.compaction, applied: raft.applied)
        self.followTopology()
    }

    /// When `tick` must be called next, if nothing else happens.
    package var nextDeadline: Tick {
        let now = self.lastTick
        guard self.haltReason == nil else { return self.nextVitals }
        let due = min(
            self.raft.nextDeadline,
            self.nextVitals,
            min(self.reads.nextDeadline(after: now), self.sender.nextDeadline(after: now))
        )
        guard !self.waiting.isEmpty, self.forwardNotBefore > self.lastTick else { return due }
        return min(due, self.forwardNotBefore)
    }

    /// Whether writes must wait until the record store has caught up.
    var isLedgerBehind: Bool { self.ledgerLag > ReplicaLimits.ledgerLagEntriesMax }

    /// Whether nothing more may be applied: what is applied and not recorded is held in memory,
    /// and a record store whose disk is full records nothing.
    var isApplyBlocked: Bool { self.ledgerLag > ReplicaLimits.unrecordedEntriesMax }

    private var ledgerLag: UInt64 {
        self.store.applied.rawValue - self.ledgerApplied.rawValue
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
    /// Whether it goes before all others.
    let isUrgent: Bool
    let acceptedAt: Tick
    /// Whether a leader was given it: then nobody can tell whether it will commit.
    var isHandedOver = false
    /// How many leaders were given it and did not refuse it: with any, it may be in a log.
    var copies = 0
}

// MARK: - Time and links

extension Replica {
    /// Time has passed.
    ///
    /// `wallTime` is what dates and releases go by; it may jump either way.
    package mutating func tick(_ now: Tick, wallTime: Timestamp) {
        self.lastTick = now
        let isVitalsDue = now >= self.nextVitals
        if isVitalsDue { self.nextVitals = now + ReplicaLimits.vitalsIntervalMilliseconds }
        guard self.haltReason == nil else { return }
        self.raft.tick(now)
        guard isVitalsDue else { return }
        self.sendVitals()
        self.expireWaiting(now)
        self.expireRouted(now)
        self.expireReads(now)
        self.maintainDirectory(now: now)
        self.followPriority(now)
        self.isCompactionDue = true
        self.duties.dueAt = wallTime
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
        self.sender.disconnected(peer)
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
        guard self.haltReason == nil, self.admits(peer, diskID: batch.diskID, now: now) else {
            return
        }
        if let refusal = batch.refusal { self.takeRefusal(refusal, from: peer) }
        self.links.heard(peer, now: now, vitals: batch.vitals)
        self.acquaintances.heard(
            peer,
            diskID: batch.diskID,
            introduction: batch.introduction
        )
        for message in batch.raft where message.from == peer {
            // Like a message that was lost: the leader sends the entries again, and again, until
            // there is room. Its heartbeats are answered all the while.
            if self.isApplyBlocked, message.hasEntries { continue }
            self.raft.step(message, now: now)
        }
        self.proposeForwarded(batch.forwards, from: peer, now: now, wallTime: wallTime)
        for refusal in batch.refusals { self.refused(refusal, by: peer, now: now) }
        for request in batch.evaluations {
            self.answer(request, from: peer, wallTime: wallTime)
        }
        for answer in batch.answers { self.complete(answer, from: peer) }
        self.receiveClusterWork(batch, from: peer, now: now)
    }

    private mutating func receiveClusterWork(
        _ batch: PeerBatch,
        from peer: NodeID,
        now: Tick
    ) {
        for request in batch.administration { self.carryOut(request, from: peer, now: now) }
        for answer in batch.administrationAnswers { self.take(answer, now: now) }
        if let offer = batch.snapshotOffer { self.take(offer, from: peer) }
        if let chunk = batch.snapshotChunk { self.receiver.received(chunk, from: peer) }
        if let status = batch.snapshotStatus { self.take(status, from: peer, now: now) }
    }
}

extension Message {
    /// Whether it brings entries of the log.
    fileprivate var hasEntries: Bool {
        if case .appendRequest(let append) = self.body { !append.entries.isEmpty } else { false }
    }
}
