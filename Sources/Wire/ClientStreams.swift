/// The calls of one connection, on the client's side: decides what each frame means and what may be
/// sent.
///
/// Performs no I/O.
///
/// | violation of the server | ends |
/// |---|---|
/// | DATA, END or CREDIT for an id that was never opened | connection |
/// | DATA without credit, or after END_STREAM; CREDIT of 0 | that call |
/// | DATA, END or CREDIT for a call that is over | nothing: it was on its way |
package struct ClientStreams: Sendable {
    /// What to do when the program wants to make a call.
    package enum OpenAction: Equatable, Sendable {
        /// Send REQUEST with this id.
        case send(StreamID)
        /// Fail the call; `unavailable` means: use another connection.
        case refuse(Status)
    }

    /// What to do with an END that was received.
    package enum EndAction: Equatable, Sendable {
        /// Hand the result to the call, which is over.
        case finish
        /// The call is over: it was cancelled here meanwhile.
        case ignore
        /// Close.
        case failConnection(WireError)
    }

    private let streamsMax: Int
    /// How many DATA frames the server takes on a new call.
    private let initialCredit: UInt32
    private var table = StreamTable()
    /// The server sent GOAWAY.
    private var isDraining = false

    /// Makes an empty table; `limits` are this side's, `server` is what the server allows.
    package init(limits: WireLimits, server: Settings) {
        self.streamsMax = min(limits.streamsMax, Int(server.streamsMax))
        self.initialCredit = server.initialCredit
    }

    /// How many calls are open.
    package var count: Int { self.table.count }

    /// The open calls, in ascending order: what to fail when the connection is lost.
    package var open: [StreamID] { self.table.ids }

    /// How many DATA frames may be sent on a call; 0 when it is over.
    package func sendCredit(_ stream: StreamID) -> UInt32 {
        self.table[stream]?.sendCredit ?? 0
    }

    // MARK: Frames to the server

    /// The program wants to make a call; `credit` is what its REQUEST grants.
    package mutating func open(endStream: Bool, credit: UInt32) -> OpenAction {
        guard !self.isDraining else {
            return .refuse(Status(code: .unavailable, message: "the node is shutting down"))
        }
        guard self.table.last.rawValue < UInt32.max else {
            return .refuse(Status(code: .unavailable, message: "the connection is used up"))
        }
        guard self.table.count < self.streamsMax else {
            return .refuse(
                Status(code: .resourceExhausted, message: "too many calls on one connection")
            )
        }
        let stream = StreamID(self.table.last.rawValue + 1)
        self.table.append(
            StreamEntry(
                id: stream,
                sendCredit: endStream ? 0 : self.initialCredit,
                receiveCredit: min(credit, WireLimits.creditMax),
                isLocalClosed: endStream,
                isRemoteClosed: false
            )
        )
        return .send(stream)
    }

    /// The program wants to send a DATA frame; `send` takes one credit.
    package mutating func send(_ stream: StreamID, endStream: Bool = false) -> SendAction {
        self.table.sendData(stream, endStream: endStream)
    }

    /// The program, or its deadline, gives a call up; after `send` (of CANCEL) it is over.
    package mutating func cancel(_ stream: StreamID) -> SendAction {
        self.table.remove(stream) ? .send : .closed
    }

    /// The program is ready for more DATA; send CREDIT of the result unless it is 0.
    package mutating func grant(_ stream: StreamID, messages: UInt32) -> UInt32 {
        self.table.grant(stream, messages: messages)
    }

    // MARK: Frames from the server

    /// A DATA frame was received.
    package mutating func data(_ stream: StreamID, endStream: Bool) -> DataAction {
        self.table.receiveData(stream, endStream: endStream)
    }

    /// A CREDIT frame was received.
    package mutating func credit(_ stream: StreamID, messages: UInt32) -> CreditAction {
        self.table.receiveCredit(stream, messages: messages)
    }

    /// An END was received.
    package mutating func end(_ stream: StreamID) -> EndAction {
        guard stream <= self.table.last else {
            return .failConnection(.unknownStream(stream))
        }
        return self.table.remove(stream) ? .finish : .ignore
    }

    /// A GOAWAY was received.
    ///
    /// Fail these calls: the server never saw them, so that they may be made again elsewhere. The
    /// others go on.
    package mutating func goaway(lastStream: StreamID) -> [StreamID] {
        self.isDraining = true
        return self.table.removeAll(after: lastStream)
    }
}
