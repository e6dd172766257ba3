/// The calls of one connection, on the server's side: decides what each frame means and what may be
/// sent.
///
/// Performs no I/O.
///
/// What a client does wrong ends the smallest thing that can still be trusted:
///
/// | violation | ends |
/// |---|---|
/// | REQUEST whose id is not higher than all before (reused or out of order) | connection |
/// | DATA, CANCEL or CREDIT for an id that was never opened | connection |
/// | REQUEST past `streamsMax`, or after GOAWAY | that call: RESOURCE_EXHAUSTED, UNAVAILABLE |
/// | DATA after END_STREAM | that call: INVALID_ARGUMENT |
/// | DATA without credit | that call: RESOURCE_EXHAUSTED |
/// | CREDIT of 0 | that call: INVALID_ARGUMENT |
/// | DATA, CANCEL or CREDIT for a call that is over | nothing: it was on its way |
package struct ServerStreams: Sendable {
    /// What to do with a REQUEST that was received.
    package enum RequestAction: Equatable, Sendable {
        /// Hand the call to the service.
        case open
        /// Send END with this status; the call is not open.
        case refuse(Status)
        /// Send GOAWAY and close.
        case failConnection(WireError)
    }

    /// What to do with a CANCEL that was received.
    package enum CancelAction: Equatable, Sendable {
        /// Tell the service; send nothing.
        case cancel
        /// The call is over.
        case ignore
        /// Send GOAWAY and close.
        case failConnection(WireError)
    }

    private let streamsMax: Int
    private let initialCredit: UInt32
    private var table = StreamTable()
    /// GOAWAY was sent: nothing new is taken.
    private var isDraining = false

    package init(limits: WireLimits) {
        self.streamsMax = limits.streamsMax
        self.initialCredit = limits.initialCredit
    }

    /// How many calls are open.
    package var count: Int { self.table.count }

    /// The open calls, in ascending order: what to cancel when the connection is lost.
    package var open: [StreamID] { self.table.ids }

    /// How many DATA frames may be sent on a call; 0 when it is over.
    package func sendCredit(_ stream: StreamID) -> UInt32 {
        self.table[stream]?.sendCredit ?? 0
    }

    // MARK: Frames from the client

    /// A REQUEST was received.
    package mutating func request(
        _ stream: StreamID,
        endStream: Bool,
        credit: UInt32
    ) -> RequestAction {
        guard stream > self.table.last else {
            return .failConnection(
                WireError(code: .violation, message: "stream ids must grow, got \(stream)")
            )
        }
        guard !self.isDraining else {
            self.table.skip(stream)
            return .refuse(Status(code: .unavailable, message: "the node is shutting down"))
        }
        guard self.table.count < self.streamsMax else {
            self.table.skip(stream)
            return .refuse(
                Status(code: .resourceExhausted, message: "too many calls on one connection")
            )
        }
        self.table.append(
            StreamEntry(
                id: stream,
                sendCredit: min(credit, WireLimits.creditMax),
                receiveCredit: endStream ? 0 : self.initialCredit,
                isLocalClosed: false,
                isRemoteClosed: endStream
            )
        )
        return .open
    }

    /// A DATA frame was received.
    package mutating func data(_ stream: StreamID, endStream: Bool) -> DataAction {
        self.table.receiveData(stream, endStream: endStream)
    }

    /// A CREDIT frame was received.
    package mutating func credit(_ stream: StreamID, messages: UInt32) -> CreditAction {
        self.table.receiveCredit(stream, messages: messages)
    }

    /// A CANCEL was received.
    package mutating func cancel(_ stream: StreamID) -> CancelAction {
        guard stream <= self.table.last else {
            return .failConnection(.unknownStream(stream))
        }
        return self.table.remove(stream) ? .cancel : .ignore
    }

    // MARK: Frames to the client

    /// The service wants to send a DATA frame; `send` takes one credit.
    package mutating func send(_ stream: StreamID) -> SendAction {
        self.table.sendData(stream, endStream: false)
    }

    /// The service wants to send END; after `send` the call is over.
    package mutating func end(_ stream: StreamID) -> SendAction {
        self.table.remove(stream) ? .send : .closed
    }

    /// The service is ready for more DATA; send CREDIT of the result unless it is 0.
    package mutating func grant(_ stream: StreamID, messages: UInt32) -> UInt32 {
        self.table.grant(stream, messages: messages)
    }

    /// Takes nothing new from now on; send GOAWAY with the result as its last stream.
    package mutating func drain() -> StreamID {
        self.isDraining = true
        return self.table.last
    }
}
