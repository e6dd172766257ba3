internal import NIOCore
internal import TLS
internal import Wire

/// The beginning, the ticks and the end of a connection.
extension FrameHandler {
    /// Sends this side's settings, the first frame of every connection.
    func greet() {
        guard self.phase == .securing else { return }
        self.phase = .greeting
        self.send(frame: self.profile.greeting)
        self.flush()
    }

    /// Looks after the connection now and then.
    func tick(_ now: NIODeadline) {
        let limits = self.profile.limits
        switch self.phase {
        case .closed:
            return
        case .securing, .greeting:
            guard now - self.createdAt >= limits.handshakeTimeout else { return }
            let stage = self.phase == .securing ? "TLS handshake" : "exchange of settings"
            let message = "the \(stage) did not finish in time"
            self.close(TransportError(.handshakeTimeout, message))
        case .open where self.isChannelWritable:
            self.checkSilence(now)
        case .open:
            // While nothing is written or read, silence proves nothing; standing still does.
            self.checkStall(now)
        }
    }

    private func checkSilence(_ now: NIODeadline) {
        switch self.keepAlive.tick(WireInstant(nanoseconds: now.uptimeNanoseconds)) {
        case .none:
            break
        case .ping(let mark):
            self.sendPing(mark)
        case .giveUp:
            self.close(TransportError(.keepAliveTimeout, "the peer did not answer a ping"))
        }
    }

    /// Measures the round trip now, rather than at the next silence.
    func probe() {
        guard self.phase == .open, case .ping(let mark) = self.keepAlive.probe(self.loop.now) else {
            return
        }
        self.sendPing(mark)
    }

    private func sendPing(_ mark: UInt64) {
        let header = FrameHeader(length: 8, type: .ping, stream: .connection)
        self.send(header, payload: ByteBuffer(integer: mark))
    }

    private func checkStall(_ now: NIODeadline) {
        let option = ChannelOptions.bufferedWritableBytes
        let waiting = try? self.context?.channel.syncOptions?.getOption(option)
        let timeout = self.profile.limits.stalledReaderTimeout
        guard self.stall.look(waitingBytes: waiting ?? 0, now: now, timeout: timeout) else {
            return
        }
        self.close(
            TransportError(.slowReader, "the peer has read nothing of what was sent to it")
        )
    }

    /// Closes the connection.
    ///
    /// Its receiver is told in a later turn.
    ///
    /// `goaway` is the last frame that the peer gets, if the connection can carry it.
    func close(_ reason: TransportError, telling goaway: Goaway? = nil) {
        guard self.phase != .closed else { return }
        if let goaway {
            self.send(frame: goaway.encodeFrame(.goaway, stream: .connection))
        }
        self.flush()
        self.end(reason)
        self.context?.close(promise: nil)
    }

    /// Notes the end of the connection, whoever brought it about.
    func end(_ reason: TransportError) {
        guard self.phase != .closed else { return }
        self.phase = .closed
        self.reason = reason
        self.lastAddress = self.context?.remoteAddress
        self.outbound = ByteBuffer()
        self.inbound = ByteBuffer()
        self.queue()
    }
}
