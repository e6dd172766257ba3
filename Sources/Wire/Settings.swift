internal import CMessages

/// What one side of a connection is and allows: the first frame of each side, and only the first.
package struct Settings: Hashable, Sendable {
    /// The version that this code speaks.
    package static let protocolMajor: UInt32 = 1
    /// Grows with every compatible addition.
    package static let protocolMinor: UInt32 = 0

    /// Must be equal on both sides.
    package var protocolMajor: UInt32
    /// The lower of both sides' is spoken.
    package var protocolMinor: UInt32
    /// The largest payload that the sender accepts.
    package var frameBytesMax: UInt32
    /// How many calls the sender accepts at once.
    package var streamsMax: UInt32
    /// After how much silence the sender wants to be pinged; 0 means never.
    package var keepaliveMilliseconds: UInt32
    /// The cluster that the sender belongs to or wants; empty when it does not care.
    package var cluster: String
    /// The sender's node id; 0 for a client.
    package var nodeID: UInt64
    /// Where the sender is, empty when it does not say.
    package var region: String
    /// A bearer token; empty when the certificate says who the sender is.
    package var sessionToken: [UInt8]
    /// How many DATA frames the sender takes on a new call before it grants more.
    package var initialCredit: UInt32

    package init(
        limits: WireLimits,
        keepaliveMilliseconds: UInt32 = 0,
        cluster: String,
        nodeID: UInt64 = 0,
        region: String = "",
        sessionToken: [UInt8] = []
    ) {
        self.protocolMajor = Self.protocolMajor
        self.protocolMinor = Self.protocolMinor
        self.frameBytesMax = UInt32(limits.frameBytesMax)
        self.streamsMax = UInt32(clamping: limits.streamsMax)
        self.keepaliveMilliseconds = keepaliveMilliseconds
        self.cluster = cluster
        self.nodeID = nodeID
        self.region = region
        self.sessionToken = sessionToken
        self.initialCredit = limits.initialCredit
    }

    /// Throws `incompatible` unless a connection between the two can be used.
    package func checkCompatible(with other: Settings) throws(WireError) {
        guard self.protocolMajor == other.protocolMajor else {
            throw WireError(
                code: .incompatible,
                message: "protocol \(other.protocolMajor), this side speaks \(self.protocolMajor)"
            )
        }
        let isSameCluster = self.cluster == other.cluster
        guard self.cluster.isEmpty || other.cluster.isEmpty || isSameCluster else {
            throw WireError(
                code: .incompatible,
                message: "cluster '\(other.cluster)', this side is of '\(self.cluster)'"
            )
        }
    }
}

extension Settings: WireMessage {
    package func build(in arena: Arena) -> BuiltMessage {
        BuiltMessage(
            arena.message(bandera__wire__v1__settings__init) { message in
                message.protocol_major = self.protocolMajor
                message.protocol_minor = self.protocolMinor
                message.frame_bytes_max = self.frameBytesMax
                message.streams_max = self.streamsMax
                message.keepalive_ms = self.keepaliveMilliseconds
                message.cluster = arena.bytes(self.cluster)
                message.node_id = self.nodeID
                message.region = arena.bytes(self.region)
                message.session_token = arena.bytes(self.sessionToken)
                message.initial_credit = self.initialCredit
            }
        )
    }

    package static func decode(
        _ bytes: UnsafeRawBufferPointer,
        using arena: Arena
    ) throws(WireError) -> Settings {
        try arena.unpack(bytes, with: bandera__wire__v1__settings__unpack) {
            (message) throws(WireError) -> Settings in
            try Settings(message.pointee)
        }
    }

    private init(_ message: Bandera__Wire__V1__Settings) throws(WireError) {
        let nameBytesMax = 256
        self.protocolMajor = message.protocol_major
        self.protocolMinor = message.protocol_minor
        self.frameBytesMax = try Self.frameBytesMax(received: message.frame_bytes_max)
        self.streamsMax =
            message.streams_max > 0 ? message.streams_max : UInt32(WireLimits.client.streamsMax)
        self.keepaliveMilliseconds = message.keepalive_ms
        self.cluster = try message.cluster.string(byteCountMax: nameBytesMax, "cluster")
        self.nodeID = message.node_id
        self.region = try message.region.string(byteCountMax: nameBytesMax, "region")
        self.sessionToken = message.session_token.array()
        self.initialCredit =
            message.initial_credit > 0
            ? min(message.initial_credit, WireLimits.creditMax) : WireLimits.client.initialCredit
    }

    /// Lowers what is more than any frame may carry; refuses what is too little.
    private static func frameBytesMax(received: UInt32) throws(WireError) -> UInt32 {
        if received == 0 { return UInt32(WireLimits.client.frameBytesMax) }
        guard Int(received) >= WireLimits.frameBytesFloor else {
            throw WireError(
                code: .outOfRange,
                message: "frames of at most \(received) bytes are too small, the least is "
                    + "\(WireLimits.frameBytesFloor)"
            )
        }
        return min(received, UInt32(WireLimits.frameBytesCeiling))
    }
}
