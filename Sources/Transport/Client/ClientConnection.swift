internal import NIOCore
internal import TLS
internal import Wire

/// The client's half of a connection: its open calls, on its event loop.
final class ClientConnection {
    let loop: TransportLoop
    let profile: ConnectionProfile
    /// Succeeds once the server's settings are known.
    let opened: EventLoopPromise<Settings>
    /// Succeeds with the reason for the end.
    let closed: EventLoopPromise<TransportError>
    /// Succeeds when the server asks to go elsewhere; fails when the connection ends without that.
    let goaway: EventLoopPromise<Goaway>

    var handler: FrameHandler?
    var streams: ClientStreams
    var calls = CallTable<ClientCall>()
    var deadlines = DeadlineHeap<ClientCall>()
    var timer = DeadlineTimer()
    var isDraining = false
    var isOver = false

    init(loop: TransportLoop, profile: ConnectionProfile) {
        self.loop = loop
        self.profile = profile
        self.opened = loop.eventLoop.makePromise()
        self.closed = loop.eventLoop.makePromise()
        self.goaway = loop.eventLoop.makePromise()
        self.streams = ClientStreams(limits: profile.limits.wire, server: profile.settings)
    }

    var isOpen: Bool { self.handler?.isOpen ?? false }

    /// Makes the handler that feeds the connection.
    func makeHandler(tls: TLSHandler?) -> FrameHandler {
        let handler = FrameHandler(
            loop: self.loop,
            profile: self.profile,
            tls: tls,
            receiver: self
        )
        self.handler = handler
        return handler
    }

    // MARK: What the program does

    func open(
        _ request: Request,
        endStream: Bool,
        timeout: TimeAmount?,
        caller: ClientCall.Caller
    ) -> ClientCall {
        guard self.isOpen, let handler = self.handler else {
            let status = Status(code: .unavailable, message: "the connection is closed")
            return self.refusedCall(status, caller: caller)
        }
        let stream: StreamID
        switch self.streams.open(endStream: endStream, credit: request.credit) {
        case .send(let id): stream = id
        case .refuse(let status): return self.refusedCall(status, caller: caller)
        }
        let flags: FrameFlags = endStream ? .endStream : []
        let frame = request.encodeFrame(
            .request,
            flags: flags,
            stream: stream,
            using: self.loop.arena
        )
        guard frame.count - FrameHeader.byteCount <= handler.peerFrameBytesMax else {
            // The server never hears of the stream; ids may have gaps.
            _ = self.streams.cancel(stream)
            let status = Status(
                code: .resourceExhausted,
                message: "a request of \(frame.count) bytes; the server accepts "
                    + "\(handler.peerFrameBytesMax)"
            )
            return self.refusedCall(status, caller: caller)
        }
        handler.send(frame: frame)
        let deadline = timeout.map { self.loop.eventLoop.now + $0 } ?? .distantFuture
        let call = ClientCall(
            stream: stream,
            connection: self,
            deadline: deadline,
            caller: caller
        )
        self.calls.append(call)
        if deadline < .distantFuture {
            self.deadlines.insert(call)
            self.armTimer()
        }
        return call
    }

    func credit(of call: ClientCall) -> UInt32 {
        call.isOpen ? self.streams.sendCredit(call.stream) : 0
    }

    func send(_ message: [UInt8], endStream: Bool, on call: ClientCall) -> Bool {
        guard call.isActive, let handler = self.handler, handler.isOpen,
            message.count <= handler.peerFrameBytesMax,
            self.streams.send(call.stream, endStream: endStream) == .send
        else { return false }
        let header = FrameHeader(
            length: UInt32(message.count),
            type: .data,
            flags: endStream ? .endStream : [],
            stream: call.stream
        )
        handler.send(header, payload: message)
        return true
    }

    func grantCredit(_ messages: UInt32, on call: ClientCall) {
        guard call.isActive else { return }
        let granted = self.streams.grant(call.stream, messages: messages)
        guard granted > 0 else { return }
        let credit = Credit(messages: granted)
        self.handler?.send(
            frame: credit.encodeFrame(.credit, stream: call.stream, using: self.loop.arena)
        )
    }

    func cancel(_ call: ClientCall, status: Status) {
        guard call.isActive, self.streams.cancel(call.stream) == .send else { return }
        self.sendCancel(call.stream, status.code)
        self.remove(call)
        self.finishLater(call, status)
    }

    // MARK: Bookkeeping

    func sendCancel(_ stream: StreamID, _ code: StatusCode) {
        let cancel = Cancel(code: code)
        self.handler?.send(
            frame: cancel.encodeFrame(.cancel, stream: stream, using: self.loop.arena)
        )
    }

    /// Forgets a call that is over for the stream table.
    func remove(_ call: ClientCall) {
        call.isActive = false
        self.calls.remove(call.stream)
        self.deadlines.remove(call)
        self.closeIfDrained()
    }

    /// Closes a connection that the server asked to leave, once nothing waits on it any more.
    func closeIfDrained() {
        guard self.isDraining, self.calls.isEmpty else { return }
        self.handler?.close(TransportError(.goaway, "the server asked to go elsewhere"))
    }

    private func refusedCall(_ status: Status, caller: ClientCall.Caller) -> ClientCall {
        let call = ClientCall(
            stream: .connection,
            connection: self,
            deadline: .distantFuture,
            caller: caller
        )
        call.isActive = false
        self.finishLater(call, status)
        return call
    }

    /// Tells the caller in a later turn, because it may still be in the middle of its own call.
    private func finishLater(_ call: ClientCall, _ status: Status) {
        let bound = NIOLoopBound(call, eventLoop: self.loop.eventLoop)
        self.loop.eventLoop.execute { bound.value.finish(status, body: []) }
    }

    private func armTimer() {
        guard let earliest = self.deadlines.earliest, self.timer.isLate(for: earliest) else {
            return
        }
        let bound = NIOLoopBound(self, eventLoop: self.loop.eventLoop)
        self.timer.arm(for: earliest, on: self.loop.eventLoop) { bound.value.deadlineIsDue() }
    }

    private func deadlineIsDue() {
        self.timer.fired()
        let now = self.loop.eventLoop.now
        while let call = self.deadlines.popDue(now) {
            guard self.streams.cancel(call.stream) == .send else { continue }
            self.sendCancel(call.stream, .deadlineExceeded)
            self.remove(call)
            call.finish(
                Status(code: .deadlineExceeded, message: "no answer in time"),
                body: []
            )
        }
        self.armTimer()
    }
}

@available(*, unavailable)
extension ClientConnection: Sendable {}
