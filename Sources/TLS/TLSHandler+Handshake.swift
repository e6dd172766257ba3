internal import NIOCore

extension TLSHandler {
    /// Starts the handshake: a client speaks first, a server waits, both for a bounded time.
    func begin(_ context: ChannelHandlerContext) {
        guard self.state == .idle else { return }
        self.state = .handshaking
        do throws(TLSError) {
            self.stream = try SecureStream.make(context: self.tls, buffers: self.buffers)
        } catch {
            self.fail(error, context)
            return
        }
        let limit = self.tls.configuration.handshakeTimeoutMilliseconds
        self.schedule(context, after: limit) { handler in handler.handshakeTimedOut(limit) }
        if self.tls.configuration.role == .client {
            var nothing = ByteBuffer()
            self.continueHandshake(&nothing, context)
        }
        // Without automatic reads nobody else asks for the peer's part of the handshake.
        context.read()
    }

    /// Takes what it can from `buffer`; what remains belongs to the open connection.
    func continueHandshake(_ buffer: inout ByteBuffer, _ context: ChannelHandlerContext) {
        let io = self.buffers.io
        let step = buffer.readWithUnsafeReadableBytes { bytes in
            io.pointee.input = bytes
            let step = self.stream?.handshake(peers: self.peers) ?? .wantsInput
            let consumed = bytes.count - io.pointee.input.count
            io.pointee.input = UnsafeRawBufferPointer(start: nil, count: 0)
            self.handshakeBytes += consumed
            return (consumed, step)
        }
        // Verification and completion may be several calls apart.
        self.verified = self.verified ?? io.pointee.identity
        switch step {
        case .done:
            self.send(context, promise: nil)
            self.complete(context)
        case .wantsInput:
            self.send(context, promise: nil)
            guard self.handshakeBytes <= TLSLimits.handshakeBytesMax else {
                self.fail(
                    TLSError(
                        .handshake,
                        "the peer sent more than \(TLSLimits.handshakeBytesMax) bytes without "
                            + "finishing the handshake; shorten its certificate chain"
                    ),
                    context
                )
                return
            }
        case .closedByPeer:
            self.fail(
                TLSError(.handshake, "the peer ended the handshake; its log says why"),
                context
            )
        case .failed(let error):
            self.fail(error, context)
        }
    }

    private func complete(_ context: ChannelHandlerContext) {
        // Sending the last flight may have closed the channel.
        guard self.state == .handshaking, let alpn = self.stream?.alpn else { return }
        let configuration = self.tls.configuration
        guard alpn == configuration.alpn else {
            self.fail(
                TLSError(
                    .alpn,
                    "the peer did not agree on \(configuration.alpn); check that the port is right "
                        + "and the versions are compatible"
                ),
                context
            )
            return
        }
        let needsIdentity =
            configuration.role == .client || configuration.clientVerification == .required
        guard self.verified != nil || !needsIdentity else {
            self.fail(
                TLSError(.verification, "the peer was not verified; this is a defect, report it"),
                context
            )
            return
        }
        self.deadline?.cancel()
        self.deadline = nil
        self.stream?.forgetPeerCertificate()
        self.state = .open
        self.socket = DirectSocket(context)
        self.drain(context)
        guard self.state == .open else { return }
        context.fireUserInboundEventTriggered(
            TLSHandshakeCompleted(identity: self.verified, alpn: alpn)
        )
    }

    private func handshakeTimedOut(_ limit: Int64) {
        guard self.state == .handshaking, let context = self.context else { return }
        let error = TLSError(
            .handshakeTimeout,
            "the TLS handshake did not finish in \(limit) ms; check that the peer is a bandera "
                + "port that is not overloaded, or raise the handshake timeout"
        )
        self.end(error)
        context.fireErrorCaught(error)
        context.close(mode: .all, promise: nil)
    }
}
