/// What one node is told before it starts.
///
/// All durations are milliseconds.
package struct RaftConfiguration: Hashable, Sendable {
    /// This node.
    package var id: NodeID
    /// The voting members at the beginning, this node among them unless it only learns.
    ///
    /// Only a node whose log holds no configuration goes by them. If they and `learners` are empty
    /// the node waits until a leader adds it.
    package var voters: [NodeID]
    /// Members at the beginning that receive the log and do not count.
    package var learners: [NodeID]
    /// What the core keeps with the members at the beginning, see `Membership.context`.
    package var bootstrapContext: [UInt8]
    /// How often a leader proves that it lives.
    package var heartbeatInterval: UInt64
    /// The shortest time without a leader after which a follower campaigns, and how long it refuses
    /// to elect another leader (Raft dissertation §4.2.3).
    package var electionTimeoutMin: UInt64
    /// The longest time without a leader before a campaign, and how long a leader goes on without
    /// hearing a quorum.
    package var electionTimeoutMax: UInt64
    /// The longest random wait before the pre-vote that follows a closed leader connection.
    package var fastPreVoteDelayMax: UInt64
    /// Added to every wait before a campaign: greater where no leader is wanted.
    package var electionDelay: UInt64
    /// How long a node that answered a heartbeat elects nobody else; 0 = no lease reads.
    ///
    /// The same on all nodes. Makes failover as slow, so reads use `readIndex` rounds by default.
    package var leaseDuration: UInt64
    /// By how many thousandths the clocks of two nodes may differ in speed.
    package var clockDriftPermille: UInt64
    /// Entries by which the log of a learner may lag when it becomes a voter.
    package var catchUpEntriesMax: UInt64
    /// How long the oldest hand-over to storage may take before a leader gives up leadership.
    package var storageStallMax: UInt64
    /// Appends that may be unacknowledged per peer.
    package var inflightMessagesMax: Int
    /// Bytes of entries that may be unacknowledged per peer.
    ///
    /// One message may exceed it.
    package var inflightBytesMax: Int
    /// Bytes of entries in one append.
    ///
    /// A single larger entry travels alone.
    package var appendBytesMax: Int
    /// Bytes of proposals that a leader takes on before they commit.
    ///
    /// One proposal may exceed it.
    package var uncommittedBytesMax: Int
    /// Bytes of entries kept in memory after they are durable and applied.
    package var cachedBytesMax: Int
    /// Seeds every random choice.
    ///
    /// Nodes SHOULD have different seeds.
    package var seed: UInt64

    package init(
        id: NodeID,
        voters: [NodeID],
        learners: [NodeID] = [],
        bootstrapContext: [UInt8] = [],
        heartbeatInterval: UInt64 = 30,
        electionTimeoutMin: UInt64 = 150,
        electionTimeoutMax: UInt64 = 300,
        fastPreVoteDelayMax: UInt64 = 20,
        electionDelay: UInt64 = 0,
        leaseDuration: UInt64 = 0,
        clockDriftPermille: UInt64 = 50,
        catchUpEntriesMax: UInt64 = 1_000,
        storageStallMax: UInt64 = 5_000,
        inflightMessagesMax: Int = 256,
        inflightBytesMax: Int = 16 << 20,
        appendBytesMax: Int = 1 << 20,
        uncommittedBytesMax: Int = 64 << 20,
        cachedBytesMax: Int = 64 << 20,
        seed: UInt64
    ) {
        self.id = id
        self.voters = voters
        self.learners = learners
        self.bootstrapContext = bootstrapContext
        self.heartbeatInterval = heartbeatInterval
        self.electionTimeoutMin = electionTimeoutMin
        self.electionTimeoutMax = electionTimeoutMax
        self.fastPreVoteDelayMax = fastPreVoteDelayMax
        self.electionDelay = electionDelay
        self.leaseDuration = leaseDuration
        self.clockDriftPermille = clockDriftPermille
        self.catchUpEntriesMax = catchUpEntriesMax
        self.storageStallMax = storageStallMax
        self.inflightMessagesMax = inflightMessagesMax
        self.inflightBytesMax = inflightBytesMax
        self.appendBytesMax = appendBytesMax
        self.uncommittedBytesMax = uncommittedBytesMax
        self.cachedBytesMax = cachedBytesMax
        self.seed = seed
    }

    /// The same configuration, or what is wrong with it.
    ///
    /// `RaftNode` traps on a configuration that this refuses: call it first on anything an
    /// operator wrote.
    package func validated() throws(RaftError) -> RaftConfiguration {
        try self.validateMembers()
        try Self.require(self.heartbeatInterval > 0, "heartbeatInterval must be at least 1 ms")
        try Self.require(
            self.electionTimeoutMin / 2 >= self.heartbeatInterval,
            "electionTimeoutMin must be at least twice heartbeatInterval, better five times"
        )
        try Self.require(
            self.electionTimeoutMax > self.electionTimeoutMin,
            "electionTimeoutMax must exceed electionTimeoutMin, or votes split for ever"
        )
        try Self.require(
            self.electionTimeoutMax <= 3_600_000,
            "electionTimeoutMax must be at most one hour"
        )
        try Self.require(
            self.fastPreVoteDelayMax <= self.electionTimeoutMin,
            "fastPreVoteDelayMax must be at most electionTimeoutMin"
        )
        try Self.require(
            self.storageStallMax >= self.electionTimeoutMax,
            "storageStallMax must be at least electionTimeoutMax"
        )
        try Self.require(
            self.electionDelay <= 3_600_000,
            "electionDelay must be at most one hour"
        )
        try Self.require(
            self.leaseDuration <= self.electionTimeoutMin,
            "leaseDuration must be at most electionTimeoutMin"
        )
        try Self.require(
            self.clockDriftPermille < 1_000,
            "clockDriftPermille must be below 1000"
        )
        try Self.require(
            (1...65_536).contains(self.inflightMessagesMax),
            "inflightMessagesMax must be within 1...65536"
        )
        let bytes = [
            self.inflightBytesMax, self.appendBytesMax, self.uncommittedBytesMax,
            self.cachedBytesMax,
        ]
        try Self.require(
            bytes.allSatisfy { (1...(1 << 40)).contains($0) },
            "inflightBytesMax, appendBytesMax, uncommittedBytesMax and cachedBytesMax must be "
                + "within 1 byte and 1 TiB"
        )
        return self
    }

    private func validateMembers() throws(RaftError) {
        let members = self.voters + self.learners
        try Self.require(self.id.rawValue > 0, "a node identity must not be 0")
        try Self.require(
            self.bootstrapContext.count <= RaftLimits.membershipContextBytesMax,
            "bootstrapContext must be at most \(RaftLimits.membershipContextBytesMax) bytes"
        )
        // Nobody is named to a node that waits to be added.
        guard !members.isEmpty else { return }
        try Self.require(!self.voters.isEmpty, "voters must name at least one node")
        try Self.require(
            members.count <= RaftLimits.membersMax,
            "a cluster has at most \(RaftLimits.membersMax) members, got \(members.count)"
        )
        try Self.require(
            members.allSatisfy { $0.rawValue > 0 },
            "a node identity must not be 0"
        )
        try Self.require(
            Set(members).count == members.count,
            "voters and learners must name each node once, got \(members)"
        )
        try Self.require(
            members.contains(self.id),
            "\(self.id) must be among the voters or learners"
        )
    }

    private static func require(_ holds: Bool, _ message: String) throws(RaftError) {
        guard holds else { throw RaftError(code: .invalidConfiguration, message: message) }
    }
}
