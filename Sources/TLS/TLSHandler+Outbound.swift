package import NIOCore

extension TLSHandler {
    package func write(
        context: ChannelHandlerContext,
        data: NIOAny,
        promise: EventLoopPromise<Void>?
    ) {
        let bytes = self.unwrapOutboundIn(data)
        switch self.state {
        case .closing, .closed:
            promise?.fail(Self.writeAfterClose)
        case .idle, .handshaking:
            self.append(bytes, promise)
            self.checkEarlyWrites(context)
        case .open:
            guard !self.hasSentCloseNotify else {
                promise?.fail(Self.writeAfterClose)
                return
            }
            self.append(bytes, promise)
        }
    }

    package func flush(context: ChannelHandlerContext) {
        self.flushedWrites = self.pending.count
        guard self.state == .open else { return }
        self.drain(context)
    }

    /// Encrypts `bytes` and writes them to the socket at once, after everything written before.
    ///
    /// For small frames to many connections: no promise, no queue, no event; MUST be called on
    /// the event loop. Before the handshake completed the bytes are queued; after a close they
    /// are dropped. A failure closes the connection.
    package func writeNow(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        guard self.state == .open, self.pending.isEmpty, !self.hasSentCloseNotify else {
            self.writeInOrder(self.buffers.allocator.buffer(bytes: bytes))
            return
        }
        do throws(TLSError) {
            try self.stream?.write(bytes)
            // The context is cold memory, one of thousands: only looked at when it is needed.
            if self.sendDirectly() { return }
            if let context = self.context { self.send(context, promise: nil) }
        } catch {
            if let context = self.context { self.fail(error, context) }
        }
    }

    /// Encrypts the readable bytes of `buffer` and writes them to the socket at once.
    package func writeNow(_ buffer: ByteBuffer) {
        buffer.withUnsafeReadableBytes { self.writeNow($0) }
    }

    private func writeInOrder(_ bytes: ByteBuffer) {
        guard let context = self.context else { return }
        self.write(context: context, data: NIOAny(bytes), promise: nil)
        self.flush(context: context)
    }

    private func append(_ bytes: ByteBuffer, _ promise: EventLoopPromise<Void>?) {
        self.pending.append(PendingWrite(bytes: bytes, promise: promise))
        self.pendingBytes += bytes.readableBytes
    }

    private func checkEarlyWrites(_ context: ChannelHandlerContext) {
        let isBounded =
            self.pendingBytes <= TLSLimits.earlyWriteBytesMax
            && self.pending.count <= TLSLimits.earlyWritesMax
        guard !isBounded else { return }
        self.fail(
            TLSError(
                .overloaded,
                "more than \(TLSLimits.earlyWriteBytesMax) bytes or \(TLSLimits.earlyWritesMax) "
                    + "writes wait for the handshake; wait for TLSHandshakeCompleted first"
            ),
            context
        )
    }

    /// Encrypts what was flushed, small writes together in one record, and writes it out.
    func drain(_ context: ChannelHandlerContext) {
        guard self.flushedWrites > 0 else { return }
        let writes = self.pending.prefix(self.flushedWrites)
        self.pending = Array(self.pending.dropFirst(self.flushedWrites))
        self.flushedWrites = 0
        self.pendingBytes = self.pending.reduce(0) { $0 + $1.bytes.readableBytes }
        let promise = Self.merge(writes, on: context.eventLoop)
        do throws(TLSError) {
            try self.encrypt(writes, context)
            self.send(context, promise: promise)
        } catch {
            promise?.fail(error)
            self.fail(error, context)
        }
    }

    private func encrypt(
        _ writes: ArraySlice<PendingWrite>,
        _ context: ChannelHandlerContext
    ) throws(TLSError) {
        var gathered = 0
        for write in writes {
            let count = write.bytes.readableBytes
            if gathered > 0 && gathered + count > self.buffers.gathered.count {
                try self.encryptGathered(gathered, context)
                gathered = 0
            }
            if writes.count == 1 || count > self.buffers.gathered.count {
                try write.bytes.withUnsafeReadableBytes { bytes throws(TLSError) in
                    try self.encryptInChunks(bytes, context)
                }
            } else {
                write.bytes.withUnsafeReadableBytes { bytes in
                    self.buffers.gather(bytes, at: gathered)
                }
                gathered += count
            }
        }
        try self.encryptGathered(gathered, context)
    }

    private func encryptGathered(
        _ count: Int,
        _ context: ChannelHandlerContext
    ) throws(TLSError) {
        let bytes = UnsafeRawBufferPointer(rebasing: self.buffers.gathered[..<count])
        try self.encryptInChunks(bytes, context)
    }

    /// Encrypts `bytes`, handing full chunks of ciphertext on, so that no buffer grows with them.
    private func encryptInChunks(
        _ bytes: UnsafeRawBufferPointer,
        _ context: ChannelHandlerContext
    ) throws(TLSError) {
        var rest = bytes
        while !rest.isEmpty {
            let chunk = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.chunkBytes))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(Self.chunkBytes))
            guard self.stream != nil else { throw Self.writeAfterClose }
            try self.stream?.write(chunk)
            if self.buffers.outputBytes >= Self.chunkBytes, !self.sendDirectly() {
                self.queueOutput(context, promise: nil)
            }
        }
    }

    /// Writes the ciphertext made so far, behind everything that still waits.
    func send(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        guard self.buffers.outputBytes > 0 else {
            guard let promise else { return }
            context.writeAndFlush(self.wrapOutboundOut(ByteBuffer()), promise: promise)
            return
        }
        if self.sendDirectly() {
            promise?.succeed()
            return
        }
        self.queueOutput(context, promise: promise)
        context.flush()
    }

    /// Writes to the socket without the channel, as far as it takes the bytes and nothing waits
    /// before them; true when nothing is left.
    private func sendDirectly() -> Bool {
        guard self.queuedWrites == 0, let socket = self.socket else { return false }
        return self.buffers.writeOutput(to: socket)
    }

    /// Leaves the ciphertext to the channel, and notes when the socket has taken it.
    private func queueOutput(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>?) {
        let output = self.buffers.takeOutput()
        let written = promise ?? context.eventLoop.makePromise()
        self.queuedWrites += 1
        written.futureResult.assumeIsolated().whenComplete { result in
            self.queuedWrites -= 1
            // The channel is about to close, and tells its writes first.
            if case .failure = result { self.socket = nil }
        }
        context.write(self.wrapOutboundOut(output), promise: written)
    }

    /// One promise that completes all of `writes`; nil when nobody asks.
    private static func merge(
        _ writes: ArraySlice<PendingWrite>,
        on eventLoop: any EventLoop
    ) -> EventLoopPromise<Void>? {
        let promises = writes.compactMap(\.promise)
        guard promises.count > 1 else { return promises.first }
        let merged = eventLoop.makePromise(of: Void.self)
        for promise in promises { merged.futureResult.cascade(to: promise) }
        return merged
    }

    private static var chunkBytes: Int { 65_536 }

    static var writeAfterClose: TLSError {
        TLSError(.closed, "the connection is closing, nothing can be written; open another one")
    }
}
