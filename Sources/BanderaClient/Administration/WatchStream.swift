package import ClientProtocol
package import Flags
internal import NIOCore
internal import Transport
internal import Wire

/// The events of one watch as the node sends them: snapshot, changes, bookmarks, resyncs.
///
/// For one consumer. What it has taken is acknowledged whenever it has caught up, and the node sends
/// no more than a window ahead of it. Forgetting the stream cancels the watch.
package struct WatchStream: AsyncSequence, Sendable {
    /// What the node sends.
    package typealias Element = WatchEvent
    /// Always a ``BanderaError``.
    package typealias Failure = any Error

    private let events: AsyncThrowingStream<WatchEvent, any Error>
    private let flow: WatchFlow

    static func open(
        on connection: TransportConnection,
        request: WatchRequest
    ) async throws -> WatchStream {
        let (events, continuation) = AsyncThrowingStream<WatchEvent, any Error>.makeStream()
        let flow = WatchFlow(connection: connection)
        let body = request.encode()
        continuation.onTermination = { _ in flow.cancel() }
        try await connection.eventLoop.submit {
            flow.open(body: body, into: continuation)
        }.get()
        return WatchStream(events: events, flow: flow)
    }

    /// Starts taking events.
    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(events: self.events.makeAsyncIterator(), flow: self.flow)
    }

    /// The consumer's place.
    package struct AsyncIterator: AsyncIteratorProtocol {
        private var events: AsyncThrowingStream<WatchEvent, any Error>.AsyncIterator
        private let flow: WatchFlow
        private var uncredited: UInt32 = 0

        fileprivate init(
            events: AsyncThrowingStream<WatchEvent, any Error>.AsyncIterator,
            flow: WatchFlow
        ) {
            self.events = events
            self.flow = flow
        }

        /// The next event; throws ``BanderaError`` when the watch ends.
        package mutating func next() async throws -> WatchEvent? {
            try await self.next(isolation: #isolation)
        }

        /// The next event; throws ``BanderaError`` when the watch ends.
        package mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws -> WatchEvent? {
            guard let event = try await self.events.next(isolation: actor) else { return nil }
            self.uncredited += 1
            if self.uncredited == ClientLimits.watchCreditPortion {
                self.flow.grant(self.uncredited)
                self.uncredited = 0
            }
            self.flow.taken(event)
            return event
        }
    }
}

extension WatchEvent {
    /// The revision that a client which has processed the event has reached, if it tells one.
    package var reached: Revision? {
        switch self {
        case .snapshot(let part): part.isLast ? part.revision : nil
        case .changes(let changes): changes.revision
        case .bookmark(let revision): revision
        case .resync: nil
        case .values(let values): values.revision
        }
    }
}

/// The event-loop side of a watch: its call, its credit, its acknowledgements.
private final class WatchFlow: Sendable {
    private struct State {
        var call: ClientCall?
        var reached = Revision.zero
        var acknowledged = Revision.zero
        var isAcknowledging = false
    }

    private let connection: TransportConnection
    private let state: NIOLoopBoundBox<State>

    init(connection: TransportConnection) {
        self.connection = connection
        self.state = .makeBoxSendingValue(State(), eventLoop: connection.eventLoop)
    }

    /// On the event loop.
    func open(
        body: [UInt8],
        into continuation: AsyncThrowingStream<WatchEvent, any Error>.Continuation
    ) {
        let events = ClientCallEvents(
            message: { call, message in
                do throws(WireError) {
                    continuation.yield(try WatchEvent.decode(Array(message.readableBytesView)))
                } catch {
                    let reason = BanderaError(.protocolViolation, "watch: \(error.message)")
                    continuation.finish(throwing: reason)
                    call.cancel()
                }
            },
            ended: { _, status, _ in
                let reason = BanderaError(CallPlan.code(of: status), "\(status)")
                continuation.finish(throwing: status.code == .ok ? nil : reason)
            }
        )
        self.state.value.call = self.connection.openStream(
            ClientMethod.watch.rawValue,
            body: body,
            credit: ClientLimits.watchCredit,
            events: events
        )
    }

    func cancel() {
        self.connection.eventLoop.execute {
            self.state.value.call?.cancel()
            self.state.value.call = nil
        }
    }

    func grant(_ messages: UInt32) {
        self.connection.eventLoop.execute { self.state.value.call?.grantCredit(messages) }
    }

    func taken(_ event: WatchEvent) {
        guard let reached = event.reached else { return }
        self.connection.eventLoop.execute { self.acknowledge(reached) }
    }

    /// One acknowledgement per turn of the loop, for the last of what was taken by then.
    private func acknowledge(_ revision: Revision) {
        self.state.value.reached = max(self.state.value.reached, revision)
        guard !self.state.value.isAcknowledging else { return }
        self.state.value.isAcknowledging = true
        self.connection.eventLoop.scheduleTask(in: .milliseconds(1)) {
            let reached = self.state.value.reached
            self.state.value.isAcknowledging = false
            guard reached > self.state.value.acknowledged else { return }
            let message = WatchAcknowledgement(revision: reached).encode()
            if self.state.value.call?.send(message) == true {
                self.state.value.acknowledged = reached
            }
        }
    }
}
