/// One node's consensus core: elections, replication and commitment, without any I/O.
///
/// A pure state machine in the shape of etcd's `RawNode`: the same inputs give the same outputs.
/// Feed it any number of inputs, then take one `Ready` and perform it. Time enters as an argument
/// and never runs backwards; randomness is seeded.
///
/// What peers say is checked and, where it makes no sense, ignored. What the shell says is
/// trusted: a contradiction traps.
package struct RaftNode: Sendable {
    /// This node.
    package var id: NodeID { self.configuration.id }
    /// What the node is in `term`.
    package internal(set) var role: Role
    /// The current term (Raft paper §5.1).
    package internal(set) var term: Term
    /// Whom this node gave its vote in `term`; kept for the whole term (Raft paper §5.2).
    package internal(set) var vote: NodeID?
    /// The leader of `term`, if it is known and was not seen to disconnect.
    package internal(set) var leader: NodeID? {
        didSet { if self.leader != oldValue { self.dropForwardedReads() } }
    }
    /// The last entry known to be committed.
    package internal(set) var commit: LogIndex
    /// The last entry that the shell reported applied.
    package internal(set) var applied: LogIndex
    /// The last entry known to be durable on this node.
    package internal(set) var stable: LogIndex
    /// Who belongs to the cluster: the newest configuration in the log, committed or not.
    package internal(set) var members: Configuration
    /// The newest membership in the log, which is in effect whether it is committed or not.
    package var membership: Membership { self.memberships[self.memberships.count - 1] }
    /// To whom this node, as the leader, is handing leadership over.
    package internal(set) var transferTarget: NodeID?
    /// The last heartbeat round that was sent as leader; 0 before the first.
    package internal(set) var round: UInt64 = 0

    let configuration: RaftConfiguration
    var log: EntryLog
    /// Every membership since the one at the log's base, ascending; the last is in effect.
    var memberships: [Membership]
    var random: SplitMix64
    /// The latest time that any input carried.
    var now: Tick

    // Elections.
    var electionDeadline = Tick.never
    /// When the leader of `term` was last heard.
    var leaderContact: Tick
    /// Who was promised this node's pre-vote last, and until when nobody else is.
    var preVoteHolder: NodeID?
    var preVoteHeldUntil = Tick(0)
    /// How often this node still asks again soon, instead of after a whole timeout.
    var fastPreVotesLeft = 0
    /// Until when this node elects nobody but an heir, because a leader may hold a lease.
    var voteHeldUntil = Tick(0)
    var tally = VoteTally()

    // Following: the last entry known to equal the leader's of this term. At most `log.last`.
    var verified = LogIndex.zero

    // Leading. Everybody but this node, ascending; empty unless leader.
    var peers: [Progress] = []
    var nextHeartbeat = Tick.never
    var quorumDeadline = Tick.never
    /// The first entry of the own term.
    var termStart = LogIndex.zero
    /// When a transfer that has not succeeded is given up.
    var transferDeadline = Tick.never
    /// Whether the heir was told to campaign and has shown no sign of not having heard.
    var isTimeoutNowSent = false
    /// Set once another node was told to campaign: no lease in this term any more.
    var isLeaseGivenUp = false
    /// Reads that wait, in order of arrival.
    var reads: [PendingRead] = []
    /// How many of them, from the front, have a round.
    var readsInRound = 0
    /// When each of the last rounds was sent, by round modulo their number.
    var roundsSent: [Tick]

    // Following: reads sent to the leader, in order; and the snapshot that replaces the log.
    var forwardedReads: [ForwardedRead] = []
    /// One at most; a list, because copies of an optional one cost every step a dozen counts.
    var installing: [SnapshotPosition] = []
    var isInstallHanded = false

    // Storage. `stable <= issued <= log.last` and `handed <= min(commit, stable)`.
    var issued: LogIndex
    var handed: LogIndex
    var isHardStateUnsaved = false
    var durable: HardState
    var pending: [PendingPersist] = []
    /// Sent once everything that is not yet issued is durable, however many hand-overs it takes.
    var withheld: [Message] = []
    var nextToken = PersistToken(1)

    // What the next `Ready` takes along.
    var outbox: [Message] = []
    var fetches: [FetchRequest] = []
    var readResults: [ReadResult] = []
    var snapshotsWanted: [NodeID] = []
    /// Set when there may be something to replicate: appends are built once per `Ready`, so that
    /// all proposals of a loop turn share them.
    var needsFlush = false

    /// Starts a node from what its disk holds.
    ///
    /// The configuration MUST be valid, see `RaftConfiguration.validated()`.
    package init(configuration: RaftConfiguration, restored: RestoredLog, now: Tick) {
        do throws(RaftError) {
            self.configuration = try configuration.validated()
        } catch {
            preconditionFailure("invalid configuration: \(error)")
        }
        precondition(restored.applied <= restored.last.index, "applied beyond the log: \(restored)")
        precondition(
            restored.last.term <= restored.hardState.term,
            "entries of \(restored.last.term) without their hard state: \(restored.hardState)"
        )
        let bootstrap = Membership(
            index: .zero,
            configuration: Configuration(
                voters: configuration.voters,
                learners: configuration.learners
            ),
            context: configuration.bootstrapContext
        )
        self.memberships = restored.memberships
        if restored.memberships.first.map({ $0.index > restored.base.index }) ?? true {
            precondition(restored.base == .zero, "no membership at \(restored.base)")
            self.memberships.insert(bootstrap, at: 0)
        }
        self.members = self.memberships[self.memberships.count - 1].configuration
        self.role = .follower
        self.term = restored.hardState.term
        self.vote = restored.hardState.vote
        self.log = EntryLog(restored: restored)
        self.stable = restored.last.index
        self.issued = restored.last.index
        self.applied = restored.applied
        self.handed = restored.applied
        // A hint: durable entries only, and never less than the state machine has.
        self.commit = max(restored.applied, min(restored.hardState.commit, restored.last.index))
        self.durable = restored.hardState
        self.now = now
        self.leaderContact = now
        self.random = SplitMix64(seed: configuration.seed ^ (configuration.id.rawValue << 32))
        self.roundsSent = Array(repeating: .never, count: RaftLimits.heartbeatRoundsMax)
        for entry in restored.tail where entry.index > self.membershipIndex {
            self.noteMembership(entry)
        }
        self.role = self.restingRole
        self.armElectionTimer()
        // Nobody else can be elected, so there is nothing to wait for.
        if self.isSoleVoter { self.electionDeadline = now }
        // It may have answered a heartbeat just before it stopped: also of a leader that was being
        // removed, and left it alone.
        if restored.hardState.term > .zero { self.holdVote() }
    }

    // MARK: Queries

    /// The position of the last entry, durable or not.
    package var last: LogPosition { self.log.last }

    /// When `tick` must be called at the latest.
    package var nextDeadline: Tick {
        guard self.role == .leader else { return self.electionDeadline }
        let transferDeadline = self.transferTarget == nil ? .never : self.transferDeadline
        return min(
            self.nextHeartbeat,
            self.quorumDeadline,
            self.stallDeadline,
            transferDeadline
        )
    }

    /// Whether `takeReady` may return something.
    ///
    /// Constant time.
    package var hasReady: Bool {
        self.needsFlush || !self.outbox.isEmpty || !self.fetches.isEmpty || self.canPersist
            || !self.readResults.isEmpty || !self.snapshotsWanted.isEmpty
            || self.canStartReadRound || self.canInstall
            || (self.handed < min(self.commit, self.stable) && self.installing.isEmpty)
    }

    /// The entry that made the membership in effect.
    var membershipIndex: LogIndex { self.memberships[self.memberships.count - 1].index }

    /// Whether this node counts in elections and commitment.
    package var isVoter: Bool { self.members.isVoter(self.id) }

    /// What is known of every peer, ascending by identity.
    ///
    /// Empty unless this node leads.
    package var progress: [Progress] { self.peers }

    /// What is known of one peer; `nil` unless this node leads.
    package func progress(of peer: NodeID) -> Progress? {
        self.index(of: peer).map { self.peers[$0] }
    }

    /// The bytes of entries that this node holds and that are not known to be committed.
    package var uncommittedBytes: Int { self.log.bytes(after: self.commit) }

    /// The bytes of entries that this node holds in memory.
    package var cachedBytes: Int { self.log.cachedBytes }

    /// When the last heartbeat round was *sent* that a quorum has acknowledged in this term.
    ///
    /// No other leader was elected before; what read leases are dated by (dissertation §6.4.1).
    package var quorumConfirmed: Tick? {
        guard self.role == .leader else { return nil }
        let reached = self.members.quorum.reached { node in
            node == self.id ? self.now : self.progress(of: node)?.confirmed ?? Tick(0)
        }
        return reached == Tick(0) ? nil : reached
    }

    // MARK: Inputs without a file of their own

    /// Lets time pass: heartbeats, elections, check-quorum.
    ///
    /// Call it at `nextDeadline`.
    package mutating func tick(_ now: Tick) {
        self.advance(to: now)
        if self.role == .leader {
            self.tickLeader()
        } else if self.electionDeadline <= self.now {
            self.armElectionTimer()
            if self.isVoteHeld, self.leader == nil { self.hastenPreVote() }
            self.startPreVote()
        }
    }

    /// Reports that entries were applied; the memory that held them may be released.
    ///
    /// A report from before a snapshot was installed is ignored.
    package mutating func applied(through index: LogIndex) {
        guard index > self.log.base.index else { return }
        precondition(
            index <= self.handed,
            "\(index) was applied but only \(self.handed) handed out"
        )
        precondition(index >= self.applied, "applied went back from \(self.applied) to \(index)")
        self.applied = index
    }

    // MARK: Shared by the other files

    /// The clock never runs backwards, whatever the shell measured.
    mutating func advance(to now: Tick) {
        precondition(now != .never, "never is not a time")
        self.now = max(self.now, now)
    }

    func index(of peer: NodeID) -> Int? { self.peers.firstIndex { $0.id == peer } }

    mutating func send(_ body: Message.Body, to peer: NodeID) {
        precondition(peer != self.id, "\(self.id) talks to itself")
        self.outbox.append(Message(from: self.id, to: peer, term: self.term, body: body))
    }
}
