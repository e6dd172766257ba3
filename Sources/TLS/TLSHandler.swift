internal import COpenSSL
package import NIOCore

/// The user event that says a connection is secured and its peer verified.
///
/// No byte is handed on before it.
package struct TLSHandshakeCompleted: Sendable, Equatable {
    /// Who the peer is; nil only for a client that showed no certificate where that is allowed.
    package let identity: PeerIdentity?
    /// The application protocol both sides agreed on.
    package let alpn: String

    package init(identity: PeerIdentity?, alpn: String) {
        self.identity = identity
        self.alpn = alpn
    }
}

/// Secures one connection with TLS 1.3: plaintext above it, ciphertext below it.
///
/// Errors are fired as `TLSError` and then close the channel. A close sends what was flushed and
/// close_notify, and waits a bounded time for the peer's. A peer's close_notify closes both ways.
/// Everything happens on the event loop and nothing blocks. MUST be the first handler of its
/// channel: when nothing waits there, ciphertext goes straight to the socket.
package final class TLSHandler: ChannelDuplexHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    enum State {
        /// The channel is not active yet. Can become `handshaking` or `closed`.
        case idle
        /// Can become `open`, `closing` or `closed`.
        case handshaking
        /// Plaintext flows. Can become `closing` or `closed`.
        case open
        /// Nothing more is sent or handed on; waits for the peer to see our last words.
        case closing
        /// Terminal.
        case closed
    }

    /// Plaintext that waits for the handshake or for a flush.
    struct PendingWrite {
        let bytes: ByteBuffer
        let promise: EventLoopPromise<Void>?
    }

    let tls: TLSContext
    let buffers: TLSLoopBuffers
    let peers: PeerPolicy
    var context: ChannelHandlerContext?
    var stream: SecureStream?
    var state = State.idle
    /// Set from the handshake's verification on; handed out only once it completed.
    var verified: PeerIdentity?
    var handshakeBytes = 0
    var pending: [PendingWrite] = []
    /// How many of `pending` have been flushed by the user.
    var flushedWrites = 0
    var pendingBytes = 0
    /// Ends the handshake or the closing, whichever is going on.
    var deadline: Scheduled<Void>?
    var closePromise: EventLoopPromise<Void>?
    /// Where writes go past the channel; only while the connection is open.
    ///
    /// Given up at the first sign that the channel closes, all of which come here before they
    /// reach anybody who might write: the descriptor may then soon be another connection's.
    var socket: DirectSocket?
    /// Writes that the channel keeps until the socket takes them.
    var queuedWrites = 0
    var hasSentCloseNotify = false
    var hasReceivedCloseNotify = false
    /// Whether a read since the last `channelReadComplete` brought the reader nothing.
    var owesRead = false

    /// Makes the handler of one connection.
    ///
    /// `peers` replaces the context's policy for this one connection (a dialled node's exact id).
    package init(context: TLSContext, buffers: TLSLoopBuffers, peers: PeerPolicy? = nil) {
        self.tls = context
        self.buffers = buffers
        self.peers = peers ?? context.configuration.peers
    }

    /// Who the peer is, once the handshake completed.
    package var identity: PeerIdentity? {
        switch self.state {
        case .idle, .handshaking: return nil
        case .open, .closing, .closed: return self.verified
        }
    }

    /// Whether the handshake has completed and the connection is not yet closing.
    package var isOpen: Bool { self.state == .open }

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { self.begin(context) }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        self.end(TLSError(.closed, "the TLS handler was removed; open another connection"))
        self.context = nil
    }

    package func channelActive(context: ChannelHandlerContext) {
        self.begin(context)
        context.fireChannelActive()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        let state = self.state
        let isTruncated = state == .open && !self.hasReceivedCloseNotify
        self.end(TLSError(.closed, "the connection is closed; open another one"))
        if state == .handshaking {
            // A peer that refuses says so by an alert; one that says nothing may just have ended.
            context.fireErrorCaught(
                TLSError(
                    .closedUncleanly,
                    "the peer closed the connection during the handshake; its log says why"
                )
            )
        } else if isTruncated {
            context.fireErrorCaught(
                TLSError(
                    .closedUncleanly,
                    "the connection ended without close_notify; what was in flight may be lost, "
                        + "reconnect and continue from the last acknowledged revision"
                )
            )
        }
        context.fireChannelInactive()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.socket = nil
        context.fireErrorCaught(error)
    }

    /// Releases everything and fails what still waits.
    ///
    /// May be called again.
    func end(_ error: TLSError) {
        self.state = .closed
        self.socket = nil
        self.stream = nil
        self.deadline?.cancel()
        self.deadline = nil
        self.failPending(error)
        let promise = self.closePromise
        self.closePromise = nil
        promise?.succeed()
    }

    func failPending(_ error: TLSError) {
        let pending = self.pending
        self.pending = []
        self.flushedWrites = 0
        self.pendingBytes = 0
        for write in pending { write.promise?.fail(error) }
    }

    /// Runs `body` after `milliseconds` unless `deadline` is cancelled or replaced.
    func schedule(
        _ context: ChannelHandlerContext,
        after milliseconds: Int64,
        _ body: @escaping (TLSHandler) -> Void
    ) {
        self.deadline?.cancel()
        self.deadline = context.eventLoop.assumeIsolated()
            .scheduleTask(in: .milliseconds(milliseconds)) { body(self) }
    }
}

@available(*, unavailable)
extension TLSHandler: Sendable {}
