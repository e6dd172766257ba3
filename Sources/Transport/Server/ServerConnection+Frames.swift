internal import NIOCore
internal import Wire

/// What the client's frames mean: the stream table decides, this performs.
extension ServerConnection: FrameReceiver {
    func stopTaking() -> StreamID { self.streams.drain() }

    func opened(peer: Settings) {
        self.settings = peer
        self.isOpened = true
        self.server.add(self)
        self.service.connectionOpened(self)
    }

    func received(_ header: FrameHeader, payload: ByteBuffer) throws(WireError) {
        switch header.type {
        case .request:
            try self.receivedRequest(header, payload: payload)
        case .data:
            try self.receivedData(header, payload: payload)
        case .cancel:
            try self.receivedCancel(header.stream)
        case .credit:
            let credit = try Credit.decode(payload, using: self.server.loop.arena)
            try self.receivedCredit(header.stream, messages: credit.messages)
        case .goaway:
            // The client opens no more calls; when the last has ended it closes the connection.
            break
        case .settings, .end, .ping, .pong:
            preconditionFailure("\(header.type) must not get here")
        }
    }

    func writabilityChanged() {
        self.service.writabilityChanged(self)
    }

    func closed(_ reason: TransportError) {
        self.timer.cancel()
        for call in self.calls.removeAll() {
            self.deadlines.remove(call)
            call.isActive = false
            self.service.cancelled(call)
        }
        if self.isOpened {
            self.server.remove(self)
            self.service.connectionClosed(self, reason: reason)
        } else {
            self.service.connectionRefused(reason, from: self.remoteAddress)
        }
        self.handler = nil
    }

    private func receivedRequest(_ header: FrameHeader, payload: ByteBuffer) throws(WireError) {
        let request: Request
        do throws(WireError) {
            request = try Request.decode(payload, using: self.server.loop.arena)
        } catch {
            // The frame is sound, so only this call is lost.
            return try self.refuse(header, Status(refusing: error))
        }
        let endStream = header.flags.contains(.endStream)
        let action = self.streams.request(
            header.stream,
            endStream: endStream,
            credit: request.credit
        )
        switch action {
        case .open:
            let call = ServerCall(
                stream: header.stream,
                connection: self,
                request: request,
                deadline: self.deadline(of: request),
                isHalfClosed: endStream,
                callerCredit: self.server.profile.limits.wire.initialCredit
            )
            self.add(call)
            self.service.received(call: call, request: request)
        case .refuse(let status):
            self.sendEnd(header.stream, End(status: status))
        case .failConnection(let error):
            throw error
        }
    }

    /// Answers a REQUEST that cannot be understood, which still uses up its stream.
    private func refuse(_ header: FrameHeader, _ status: Status) throws(WireError) {
        switch self.streams.request(header.stream, endStream: true, credit: 0) {
        case .open:
            _ = self.streams.end(header.stream)
            self.sendEnd(header.stream, End(status: status))
        case .refuse(let status):
            self.sendEnd(header.stream, End(status: status))
        case .failConnection(let error):
            throw error
        }
    }

    private func receivedData(_ header: FrameHeader, payload: ByteBuffer) throws(WireError) {
        let endStream = header.flags.contains(.endStream)
        switch self.streams.data(header.stream, endStream: endStream) {
        case .deliver(let isLast):
            guard let call = self.calls.find(header.stream) else { return }
            call.isHalfClosed = isLast
            call.callerCredit -= min(1, call.callerCredit)
            self.announceCredit(of: call)
            self.service.received(call: call, message: payload)
            if isLast, call.isActive { self.service.halfClosed(call) }
        case .ignore:
            break
        case .failStream(let status):
            self.fail(header.stream, status)
        case .failConnection(let error):
            throw error
        }
    }

    private func receivedCancel(_ stream: StreamID) throws(WireError) {
        // Why the client gave up changes nothing here.
        switch self.streams.cancel(stream) {
        case .cancel:
            guard let call = self.calls.find(stream) else { return }
            self.remove(call)
            self.service.cancelled(call)
        case .ignore:
            break
        case .failConnection(let error):
            throw error
        }
    }

    private func receivedCredit(_ stream: StreamID, messages: UInt32) throws(WireError) {
        switch self.streams.credit(stream, messages: messages) {
        case .resume:
            guard let call = self.calls.find(stream) else { return }
            self.service.creditAvailable(call)
        case .none, .ignore:
            break
        case .failStream(let status):
            self.fail(stream, status)
        case .failConnection(let error):
            throw error
        }
    }

    /// Ends a call that the stream table has closed already.
    private func fail(_ stream: StreamID, _ status: Status) {
        self.sendEnd(stream, End(status: status))
        guard let call = self.calls.find(stream) else { return }
        self.remove(call)
        self.service.cancelled(call)
    }

    private func deadline(of request: Request) -> NIODeadline {
        guard request.timeoutMilliseconds > 0 else { return .distantFuture }
        let timeout = TimeAmount.milliseconds(Int64(request.timeoutMilliseconds))
        return self.eventLoop.now + min(timeout, self.server.profile.limits.callTimeoutMax)
    }
}
