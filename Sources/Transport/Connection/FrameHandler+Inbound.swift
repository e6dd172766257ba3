internal import NIOCore
internal import TLS
internal import Wire

/// The way in: bytes become frames; those about the connection itself are dealt with here.
extension FrameHandler {
    /// Takes plaintext and works through all whole frames in it.
    func take(_ bytes: ByteBuffer) {
        if self.inbound.readableBytes == 0 {
            self.inbound = bytes
        } else {
            self.inbound.discardReadBytes()
            self.inbound.writeImmutableBuffer(bytes)
        }
        do throws(WireError) {
            while self.phase != .closed, let (header, payload) = try self.nextFrame() {
                try self.received(header, payload: payload)
            }
        } catch {
            self.closeForViolation(error)
        }
        // An idle connection must not keep a read buffer alive.
        if self.inbound.readableBytes == 0 { self.inbound = ByteBuffer() }
    }

    /// Takes the next frame off the buffer, if all of it is there.
    private func nextFrame() throws(WireError) -> (FrameHeader, ByteBuffer)? {
        let step = unsafe self.inbound.withUnsafeReadableBytes { bytes in
            unsafe self.reader.next(bytes)
        }
        switch step {
        case .frame(let header, payload: _):
            self.inbound.moveReaderIndex(forwardBy: FrameHeader.byteCount)
            guard let payload = self.inbound.readSlice(length: Int(header.length)) else {
                preconditionFailure("a frame was announced before all its bytes were there")
            }
            return (header, payload)
        case .incomplete(byteCountNeeded: _):
            return nil
        case .violation(let error):
            throw error
        }
    }

    private func received(_ header: FrameHeader, payload: ByteBuffer) throws(WireError) {
        switch header.type {
        case .settings:
            try self.receivedSettings(try Settings.decode(payload, using: self.loop.arena))
        case .ping:
            guard self.keepAlive.ping(self.loop.now) == .answer else {
                throw WireError(code: .violation, message: "pings come too fast")
            }
            let pong = FrameHeader(length: header.length, type: .pong, stream: .connection)
            self.send(pong, payload: payload)
        case .pong:
            guard let mark = payload.getInteger(at: payload.readerIndex, as: UInt64.self),
                case .roundTrip(let nanoseconds) = self.keepAlive.pong(mark, self.loop.now)
            else { return }
            self.roundTripNanoseconds = nanoseconds
        case .request, .data, .end, .cancel, .credit, .goaway:
            try self.receiver?.received(header, payload: payload)
        }
    }

    private func receivedSettings(_ settings: Settings) throws(WireError) {
        try self.profile.settings.checkCompatible(with: settings)
        self.phase = .open
        self.peerFrameBytesMax = Int(settings.frameBytesMax)
        self.receiver?.opened(peer: settings)
    }

    /// Closes for bytes that the protocol does not allow, and tells the peer which.
    private func closeForViolation(_ error: WireError) {
        let isIncompatible = error.code == .incompatible
        self.close(
            TransportError(
                isIncompatible ? .incompatible : .violation,
                "the peer was refused: \(error.message)",
                cause: error
            ),
            telling: Goaway(
                lastStream: self.receiver?.stopTaking() ?? .connection,
                code: isIncompatible ? .failedPrecondition : .invalidArgument,
                message: error.message
            )
        )
    }
}

extension WireMessage {
    /// Unpacks the readable bytes of a buffer.
    static func decode(_ buffer: ByteBuffer, using arena: Arena) throws(WireError) -> Self {
        let result = unsafe buffer.withUnsafeReadableBytes { bytes -> Result<Self, WireError> in
            do throws(WireError) {
                return .success(try unsafe Self.decode(bytes, using: arena))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
