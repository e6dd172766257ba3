package import NIOCore
package import TLS
package import Wire

/// A client's connection to a listener: calls go out, answers come back, on one event loop.
///
/// The async methods can be called from anywhere; those that take or return loop-bound values MUST
/// be called on `eventLoop` and never hop.
package final class TransportConnection: Sendable {
    package let eventLoop: any EventLoop
    /// What the server said about itself.
    package let peerSettings: Settings
    /// Who the server is by its certificate.
    package let identity: PeerIdentity?
    /// Succeeds with the reason once the connection is gone.
    ///
    /// Never fails.
    package let closeFuture: EventLoopFuture<TransportError>
    /// Succeeds when the server asks to go elsewhere; calls that it took are still answered.
    ///
    /// Fails when the connection ends without that.
    package let goawayFuture: EventLoopFuture<Goaway>

    private let connection: NIOLoopBound<ClientConnection>

    init(_ connection: ClientConnection, peerSettings: Settings) {
        self.eventLoop = connection.loop.eventLoop
        self.peerSettings = peerSettings
        self.identity = connection.handler?.identity
        self.closeFuture = connection.closed.futureResult
        self.goawayFuture = connection.goaway.futureResult
        self.connection = NIOLoopBound(connection, eventLoop: connection.loop.eventLoop)
    }

    // MARK: On the event loop

    /// Whether calls can be made.
    ///
    /// Only on the event loop.
    package var isOpen: Bool {
        let connection = self.connection.value
        return connection.isOpen && !connection.isDraining
    }

    /// Whether the server keeps up with what is sent to it.
    ///
    /// Only on the event loop.
    package var isWritable: Bool { self.connection.value.handler?.isWritable ?? false }

    /// The round trip of the last answered ping, if there was one.
    ///
    /// Only on the event loop.
    package var roundTrip: TimeAmount? {
        let nanoseconds = self.connection.value.handler?.roundTripNanoseconds
        return nanoseconds.map { TimeAmount.nanoseconds(Int64(clamping: $0)) }
    }

    /// Pings the server now, so that `roundTrip` is fresh soon.
    ///
    /// Only on the event loop.
    package func probe() { self.connection.value.handler?.probe() }

    /// Makes a unary call.
    ///
    /// `completion` is called once, never before this returns.
    @discardableResult
    package func unary(
        _ method: String,
        body: [UInt8],
        timeout: TimeAmount? = nil,
        metadata: [MetadataField] = [],
        completion: @escaping (Result<[UInt8], Status>) -> Void
    ) -> ClientCall {
        let request = Request(
            method: method,
            timeoutMilliseconds: timeout?.wireMilliseconds ?? 0,
            metadata: metadata,
            body: body
        )
        return self.connection.value.open(
            request,
            endStream: true,
            timeout: timeout,
            caller: .unary(completion)
        )
    }

    /// Opens a streaming call; `credit` is how many DATA it takes at first.
    ///
    /// `endStream` says that the first message is the only one. `events.ended` is always called,
    /// never before this returns, even if the call could not be made at all.
    package func openStream(
        _ method: String,
        body: [UInt8],
        credit: UInt32,
        timeout: TimeAmount? = nil,
        metadata: [MetadataField] = [],
        endStream: Bool = false,
        events: ClientCallEvents
    ) -> ClientCall {
        let request = Request(
            method: method,
            timeoutMilliseconds: timeout?.wireMilliseconds ?? 0,
            metadata: metadata,
            credit: credit,
            body: body
        )
        return self.connection.value.open(
            request,
            endStream: endStream,
            timeout: timeout,
            caller: .streaming(events)
        )
    }

    // MARK: From anywhere

    /// Makes a unary call and waits for its answer; a cancelled task cancels the call.
    ///
    /// Without a `timeout` the call waits for as long as the connection lives.
    package func unary(
        _ method: String,
        body: [UInt8],
        timeout: TimeAmount? = nil,
        metadata: [MetadataField] = []
    ) async throws(Status) -> [UInt8] {
        let ticket = NIOLoopBoundBox.makeBoxSendingValue(
            UnaryTicket.waiting,
            eventLoop: self.eventLoop
        )
        let result: Result<[UInt8], Status> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                self.eventLoop.execute {
                    if case .cancelled = ticket.value {
                        return continuation.resume(returning: .failure(Status(code: .cancelled)))
                    }
                    let call = self.unary(
                        method,
                        body: body,
                        timeout: timeout,
                        metadata: metadata,
                        completion: { continuation.resume(returning: $0) }
                    )
                    ticket.value = .made(call)
                }
            }
        } onCancel: {
            self.eventLoop.execute {
                if case .made(let call) = ticket.value { call.cancel() }
                ticket.value = .cancelled
            }
        }
        return try result.get()
    }

    /// Closes the connection; open calls end with UNAVAILABLE.
    package func close() {
        let connection = self.connection
        self.eventLoop.execute {
            let reason = TransportError(.closed, "the connection was closed by its owner")
            connection.value.handler?.close(reason)
        }
    }
}

/// How far an async unary call has come, for its cancellation.
private enum UnaryTicket {
    case waiting
    case made(ClientCall)
    case cancelled
}

extension TimeAmount {
    /// Whole milliseconds, never 0 for a positive amount because 0 means no deadline.
    fileprivate var wireMilliseconds: UInt32 {
        UInt32(clamping: max(1, self.nanoseconds / 1_000_000))
    }
}
