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
            while self.phase != .closed, let header = try self.nextHeader() {
                try self.received(header)
            }
        } catch {
            self.closeForViolation(error)
        }
        // An idle connection must not keep a read buffer alive.
        if self.inbound.readableBytes == 0 { self.inbound = ByteBuffer() }
    }

    private func received(_ header: FrameHeader) throws(WireError) {
        self.inbound.moveReaderIndex(forwardBy: FrameHeader.byteCount)
        guard let payload = self.inbound.readSlice(length: Int(header.length)) else {
            preconditionFailure("a frame was announced whole before all its bytes were there")
        }
        if header.type == .settings || self.phase == .greeting {
            return try self.receivedGreeting(header, payload: payload)
        }
        switch header.type {
        case .ping:
            try self.keepAlive.receivedPing(now: self.loop.eventLoop.now.uptimeNanoseconds)
            self.send(
                FrameHeader(length: header.length, type: .pong, stream: .connection),
                payload: payload
            )
        case .pong:
            break
        default:
            try self.receiver?.received(header, payload: payload)
        }
    }

    /// The first frame of each side is SETTINGS, and no other is.
    private func receivedGreeting(
        _ header: FrameHeader,
        payload: ByteBuffer
    ) throws(WireError) {
        guard header.type == .settings || header.type == .goaway, self.phase == .greeting else {
            throw WireError(code: .violation, message: "\(header.type) in place of SETTINGS")
        }
        if header.type == .goaway {
            let goaway = try Goaway.decode(payload, using: self.loop.arena)
            return self.close(TransportError(.goaway, refusedBy: goaway))
        }
        let settings = try Settings.decode(payload, using: self.loop.arena)
        try self.profile.settings.checkCompatible(with: settings)
        self.phase = .open
        self.receiver?.opened(peer: settings)
    }

    private func closeForViolation(_ error: WireError) {
        let code: TransportError.Code = error.code == .incompatible ? .incompatible : .violation
        self.close(
            TransportError(code, "the peer was refused: \(error.message)", cause: error),
            telling: Goaway(
                lastStream: .connection,
                code: error.code == .incompatible ? .failedPrecondition : .invalidArgument,
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
