internal import Flags
internal import Raft

/// When the log may forget what it holds, and how much.
///
/// Three steps, one after the other: the record store is made durable, the log is compacted, the
/// core is told. Only what a durable record store holds is forgotten.
struct Compactor: Sendable {
    private enum Phase: Hashable, Sendable {
        case idle
        case makingDurable
        case durable(Revision)
        case compacting(LogIndex)
    }

    private let policy: CompactionPolicy
    private var phase = Phase.idle
    private var sizes: LogSizes
    private var isDurableWanted = false

    init(policy: CompactionPolicy, applied: LogIndex) {
        self.policy = policy
        self.sizes = LogSizes(after: applied.rawValue)
    }

    /// Whether the record store was made durable for it, and `takeBase` is to be called.
    var isDurable: Bool { if case .durable = self.phase { true } else { false } }

    mutating func applied(_ entry: Entry) {
        self.sizes.add(entry.payload.count + RaftLimits.entryOverheadBytes)
    }

    /// A snapshot took the place of everything.
    mutating func reset(to position: LogPosition) {
        self.sizes = LogSizes(after: position.index.rawValue)
        self.phase = .idle
        self.isDurableWanted = false
    }

    /// Up to where the log can go while it keeps its tail, and nothing that is held for somebody.
    private func limit(applied: LogIndex, held: LogIndex) -> LogIndex {
        let last = applied.rawValue
        let byEntries = last - min(self.policy.tailEntries, last)
        let byBytes = min(self.sizes.index(keeping: self.policy.tailBytes), last)
        return min(LogIndex(max(byEntries, byBytes)), held)
    }

    /// Begins when enough would be released.
    mutating func begin(base: LogIndex, applied: LogIndex, held: LogIndex) {
        guard self.phase == .idle else { return }
        let limit = self.limit(applied: applied, held: held)
        guard limit > base else { return }
        let entries = limit.rawValue - base.rawValue
        let bytes = self.sizes.bytes(after: base.rawValue, through: limit.rawValue)
        guard entries >= self.policy.stepEntries || bytes >= self.policy.stepBytes else { return }
        self.phase = .makingDurable
        self.isDurableWanted = true
    }

    mutating func ledgerDurable(through revision: Revision) {
        guard self.phase == .makingDurable else { return }
        self.phase = .durable(revision)
    }

    /// The last entry that may go now; `nil` when it is not time, or nothing may.
    mutating func takeBase(base: LogIndex, applied: LogIndex, held: LogIndex) -> LogIndex? {
        guard case .durable(let revision) = self.phase else { return nil }
        self.phase = .idle
        let durable = LogIndex(revision.rawValue)
        let limit = min(self.limit(applied: applied, held: held), durable)
        return limit > base ? limit : nil
    }

    mutating func compacting(to base: LogIndex) { self.phase = .compacting(base) }

    /// Up to where the log is being compacted at this moment.
    var releasing: LogIndex? { if case .compacting(let base) = self.phase { base } else { nil } }

    mutating func compacted(to base: LogIndex) {
        self.sizes.release(through: base.rawValue)
        if case .compacting = self.phase { self.phase = .idle }
    }

    mutating func takeDurableWanted() -> Bool {
        defer { self.isDurableWanted = false }
        return self.isDurableWanted
    }
}
