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

    enum Phase {
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
    let tls: TLSHandler?
    let createdAt: NIODeadline
    /// Where the handler is in its loop's list; -1 = not in it.
    ///
    /// Only the loop changes it.
    var slot = -1

    var receiver: (any FrameReceiver)?
    var context: ChannelHandlerContext?
    var phase = Phase.securing
    /// Why the connection ended, from the moment that is known.
    var reason: TransportError?
    var reader: FrameReader
    var keepAlive: KeepAlive
    /// What the peer accepts in one frame; known once it is open.
    var peerFrameBytesMax = 0
    /// The round trip that the last answered ping took.
    var roundTripNanoseconds: UInt64?
    var inbound = ByteBuffer()
    var outbound = ByteBuffer()
    var stall = StallWatch()
    /// Where the peer was, for the report of the connection's end.
    var lastAddress: SocketAddress?
    /// The turn in which a frame was last written without waiting for the turn's end.
    var directTurn: UInt32?
    var isReading = false
    var isFlushing = false
    var isQueued = false
    var isReadHeldBack = false
    var isChannelWritable = true
    var announcedWritable = true

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
        self.reader = FrameReader(
            receiver: profile.side == .server ? .server : .client,
            frameBytesMax: profile.limits.wire.frameBytesMax
        )
        self.keepAlive = KeepAlive(
            intervalNanoseconds: UInt64(profile.limits.keepAliveInterval.nanoseconds),
            timeoutNanoseconds: UInt64(profile.limits.keepAliveTimeout.nanoseconds),
            now: loop.now
        )
    }

    /// Who the peer is, by its certificate.
    var identity: PeerIdentity? { self.tls?.identity }

    /// Whether frames can be sent.
    var isOpen: Bool { self.phase == .open }

    var remoteAddress: SocketAddress? { self.context?.remoteAddress ?? self.lastAddress }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.loop.add(self, tickInterval: self.profile.limits.tickInterval)
        if self.tls == nil, context.channel.isActive { self.greet() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.end(TransportError(.closed, "the connection was taken down"))
        self.context = nil
        if self.slot >= 0 { self.loop.remove(self) }
    }

    func channelActive(context: ChannelHandlerContext) {
        if self.tls == nil { self.greet() }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is TLSHandshakeCompleted { self.greet() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard self.phase == .greeting || self.phase == .open else { return }
        self.isReading = true
        self.take(Self.unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.isReading = false
        if self.phase == .open { self.keepAlive.received(self.loop.now) }
        self.flush()
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        // A client that does not read its answers is not asked for more requests. Clients always
        // read, so that two sides that send much can never wait for each other.
        if self.profile.side == .server, self.phase == .open, !self.isWritable {
            self.isReadHeldBack = true
        } else {
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.isChannelWritable = context.channel.isWritable
        self.stall.flows()
        // Not at once: a service may be in the middle of sending.
        self.queue()
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? TLSError, error.code != .closedUncleanly {
            self.close(TransportError(.handshake, "TLS failed", cause: error))
        } else {
            self.close(TransportError(.connectionLost, "the connection broke", cause: error))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let isCut = self.inbound.readableBytes > 0
        self.end(
            isCut
                ? TransportError(.connectionLost, "the connection ended in the middle of a frame")
                : TransportError(.closedByPeer, "the peer closed the connection")
        )
        context.fireChannelInactive()
    }
}

@available(*, unavailable)
extension FrameHandler: Sendable {}
