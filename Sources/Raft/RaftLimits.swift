/// The bounds of the core that no configuration changes.
package enum RaftLimits {
    /// Terms at or above this are ignored: no election count reaches it, and a forged one must not
    /// be able to overflow the counter.
    package static let termMax = Term(1 << 62)

    /// Indexes at or above this are ignored, for the same reason.
    package static let indexMax = LogIndex(1 << 62)

    /// Hand-overs to storage that may be outstanding.
    ///
    /// Two keep the disk busy while the completion of the first travels back; more would only split
    /// what one fdatasync could have covered.
    package static let persistsInFlightMax = 2

    /// Entries in one hand-over to storage.
    ///
    /// Together with `persistBytesMax` far below what storage takes in one write, even when it
    /// joins all hand-overs that are outstanding.
    package static let persistEntriesMax = 16_384

    /// Bytes of entries in one hand-over to storage, beyond the first entry.
    package static let persistBytesMax = 16 << 20

    /// How often a node asks again soon after its connection to the leader closed: the others may
    /// notice a little later, or have promised their pre-vote to somebody else.
    package static let fastPreVotesMax = 4

    /// Bytes of entries handed out for application in one `Ready`, beyond the first entry.
    package static let committedBytesMax = 4 << 20

    /// What an entry is charged beyond its payload, so that empty entries are bounded too.
    package static let entryOverheadBytes = 48

    /// Heartbeat rounds whose send time is remembered.
    ///
    /// Later answers date nothing.
    package static let heartbeatRoundsMax = 32

    /// Terms whose first index is remembered.
    ///
    /// Older ones are looked up on disk.
    package static let termRunsMax = 4_096

    /// Members of a configuration.
    ///
    /// Quorums are counted without allocation, in O(members squared).
    package static let membersMax = 64

    /// Bytes of the context of a membership.
    package static let membershipContextBytesMax = 256 << 10

    /// Reads that may wait for an index; more are dropped.
    package static let readsMax = 4_096
}
