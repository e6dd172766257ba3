package import NIOCore
package import Wire

/// The bounds of one listener or one client connection: nothing that a peer can grow lacks one.
///
/// What the frames themselves may hold is bounded by `WireLimits`.
package struct TransportLimits: Sendable, Hashable {
    /// Connections that a listener keeps open at once; the next one is closed at once.
    package var connectionsMax = 20_000
    /// Connections that the kernel may hold until they are accepted.
    package var backlog: Int32 = 4_096
    /// What this side accepts of frames, open calls and unasked DATA.
    package var wire: WireLimits
    /// From the accepted (or dialled) socket to the peer's settings, TLS included.
    package var handshakeTimeout = TimeAmount.seconds(5)
    /// Silence after which the peer is pinged.
    ///
    /// Zero turns keep-alive off.
    package var keepAliveInterval = TimeAmount.seconds(10)
    /// Silence after a ping after which the peer is taken for dead.
    package var keepAliveTimeout = TimeAmount.seconds(5)
    /// How often a loop looks at its connections: handshakes, keep-alive, readers that stand still.
    package var tickInterval = TimeAmount.seconds(1)
    /// Bytes waiting for the peer at which `isWritable` becomes false and requests are not read.
    package var outboundHighWaterBytes = 256 << 10
    /// Bytes waiting for the peer at which `isWritable` becomes true again.
    package var outboundLowWaterBytes = 64 << 10
    /// Bytes waiting for the peer at which the connection is cut at once.
    package var outboundBytesMax = 32 << 20
    /// How long a peer may read nothing while more than the high-water mark waits for it.
    package var stalledReaderTimeout = TimeAmount.seconds(10)
    /// The deadline of a call whose caller asked for a later one.
    package var callTimeoutMax = TimeAmount.minutes(10)
    /// How many reads of one socket may follow each other before other sockets get their turn.
    package var readsPerWakeupMax: UInt = 4
    /// The size of the first read buffer of a connection, and of those of an idle one.
    package var readBytesMin = 256
    /// The size to which the read buffer of a busy connection may grow.
    package var readBytesMax = 64 << 10

    /// Makes the limits of an ordinary listener or client; change what differs.
    package init(wire: WireLimits = .client) { self.wire = wire }

    /// Returns the limits if they make sense together, and says which do not otherwise.
    package func validated() throws(TransportError) -> TransportLimits {
        let problem: String? =
            if self.connectionsMax < 1 || self.backlog < 1 {
                "connectionsMax and backlog must be at least 1"
            } else if self.outboundLowWaterBytes < 1
                || self.outboundHighWaterBytes <= self.outboundLowWaterBytes
                || self.outboundBytesMax <= self.outboundHighWaterBytes
            {
                "the outbound bounds must grow: low water, high water, maximum"
            } else if self.readBytesMin < 64 || self.readBytesMax < self.readBytesMin {
                "readBytesMin must be at least 64 and readBytesMax not less than it"
            } else if self.tickInterval <= .zero || self.handshakeTimeout <= .zero
                || self.stalledReaderTimeout <= .zero || self.keepAliveInterval < .zero
                || self.keepAliveTimeout <= .zero || self.callTimeoutMax <= .zero
            {
                "intervals and timeouts must be positive"
            } else if self.readsPerWakeupMax < 1 {
                "readsPerWakeupMax must be at least 1"
            } else {
                nil
            }
        if let problem { throw TransportError(.configuration, "transport limits: \(problem)") }
        return self
    }
}
