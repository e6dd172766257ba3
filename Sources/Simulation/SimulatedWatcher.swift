internal import ClientProtocol
internal import Flags
internal import Replica
internal import Wire

/// A subscriber that checks the promises of a watch: ordered, none twice, none missing.
struct SimulatedWatcher {
    let number: Int
    var node: Int?
    var slot: WatcherSlot?
    /// Everything up to here was delivered.
    var revision: Revision?
    var credit = 8
    private(set) var violations: [String] = []
    /// The flags as the events say they are.
    private(set) var flags: [FlagKey: Flag] = [:]
    /// The segments as the events say they are.
    private(set) var segments: [String: Segment] = [:]
    private var partial: [FlagKey: Flag] = [:]
    private var partialSegments: [String: Segment] = [:]

    init(number: Int) { self.number = number }

    /// Starts from nothing, as another client would.
    mutating func forget() {
        self.revision = nil
        self.flags = [:]
        self.segments = [:]
        self.partial = [:]
        self.partialSegments = [:]
    }

    /// - Parameter book: knows all changes so far.
    mutating func received(_ event: WatchEvent, book: WriteBook) {
        switch event {
        case .snapshot(let part):
            if part.isFirst {
                self.partial = [:]
                self.partialSegments = [:]
            }
            for flag in part.flags { self.partial[flag.key] = flag }
            for segment in part.segments { self.partialSegments[segment.key] = segment }
            guard part.isLast else { return }
            if let revision = self.revision, part.revision < revision {
                self.violations.append("the snapshot \(part.revision) goes back from \(revision)")
            }
            self.flags = self.partial
            self.segments = self.partialSegments
            self.revision = part.revision
        case .changes(let changes):
            self.received(changes, book: book)
        case .bookmark(let revision):
            if self.revision == nil { self.violations.append("a bookmark came before a snapshot") }
            let missed = book.changes(after: self.revision ?? .zero, through: revision).first
            if let missed { self.violations.append("the bookmark \(revision) skips \(missed)") }
            self.revision = max(self.revision ?? .zero, revision)
        case .resync:
            break
        case .values:
            self.violations.append("values came to a watch for rules")
        }
    }

    private mutating func received(_ changes: WatchEvent.Changes, book: WriteBook) {
        guard let before = self.revision else {
            self.violations.append("changes came before a snapshot")
            return
        }
        var last = before
        for change in changes.changes {
            if change.revision <= last {
                self.violations.append("\(change.revision) came after \(last)")
            }
            last = change.revision
            switch change.item {
            case .flag(let flag): self.flags[flag.key] = flag
            case .segment(let segment): self.segments[segment.key] = segment
            case .segmentRemoved(let key): self.segments[key] = nil
            }
        }
        if !changes.coalesced {
            let expected = book.changes(after: before, through: changes.revision)
            if !expected.elementsEqual(changes.changes.lazy.map(\.revision)) {
                self.violations.append(
                    "after \(before) came \(changes.changes.map(\.revision)), not "
                        + "\(Array(expected))"
                )
            }
        }
        self.revision = changes.revision
    }
}

/// Hands a hub's events to the simulated watchers of one node.
struct SimulatedSink: WatchSink {
    let arena: Arena
    var watchers: [(slot: WatcherSlot, number: Int, credit: Int)] = []
    var delivered: [(watcher: Int, event: WatchEvent)] = []

    /// Through bytes, as on a wire.
    func prepare(_ event: WatchEvent) -> WatchEvent {
        guard let read = try? WatchEvent.decode(event.encode(using: self.arena), using: self.arena)
        else { preconditionFailure("a watch event cannot be read back") }
        return read
    }

    mutating func deliver(_ event: WatchEvent, to slot: WatcherSlot) -> Bool {
        guard let index = self.watchers.firstIndex(where: { $0.slot == slot }),
            self.watchers[index].credit > 0
        else { return false }
        self.watchers[index].credit -= 1
        self.delivered.append((self.watchers[index].number, event))
        return true
    }
}
