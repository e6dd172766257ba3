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
}
