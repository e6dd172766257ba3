/// One node's consensus core: elections, replication and commitment, without any I/O.
package struct RaftNode: Sendable {
    package private(set) var id: NodeID
    package private(set) var role = Role.follower
    package private(set) var term = Term.zero
    package private(set) var leader: NodeID?
    package private(set) var commit = LogIndex.zero
    package private(set) var applied = LogIndex.zero
    package private(set) var last = LogPosition.zero
    package private(set) var nextDeadline = Tick.never
    package var hasReady: Bool { false }

    package init(configuration: RaftConfiguration, restored: RestoredLog, now: Tick) {
        self.id = configuration.id
    }
    package mutating func tick(_ now: Tick) {}
    package mutating func step(_ message: Message, now: Tick) {}
    package mutating func propose(_ payloads: [[UInt8]], now: Tick) -> ProposalResult {
        .notLeader(nil)
    }
    package mutating func peerDisconnected(_ peer: NodeID, now: Tick) {}
    package mutating func persisted(_ token: PersistToken, now: Tick) {}
    package mutating func applied(through index: LogIndex) {}
    package mutating func fetched(_ request: FetchRequest, entries: [Entry], now: Tick) {}
    package mutating func takeReady() -> Ready { Ready() }
}
