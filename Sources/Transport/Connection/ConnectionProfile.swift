internal import Wire

/// What all connections of one listener, or one dialled connection, have in common.
final class ConnectionProfile: Sendable {
    /// Which side of the connection this is.
    enum Side: Sendable {
        case server
        case client
    }

    let side: Side
    let limits: TransportLimits
    /// This side's settings.
    let settings: Settings
    /// The frame that carries `settings`, packed once.
    let greeting: [UInt8]

    init(side: Side, limits: TransportLimits, settings: Settings) {
        self.side = side
        self.limits = limits
        self.settings = settings
        self.greeting = settings.encodeFrame(.settings, stream: .connection)
    }
}
