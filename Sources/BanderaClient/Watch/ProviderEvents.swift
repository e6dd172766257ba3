public import Flags

/// What OpenFeature calls the events of a provider (specification, section 5).
public enum ProviderEvent: Hashable, Sendable {
    /// Evaluations have something to evaluate with, or are up to date again after ``stale``.
    case ready
    /// These flags may evaluate to something else than before; none means that any may.
    case configurationChanged([FlagKey])
    /// No node was reached for longer than ``ClientTiming/staleAfter``; evaluation goes on with what
    /// is known.
    case stale
    /// Something went wrong that does not mend itself, such as credentials that are not accepted.
    ///
    /// The client goes on trying.
    case error(BanderaError)
}

/// The provider events of a client: first the state that there is, then what follows.
///
/// The same news as ``BanderaClient/changes``, by the names of OpenFeature, with the same bounded
/// buffer for each consumer: when events had to be dropped, ``ProviderEvent/configurationChanged(_:)``
/// without flags takes their place.
public struct ProviderEvents: AsyncSequence, Sendable {
    /// What the sequence is made of.
    public typealias Element = ProviderEvent
    /// The sequence never fails.
    public typealias Failure = Never

    private let changes: FlagEvents
    private let freshness: @Sendable () -> Freshness?

    init(changes: FlagEvents, freshness: @escaping @Sendable () -> Freshness?) {
        self.changes = changes
        self.freshness = freshness
    }

    /// Starts listening.
    public func makeAsyncIterator() -> AsyncIterator {
        // Listens first and looks then: what happens in between is told twice rather than never.
        let events = self.changes.makeAsyncIterator()
        return AsyncIterator(events: events, translation: ProviderTranslation(self.freshness()))
    }

    /// One consumer's place in the sequence.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private var events: FlagEvents.AsyncIterator
        private var translation: ProviderTranslation

        fileprivate init(events: FlagEvents.AsyncIterator, translation: ProviderTranslation) {
            self.events = events
            self.translation = translation
        }

        /// The next event; `nil` once the client has shut down or the task is cancelled.
        public mutating func next() async -> ProviderEvent? {
            await self.next(isolation: #isolation)
        }

        /// The next event; `nil` once the client has shut down or the task is cancelled.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async -> ProviderEvent? {
            if let first = self.translation.first() { return first }
            while let event = await self.events.next(isolation: actor) {
                if let translated = self.translation.translate(event) { return translated }
            }
            return nil
        }
    }
}

/// Turns a client's events into those of OpenFeature.
package struct ProviderTranslation: Sendable {
    private enum State {
        case notReady
        case ready
        case stale
    }

    private var state: State
    private var isFirstTold = false

    /// Begins in the state that `freshness` says.
    package init(_ freshness: Freshness?) {
        switch freshness {
        case nil: self.state = .notReady
        case .live, .cached: self.state = .ready
        case .stale: self.state = .stale
        }
    }

    /// The state that there was at the beginning, the first time that this is asked.
    package mutating func first() -> ProviderEvent? {
        guard !self.isFirstTold else { return nil }
        self.isFirstTold = true
        switch self.state {
        case .notReady: return nil
        case .ready: return .ready
        case .stale: return .stale
        }
    }

    /// What `event` is by the names of OpenFeature; `nil` when it is nothing of theirs.
    package mutating func translate(_ event: FlagEvent) -> ProviderEvent? {
        switch event {
        case .ready(let freshness):
            guard self.state != .ready, freshness != .stale else { return nil }
            self.state = .ready
            return .ready
        case .stale:
            guard self.state == .ready else { return nil }
            self.state = .stale
            return .stale
        case .failed(let error): return .error(error)
        case .replaced, .dropped:
            // A first ruleset is told of by `ready`.
            return self.state == .notReady ? nil : .configurationChanged([])
        case .changed(let change):
            // What refers to a segment is not known here: any flag may.
            return .configurationChanged(change.flag.map { [$0.key] } ?? [])
        case .valuesChanged(let keys): return .configurationChanged(keys)
        case .connected, .disconnected: return nil
        }
    }
}
