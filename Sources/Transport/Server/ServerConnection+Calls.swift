internal import NIOCore
internal import Wire

/// What the service does with its calls, and what the clock does to them.
extension ServerConnection {
    func credit(of call: ServerCall) -> UInt32 {
        call.isOpen ? self.streams.sendCredit(call.stream) : 0
    }

    func send(_ message: [UInt8], on call: ServerCall) -> Bool {
        guard let handler = self.mayStartData(message.count, on: call) else { return false }
        let header = FrameHeader(
            length: UInt32(message.count),
            type: .data,
            stream: call.stream
        )
        handler.send(header, payload: message)
        return true
    }

    func send(_ frame: PreparedFrame, on call: ServerCall) -> Bool {
        guard let handler = self.mayStartData(frame.messageByteCount, on: call) else {
            return false
        }
        handler.send(frame, stream: call.stream)
        return true
    }

    /// Takes one credit for a message, or returns nil when it must not be sent.
    private func mayStartData(_ byteCount: Int, on call: ServerCall) -> FrameHandler? {
        guard call.isActive, let handler = self.handler, handler.isOpen,
            byteCount <= handler.peerFrameBytesMax,
            self.streams.send(call.stream) == .send
        else { return nil }
        return handler
    }

    func grantCredit(_ messages: UInt32, on call: ServerCall) {
        guard call.isActive else { return }
        call.withheldCredit = min(call.withheldCredit, .max - messages) + messages
        self.announceCredit(of: call)
    }

    /// Tells the caller what it may send, unless it still has plenty: granting message by message
    /// would answer each with a frame of our own.
    func announceCredit(of call: ServerCall) {
        let plenty = self.server.profile.limits.wire.initialCredit / 2
        guard call.withheldCredit > 0, call.callerCredit <= plenty else { return }
        let granted = self.streams.grant(call.stream, messages: call.withheldCredit)
        call.withheldCredit = 0
        call.callerCredit = min(call.callerCredit, .max - granted) + granted
        guard granted > 0 else { return }
        let credit = Credit(messages: granted)
        self.handler?.send(
            frame: credit.encodeFrame(.credit, stream: call.stream, using: self.server.loop.arena)
        )
    }

    func end(_ call: ServerCall, status: Status, body: [UInt8]) {
        guard call.isActive, self.streams.end(call.stream) == .send else { return }
        self.sendEnd(call.stream, End(status: status, body: body))
        self.remove(call)
    }

    func sendEnd(_ stream: StreamID, _ end: End) {
        guard let handler = self.handler else { return }
        var end = end
        // Before it is packed: an answer that is larger than any frame cannot be.
        if end.packedBytesMax > handler.peerFrameBytesMax {
            let status = Status(
                code: .resourceExhausted,
                message: "the answer is larger than the \(handler.peerFrameBytesMax) bytes that "
                    + "the client accepts"
            )
            end = End(status: status)
        }
        let arena = self.server.loop.arena
        handler.send(frame: end.encodeFrame(.end, stream: stream, using: arena))
    }

    func add(_ call: ServerCall) {
        self.calls.append(call)
        guard call.deadline < .distantFuture else { return }
        self.deadlines.insert(call)
        self.armTimer()
    }

    /// Forgets a call that is over for the stream table.
    func remove(_ call: ServerCall) {
        call.isActive = false
        self.calls.remove(call.stream)
        self.deadlines.remove(call)
        self.closeIfDrained()
    }

    private func armTimer() {
        guard let earliest = self.deadlines.earliest, self.timer.isLate(for: earliest) else {
            return
        }
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.timer.arm(for: earliest, on: self.eventLoop) { bound.value.deadlineIsDue() }
    }

    private func deadlineIsDue() {
        self.timer.fired()
        let now = self.eventLoop.now
        while let call = self.deadlines.popDue(now) {
            self.end(call, status: Status(code: .deadlineExceeded), body: [])
            self.service.cancelled(call)
        }
        self.armTimer()
    }

    // MARK: Shutting down

    /// Takes no new calls; closes once the open ones have ended.
    func drain(_ goaway: Goaway) {
        guard !self.isDraining else { return }
        self.isDraining = true
        var goaway = goaway
        goaway.lastStream = self.stopTaking()
        self.handler?.send(frame: goaway.encodeFrame(.goaway, stream: .connection))
        self.service.drainStarted(self)
        self.closeIfDrained()
    }

    /// Ends the calls that are still open, and the connection with them.
    func cut(_ status: Status) {
        for call in self.calls.calls {
            self.end(call, status: status, body: [])
            self.service.cancelled(call)
        }
        self.closeIfDrained()
    }

    private func closeIfDrained() {
        guard self.isDraining, self.calls.isEmpty else { return }
        self.handler?.close(TransportError(.shuttingDown, "the server stops"))
    }
}
