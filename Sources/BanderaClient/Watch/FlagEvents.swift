internal import Synchronization

/// The events of a client from now on, as an asynchronous sequence.
///
/// Each iteration has its own bounded buffer; when its consumer is too slow the oldest events are
/// dropped and ``FlagEvent/dropped(_:)`` takes their place. It ends when the client shuts down.
public struct FlagEvents: AsyncSequence, Sendable {
    /// What the sequence is made of.
    public typealias Element = FlagEvent
    /// The sequence never fails.
    public typealias Failure = Never

    private let broadcast: FlagEventBroadcast

    /// The events that `broadcast` hands out.
    package init(broadcast: FlagEventBroadcast) { self.broadcast = broadcast }

    /// Starts listening.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(subscription: FlagEventSubscription(self.broadcast))
    }

    /// One consumer's place in the sequence.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let subscription: FlagEventSubscription

        /// The next event; `nil` once the client has shut down or the task is cancelled.
        public mutating func next() async -> FlagEvent? {
            await self.subscription.next()
        }

        /// The next event; `nil` once the client has shut down or the task is cancelled.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async -> FlagEvent? {
            await self.subscription.next()
        }
    }
}

/// Hands events to every consumer that is listening.
package final class FlagEventBroadcast: Sendable {
    private struct State {
        var mailboxes: [UInt64: FlagEventMailbox] = [:]
        var nextID: UInt64 = 0
        var isFinished = false
    }

    private let state = Mutex(State())

    /// A broadcast that nobody listens to yet.
    package init() {}

    /// Adds a consumer; `nil` when there are too many or the client has shut down.
    func subscribe(_ mailbox: FlagEventMailbox) -> UInt64? {
        self.state.withLock { state in
            guard !state.isFinished, state.mailboxes.count < ClientLimits.changeConsumersMax else {
                return nil
            }
            state.nextID += 1
            state.mailboxes[state.nextID] = mailbox
            return state.nextID
        }
    }

    func unsubscribe(_ id: UInt64) {
        self.state.withLock { state in _ = state.mailboxes.removeValue(forKey: id) }
    }

    /// Hands an event to every consumer; never waits for one.
    package func send(_ event: FlagEvent) {
        let mailboxes = self.state.withLock { state in Array(state.mailboxes.values) }
        for mailbox in mailboxes { mailbox.put(event) }
    }

    /// Ends every consumer's sequence.
    package func finish() {
        let mailboxes = self.state.withLock { state in
            state.isFinished = true
            defer { state.mailboxes = [:] }
            return Array(state.mailboxes.values)
        }
        for mailbox in mailboxes { mailbox.finish() }
    }
}

/// A consumer's membership: ends when the iterator is forgotten.
final class FlagEventSubscription: Sendable {
    private let broadcast: FlagEventBroadcast
    private let mailbox = FlagEventMailbox()
    private let id: UInt64?

    init(_ broadcast: FlagEventBroadcast) {
        self.broadcast = broadcast
        self.id = broadcast.subscribe(self.mailbox)
        if self.id == nil { self.mailbox.finish() }
    }

    deinit {
        if let id = self.id { self.broadcast.unsubscribe(id) }
    }

    func next() async -> FlagEvent? { await self.mailbox.take() }
}

/// One consumer's buffer, and the consumer when it waits.
final class FlagEventMailbox: Sendable {
    private struct State {
        var buffer = FlagEventBuffer()
        var waiting: CheckedContinuation<FlagEvent?, Never>?
        var isFinished = false
    }

    private let state = Mutex(State())

    func put(_ event: FlagEvent) {
        let waiting = self.state.withLock { state -> CheckedContinuation<FlagEvent?, Never>? in
            guard let waiting = state.waiting else {
                state.buffer.append(event)
                return nil
            }
            state.waiting = nil
            return waiting
        }
        waiting?.resume(returning: event)
    }

    func finish() {
        let waiting = self.state.withLock { state in
            state.isFinished = true
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: nil)
    }

    func take() async -> FlagEvent? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let immediate = self.state.withLock { state -> FlagEvent?? in
                    if let event = state.buffer.popFirst() { return .some(event) }
                    if state.isFinished { return .some(nil) }
                    precondition(state.waiting == nil, "one consumer, one waiter")
                    state.waiting = continuation
                    return nil
                }
                if let immediate { continuation.resume(returning: immediate) }
            }
        } onCancel: {
            self.finish()
        }
    }
}
