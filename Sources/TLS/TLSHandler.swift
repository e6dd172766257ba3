package import NIOCore

/// The user event that says a connection is secured and its peer verified.
///
/// No byte is handed on before it.
package struct TLSHandshakeCompleted: Sendable, Equatable {
    /// Who the peer is; nil only for a client that showed no certificate where that is allowed.
    package let identity: PeerIdentity?
    /// The application protocol both sides agreed on.
    package let alpn: String
}

/// Secures one connection with TLS 1.3: plaintext above it, ciphertext below it.
///
/// Errors are fired as `TLSError` and close the channel. Everything happens on the event loop.
package final class TLSHandler: ChannelDuplexHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// Who the peer is, once the handshake completed.
    package private(set) var identity: PeerIdentity?
    /// Whether the handshake has completed and the connection is not yet closing.
    package private(set) var isOpen = false

    /// Makes the handler of one connection.
    ///
    /// `peers` narrows the context's policy for this one connection (a dialled node's exact id).
    package init(context: TLSContext, buffers: TLSLoopBuffers, peers: PeerPolicy? = nil) {}

    /// Encrypts `bytes` and writes them to the socket at once, after everything written before.
    ///
    /// For small frames to many connections: no promise, no queue, no event; MUST be called on
    /// the event loop. Before the handshake completed the bytes are queued; after a close they
    /// are dropped. A failure closes the connection.
    package func writeNow(_ bytes: UnsafeRawBufferPointer) {}

    /// Encrypts the readable bytes of `buffer` and writes them to the socket at once.
    package func writeNow(_ buffer: ByteBuffer) {}
}

@available(*, unavailable)
extension TLSHandler: Sendable {}
