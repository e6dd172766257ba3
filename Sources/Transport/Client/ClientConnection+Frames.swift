internal import NIOCore
internal import Wire

/// What the server's frames mean: the stream table decides, this performs.
extension ClientConnection: FrameReceiver {
    /// A client serves no calls.
    func stopTaking() -> StreamID { .connection }

    func opened(peer: Settings) {
        self.streams = ClientStreams(limits: self.profile.limits.wire, server: peer)
        self.opened.succeed(peer)
    }

    func received(_ header: FrameHeader, payload: ByteBuffer) throws(WireError) {
        switch header.type {
        case .data:
            try self.receivedData(header, payload: payload)
        case .end:
            try self.receivedEnd(header.stream, payload: payload)
        case .credit:
            let credit = try Credit.decode(payload, using: self.loop.arena)
            try self.receivedCredit(header.stream, messages: credit.messages)
        case .goaway:
            try self.receivedGoaway(Goaway.decode(payload, using: self.loop.arena))
        case .settings, .request, .cancel, .ping, .pong:
            preconditionFailure("\(header.type) must not get here")
        }
    }

    func writabilityChanged() {}

    func closed(_ reason: TransportError) {
        guard !self.isOver else { return }
        self.isOver = true
        self.timer.cancel()
        let status = Status(code: .unavailable, message: reason.message)
        for call in self.calls.removeAll() {
            self.deadlines.remove(call)
            call.isActive = false
            call.finish(status, body: [])
        }
        self.handler = nil
        self.opened.fail(reason)
        if !self.isDraining { self.goaway.fail(reason) }
        self.closed.succeed(reason)
    }

    private func receivedData(_ header: FrameHeader, payload: ByteBuffer) throws(WireError) {
        let endStream = header.flags.contains(.endStream)
        switch self.streams.data(header.stream, endStream: endStream) {
        case .deliver:
            guard let call = self.calls.find(header.stream),
                case .streaming(let events) = call.caller
            else { return }
            events.message(call, payload)
        case .ignore:
            break
        case .failStream(let status):
            self.fail(header.stream, status)
        case .failConnection(let error):
            throw error
        }
    }

    private func receivedEnd(_ stream: StreamID, payload: ByteBuffer) throws(WireError) {
        let end = try End.decode(payload, using: self.loop.arena)
        switch self.streams.end(stream) {
        case .finish:
            guard let call = self.calls.find(stream) else { return }
            self.remove(call)
            call.finish(end.status, body: end.body)
        case .ignore:
            break
        case .failConnection(let error):
            throw error
        }
    }

    private func receivedCredit(_ stream: StreamID, messages: UInt32) throws(WireError) {
        switch self.streams.credit(stream, messages: messages) {
        case .resume:
            guard let call = self.calls.find(stream), case .streaming(let events) = call.caller
            else { return }
            events.creditAvailable(call)
        case .none, .ignore:
            break
        case .failStream(let status):
            self.fail(stream, status)
        case .failConnection(let error):
            throw error
        }
    }

    /// Gives up a call that the stream table has closed already, for what the server did.
    private func fail(_ stream: StreamID, _ status: Status) {
        self.sendCancel(stream, status.code)
        guard let call = self.calls.find(stream) else { return }
        self.remove(call)
        call.finish(status, body: [])
    }

    private func receivedGoaway(_ goaway: Goaway) {
        if !self.isDraining {
            self.isDraining = true
            self.goaway.succeed(goaway)
        }
        let status = Status(
            code: .unavailable,
            message: goaway.message,
            detail: ErrorDetail(
                reason: "GOAWAY",
                retryAfterMilliseconds: goaway.retryAfterMilliseconds
            )
        )
        for stream in self.streams.goaway(lastStream: goaway.lastStream) {
            guard let call = self.calls.find(stream) else { continue }
            self.remove(call)
            call.finish(status, body: [])
        }
        self.closeIfDrained()
    }
}
