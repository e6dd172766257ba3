package import NIOCore

extension TLSHandler {
    package func close(
        context: ChannelHandlerContext,
        mode: CloseMode,
        promise: EventLoopPromise<Void>?
    ) {
        switch (mode, self.state) {
        case (.all, .open):
            self.join(promise)
            self.beginClosing(context)
        case (.all, .closing):
            self.join(promise)
        case (.all, .idle), (.all, .handshaking), (.all, .closed):
            self.end(Self.writeAfterClose)
            context.close(mode: .all, promise: promise)
        case (.output, .open):
            self.sendCloseNotify(context, promise: promise)
        case (.output, _), (.input, _):
            promise?.fail(ChannelError.operationUnsupported)
        }
    }

    /// Sends what was flushed and close_notify, then waits for the peer's or for the deadline.
    private func beginClosing(_ context: ChannelHandlerContext) {
        self.sendCloseNotify(context, promise: nil)
        // Sending may have found the socket dead.
        guard self.state == .open else { return }
        self.state = .closing
        self.failPending(Self.writeAfterClose)
        if self.hasReceivedCloseNotify {
            self.closeAfterWrites(context)
        } else {
            self.linger(context)
        }
    }

    private func sendCloseNotify(
        _ context: ChannelHandlerContext,
        promise: EventLoopPromise<Void>?
    ) {
        self.drain(context)
        guard self.stream != nil, !self.hasSentCloseNotify else {
            promise?.succeed()
            return
        }
        self.hasSentCloseNotify = true
        self.stream?.sendCloseNotify()
        self.send(context, promise: promise)
    }

    /// The peer will send no more: answer and close.
    func receivedCloseNotify(_ context: ChannelHandlerContext) {
        self.hasReceivedCloseNotify = true
        switch self.state {
        case .open: self.beginClosing(context)
        case .closing: self.closeAfterWrites(context)
        case .idle, .handshaking, .closed: break
        }
    }

    /// Ends the connection for `error`: alert, event, and a bounded wait so that the alert is not
    /// lost to a reset.
    func fail(_ error: TLSError, _ context: ChannelHandlerContext) {
        guard self.state != .closed, self.stream != nil || self.state != .closing else { return }
        self.state = .closing
        self.send(context, promise: nil)
        self.stream = nil
        self.failPending(error)
        self.linger(context)
        context.fireErrorCaught(error)
        guard self.state == .closing else { return }
        // The peer sees the end and closes; unread bytes are taken meanwhile and dropped.
        context.close(mode: .output, promise: nil)
    }

    /// Closes as soon as the socket took everything, or at the deadline.
    private func closeAfterWrites(_ context: ChannelHandlerContext) {
        self.linger(context)
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { _ in self.finishClosing() }
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer()), promise: written)
    }

    private func linger(_ context: ChannelHandlerContext) {
        self.schedule(context, after: TLSLimits.closeTimeoutMilliseconds) { handler in
            handler.finishClosing()
        }
    }

    private func finishClosing() {
        guard self.state == .closing, let context = self.context else { return }
        let promise = self.closePromise
        self.closePromise = nil
        self.end(Self.writeAfterClose)
        context.close(mode: .all, promise: promise)
    }

    /// Completes `promise` together with the close that is under way.
    private func join(_ promise: EventLoopPromise<Void>?) {
        guard let promise else { return }
        if let first = self.closePromise {
            first.futureResult.cascade(to: promise)
        } else {
            self.closePromise = promise
        }
    }
}
