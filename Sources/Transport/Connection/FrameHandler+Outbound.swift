internal import NIOCore
internal import TLS
internal import Wire

/// The way out: frames are gathered and written once per turn.
extension FrameHandler {
    /// Whether the peer keeps up, so that more should be sent to it.
    var isWritable: Bool {
        self.isChannelWritable && self.phase == .open
            && (self.outbound.readableBytes == 0
                || self.outbound.readableBytes < self.profile.limits.outboundHighWaterBytes)
    }

    /// Sends a whole frame at the end of the turn.
    func send(frame: [UInt8]) {
        guard self.beginWrite(byteCount: frame.count) else { return }
        self.outbound.writeBytes(frame)
    }

    /// Sends a frame at the end of the turn.
    func send(_ header: FrameHeader, payload: [UInt8]) {
        guard self.beginWrite(byteCount: header.frameByteCount) else { return }
        self.outbound.write(header)
        self.outbound.writeBytes(payload)
    }

    /// Sends a frame whose payload is in a buffer at the end of the turn.
    func send(_ header: FrameHeader, payload: ByteBuffer) {
        guard self.beginWrite(byteCount: header.frameByteCount) else { return }
        self.outbound.write(header)
        self.outbound.writeImmutableBuffer(payload)
    }

    /// Sends a prepared frame: at once when it is the first of this turn, with others otherwise.
    func send(_ frame: PreparedFrame, stream: StreamID) {
        guard self.isWriteDirect, let tls = self.tls else {
            guard self.beginWrite(byteCount: frame.byteCount) else { return }
            unsafe frame.withBytes(on: stream) { bytes in
                unsafe _ = self.outbound.writeBytes(bytes)
            }
            return
        }
        self.directTurn = self.loop.turn
        self.loop.scheduleTurn()
        self.isFlushing = true
        unsafe frame.withBytes(on: stream) { bytes in unsafe tls.writeNow(bytes) }
        self.isFlushing = false
    }

    /// Whether a frame may overtake the turn: nothing waits before it, and it is the turn's first.
    private var isWriteDirect: Bool {
        self.phase == .open && self.isChannelWritable && !self.isReading && !self.isFlushing
            && self.outbound.readableBytes == 0 && self.directTurn != self.loop.turn
    }

    /// Makes room for a frame and sees to it that it is flushed.
    ///
    /// False = nothing must be written.
    private func beginWrite(byteCount: Int) -> Bool {
        guard self.phase == .open || self.phase == .greeting else { return false }
        guard self.outbound.readableBytes + byteCount <= self.profile.limits.outboundBytesMax else {
            self.close(
                TransportError(
                    .slowReader,
                    "the peer reads too slowly: \(self.outbound.readableBytes) bytes wait for it"
                )
            )
            return false
        }
        if self.outbound.capacity == 0 { self.outbound = self.loop.takeBuffer() }
        let isPastHighWater =
            self.outbound.readableBytes + byteCount >= self.profile.limits.outboundHighWaterBytes
        // Whoever now finds the connection unwritable must be told when that is over.
        if isPastHighWater { self.announcedWritable = false }
        if isPastHighWater || !self.isReading { self.queue() }
        return true
    }

    /// Has `endTurn()` called once this turn is over.
    func queue() {
        guard !self.isQueued else { return }
        self.isQueued = true
        self.loop.endTurn(of: self)
    }

    /// Writes what has gathered, and tells what had to wait until no service code was running.
    func endTurn() {
        self.isQueued = false
        self.flush()
        if self.phase == .closed {
            let receiver = self.receiver
            self.receiver = nil
            if let reason = self.reason { receiver?.closed(reason) }
        } else if self.phase == .open, self.announcedWritable != self.isWritable {
            self.announcedWritable = self.isWritable
            self.receiver?.writabilityChanged()
        }
        if self.isReadHeldBack, self.isWritable {
            self.isReadHeldBack = false
            self.context?.read()
        }
    }

    /// Writes what has gathered, as far as the socket takes it.
    func flush() {
        guard self.phase != .closed, !self.isFlushing, self.outbound.readableBytes > 0 else {
            return
        }
        self.isFlushing = true
        while self.isChannelWritable, self.phase != .closed, self.outbound.readableBytes > 0 {
            // Sends during the write go to a fresh buffer, behind the one that is being written.
            var bytes = self.outbound
            self.outbound = ByteBuffer()
            self.write(&bytes)
            if bytes.readableBytes > 0 {
                bytes.writeImmutableBuffer(self.outbound)
                self.outbound = bytes
            } else {
                self.loop.giveBack(bytes)
            }
        }
        self.isFlushing = false
        if self.phase == .open, self.announcedWritable != self.isWritable { self.queue() }
    }

    /// Writes chunks, so that a peer that does not read leaves the rest here, where it is counted.
    private func write(_ bytes: inout ByteBuffer) {
        let chunkBytesMax = self.profile.limits.outboundHighWaterBytes
        while self.isChannelWritable, self.phase != .closed, bytes.readableBytes > 0 {
            let count = min(bytes.readableBytes, chunkBytesMax)
            if let tls = self.tls {
                unsafe bytes.readWithUnsafeReadableBytes { readable in
                    unsafe tls.writeNow(UnsafeRawBufferPointer(rebasing: readable[..<count]))
                    return count
                }
            } else if let chunk = bytes.readSlice(length: count) {
                self.context?.writeAndFlush(Self.wrapOutboundOut(chunk), promise: nil)
            }
        }
    }
}

extension ByteBuffer {
    /// Appends the twelve bytes of a header.
    fileprivate mutating func write(_ header: FrameHeader) {
        unsafe self.writeWithUnsafeMutableBytes(minimumWritableBytes: 12) { bytes in
            unsafe header.write(into: bytes)
            return FrameHeader.byteCount
        }
    }
}
