internal import NIOCore
internal import TLS
internal import Wire

/// The one channel handler above TLS: frames in, frames out, and the life of the connection.
///
/// It exchanges settings, splits what arrives into frames, gathers what is sent into one write per
/// turn, and watches over silence and over readers that stand still. What the frames mean is its
/// receiver's business. Bound to its event loop.
final class FrameHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        /// TLS is not up yet. Can become `greeting` or `closed`.
        case securing
        /// Own settings are sent, the peer's awaited. Can become `open` or `closed`.
        case greeting
        /// Frames flow. Can become `closed`.
        case open
        /// Over; only `FrameReceiver.closed` may still be due.
        case closed
    }

    let loop: TransportLoop
    let profile: ConnectionProfile
    let createdAt: NIODeadline
    /// Where the handler is in its loop's list. Only the loop changes it.
    var slot = -1
    /// Who the peer is, by its certificate.
    private(set) var identity: PeerIdentity?

    private let tls: TLSHandler?
    private var receiver: (any FrameReceiver)?
    private var context: ChannelHandlerContext?
    private var phase = Phase.securing
    private var failure: TransportError?
    private var reader: FrameReader
    private var keepAlive: KeepAlive
    private var inbound = ByteBuffer()
    private var outbound = ByteBuffer()
    private var stall = StallWatch()
    private var directTurn: UInt32?
    private var isReading = false
    private var isFlushing = false
    private var isQueued = false
    private var isReadHeldBack = false
    private var isChannelWritable = true
    private var announcedWritable = true

    init(
        loop: TransportLoop,
        profile: ConnectionProfile,
        tls: TLSHandler?,
        receiver: any FrameReceiver
    ) {
        self.loop = loop
        self.profile = profile
        self.tls = tls
        self.receiver = receiver
        self.createdAt = loop.eventLoop.now
        self.reader = FrameReader(limits: profile.limits.wire)
        self.keepAlive = KeepAlive()
    }
}
