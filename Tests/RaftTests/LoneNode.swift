import Raft

/// One node, driven by hand: messages in, `Ready` out, a disk that completes when told.
struct LoneNode {
    var core: RaftNode
    var now = Tick(0)
    private let configuration: RaftConfiguration
    private(set) var hardState = HardState()
    private(set) var disk: [Entry] = []

    init(
        id: UInt64 = 1,
        voters: Int = 3,
        learners: [UInt64] = [],
        last: LogPosition = .zero,
        configure: (inout RaftConfiguration) -> Void = { _ in }
    ) {
        var entries: [Entry] = []
        if last.index > .zero {
            for raw in 1...last.index.rawValue {
                entries.append(
                    Entry(term: last.term, index: LogIndex(raw), kind: .command, payload: [])
                )
            }
        }
        self.init(
            id: id,
            voters: voters,
            learners: learners,
            log: entries,
            term: last.term,
            configure: configure
        )
    }

    init(
        id: UInt64 = 1,
        voters: Int = 3,
        learners: [UInt64] = [],
        log: [Entry],
        term: Term,
        configure: (inout RaftConfiguration) -> Void = { _ in }
    ) {
        var configuration = RaftConfiguration(
            id: NodeID(id),
            voters: (1...UInt64(voters)).map { NodeID($0) },
            learners: learners.map { NodeID($0) },
            seed: 5
        )
        configure(&configuration)
        self.configuration = configuration
        self.hardState = HardState(term: term)
        self.disk = log
        self.core = RaftNode(
            configuration: configuration,
            restored: Self.restored(self.hardState, log),
            now: Tick(0)
        )
    }

    private static func restored(_ hardState: HardState, _ disk: [Entry]) -> RestoredLog {
        RestoredLog(
            hardState: hardState,
            last: disk.last.map { LogPosition(term: $0.term, index: $0.index) } ?? .zero,
            tail: disk
        )
    }

    mutating func receive(from peer: UInt64, term: UInt64, _ body: Message.Body) {
        let message = Message(
            from: NodeID(peer),
            to: self.core.id,
            term: Term(term),
            body: body
        )
        self.core.step(message, now: self.now)
    }

    mutating func pass(_ milliseconds: UInt64) {
        self.now = self.now + milliseconds
        self.core.tick(self.now)
    }

    /// Lets the next deadline pass.
    mutating func timeOut() -> Ready {
        self.now = self.core.nextDeadline
        self.core.tick(self.now)
        return self.core.takeReady()
    }

    mutating func persist(_ ready: Ready) {
        guard let batch = ready.persist else { return }
        if let hardState = batch.hardState { self.hardState = hardState }
        if let first = batch.entries.first {
            self.disk.removeSubrange(Int(first.index.rawValue - 1)...)
            self.disk += batch.entries
        }
        self.core.persisted(batch.token, now: self.now)
    }

    /// Persists until nothing is left to; returns every message on the way.
    @discardableResult
    mutating func persistAll() -> [Message] {
        var messages: [Message] = []
        while self.core.hasReady {
            let ready = self.core.takeReady()
            messages += ready.messages
            if let last = ready.committed.last { self.core.applied(through: last.index) }
            self.persist(ready)
        }
        return messages
    }

    /// Crashes and starts from the disk.
    mutating func restart() {
        self.core = RaftNode(
            configuration: self.configuration,
            restored: Self.restored(self.hardState, self.disk),
            now: self.now
        )
    }

    mutating func becomeCandidate() {
        _ = self.timeOut()
        let next = self.core.term.rawValue + 1
        for peer in self.configuration.voters where peer != self.core.id {
            self.receive(from: peer.rawValue, term: next, .preVoteResponse(granted: true))
        }
        self.persistAll()
    }

    mutating func becomeLeader() {
        self.becomeCandidate()
        let term = self.core.term.rawValue
        for peer in self.configuration.voters where peer != self.core.id {
            self.receive(from: peer.rawValue, term: term, .voteResponse(granted: true))
        }
        precondition(self.core.role == .leader, "\(self.core.role)")
    }
}

/// Builds a log from the terms of its entries, first to last.
func makeLog(_ terms: UInt64...) -> [Entry] {
    terms.enumerated().map { offset, term in
        Entry(
            term: Term(term),
            index: LogIndex(UInt64(offset + 1)),
            kind: .command,
            payload: [UInt8(truncatingIfNeeded: term)]
        )
    }
}

/// A position from plain numbers.
func at(_ term: UInt64, _ index: UInt64) -> LogPosition {
    LogPosition(term: Term(term), index: LogIndex(index))
}
