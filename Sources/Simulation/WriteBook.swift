internal import FlagStore
internal import Flags
internal import Raft
internal import Replica

/// What the state machines of all nodes did with every command, and what clients were told.
struct WriteBook {
    /// The revisions of all changes of flags, ascending.
    private(set) var changes: [Revision] = []
    /// What each command came to, by revision, as the first node said that applied it.
    private var outcomes: [Revision: Applied] = [:]
    /// Where each written value took effect.
    private var revisions: [UInt64: Revision] = [:]
    /// The value that each change wrote.
    private var values: [Revision: UInt64] = [:]
    /// The last change of each flag.
    private(set) var latest: [FlagKey: Revision] = [:]
    /// The greatest revision that a client knows of.
    private(set) var acknowledged = Revision.zero

    /// Takes note of what a node publishes.
    mutating func published(_ changes: [Change]) {
        for change in changes where change.revision > (self.changes.last ?? .zero) {
            self.changes.append(change.revision)
        }
    }

    /// How many changes came after one revision and not after another.
    func changes(after low: Revision, through high: Revision) -> ArraySlice<Revision> {
        self.changes[self.position(after: low)..<self.position(after: high)]
    }

    private func position(after revision: Revision) -> Int {
        var low = 0
        var high = self.changes.count
        while low < high {
            let middle = (low + high) / 2
            if self.changes[middle] <= revision { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Compares what a command did on one node with what it did on others; returns what is wrong.
    mutating func applied(
        _ record: AppliedRecord,
        by node: NodeID,
        _ duties: inout DutyBook
    ) -> String? {
        if let known = self.outcomes[record.revision] {
            return known == record.applied
                ? nil
                : "revision \(record.revision) did something else on \(node) than elsewhere"
        }
        self.outcomes[record.revision] = record.applied
        if let mistake = duties.applied(record.applied) { return mistake }
        guard case .flag(let row)? = record.applied.effects.first else { return nil }
        self.latest[row.after.key] = max(self.latest[row.after.key] ?? .zero, record.revision)
        let value = row.after.simulatedValue
        self.values[record.revision] = value
        guard value > 0 else { return nil }
        if let first = self.revisions[value] {
            // Without a session nobody recognises the copies that the network makes.
            guard SimulatedClient.usesSession(Int(value >> 32) - 1) else { return nil }
            return "the write of \(value) took effect at \(first) and again at \(record.revision)"
        }
        self.revisions[value] = record.revision
        return self.denied.contains(value)
            ? "the write of \(value) was denied, it happens at \(record.revision)" : nil
    }

    /// A client is told that its write took effect; returns what is wrong.
    mutating func acknowledged(_ value: UInt64, at revision: Revision) -> String? {
        self.acknowledged = max(self.acknowledged, revision)
        // The node that answers may apply it before it is recorded anywhere: then it is checked
        // at the end.
        if let first = self.revisions[value], first != revision, self.values[revision] != value {
            return "the write of \(value) was acknowledged at \(revision), it happened at \(first)"
        }
        self.promised.append((value, revision))
        return nil
    }

    /// A client was told that its write was not made; returns what is wrong.
    mutating func denied(_ value: UInt64) -> String? {
        self.denied.insert(value)
        return self.revisions[value].map {
            "the write of \(value) was denied, it happened at \($0)"
        }
    }

    /// A client has seen a state of this revision.
    mutating func seen(_ revision: Revision) {
        self.acknowledged = max(self.acknowledged, revision)
    }

    private var denied: Set<UInt64> = []

    private var promised: [(value: UInt64, revision: Revision)] = []

    /// The first acknowledged write that did not happen as promised.
    var brokenPromise: String? {
        let broken = self.promised.first { self.values[$0.revision] != $0.value }
        return broken.map { "the write of \($0.value), acknowledged at \($0.revision), is lost" }
    }

    /// The value of a flag after its last change.
    func value(of key: FlagKey) -> UInt64? { self.latest[key].flatMap { self.values[$0] } }
}
