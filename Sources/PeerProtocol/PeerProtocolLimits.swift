/// Every bound of what nodes say to each other.
package enum PeerProtocolLimits {
    /// How many Raft messages a batch may hold.
    package static let messagesMax = 4096
    /// How many entries an append may hold.
    package static let entriesMax = 65_536
    /// How many forwards, refusals, routed requests or routed answers a batch may hold, each.
    package static let routedMax = 65_536
    /// The largest payload of an entry: the largest request of a client, and what a command adds.
    package static let payloadBytesMax = (1 << 20) + (4 << 10)
    /// No honest term, index or round comes near this.
    ///
    /// Refusing larger ones here keeps arithmetic on them from overflowing anywhere else.
    package static let counterMax: UInt64 = 1 << 62
    /// The longest name of an actor or an organization.
    package static let nameBytesMax = 512

    /// Members of a directory, as many as the core allows.
    package static let membersMax = 64
    /// Removed nodes that a directory remembers; then nothing more may be removed.
    package static let retiredMax = 10_000
    /// The longest name, region or zone of a node.
    package static let memberNameBytesMax = 128
    /// The longest `host:port`: a DNS name has at most 253 bytes.
    package static let addressBytesMax = 261
    /// How many requests or answers of administration a batch may hold, each.
    package static let administrationMax = 256
    /// The largest part of a snapshot.
    package static let chunkBytesMax = 256 << 10
    /// The largest snapshot.
    package static let snapshotBytesMax: UInt64 = 1 << 40
}
