internal import Flags
internal import Raft

/// The reads that wait: for a read index, and then until this node has applied that far
/// (dissertation §6.4).
struct ReadDesk: Sendable {
    /// A read index that was asked for, and who shares it.
    private struct Round: Sendable {
        let id: ReadID
        let calls: [CallID]
        let askedAt: Tick
    }

    /// Reads that know what they wait for.
    private struct Waiting: Sendable {
        let index: UInt64
        let call: CallID
    }

    /// Reads that no read index was asked for yet, in the order in which they came.
    private var fresh: [CallID] = []
    private var rounds: [Round] = []
    private var waiting: [Waiting] = []
    /// When each read is given up; also tells which calls are still wanted.
    private var deadlines: [CallID: Tick] = [:]
    private var nextID: ReadID
    private var notBefore = Tick(0)

    /// A desk whose requests are not taken for those of an earlier life of the process.
    init(incarnation: UInt64) { self.nextID = ReadID(incarnation) }

    var isEmpty: Bool { self.deadlines.isEmpty }

    /// When something is due; `never` when nothing waits.
    func nextDeadline(after now: Tick) -> Tick {
        guard !self.deadlines.isEmpty else { return .never }
        if !self.fresh.isEmpty, self.rounds.count < ReplicaLimits.readRoundsMax {
            return max(self.notBefore, now)
        }
        let oldest = self.rounds.first?.askedAt ?? now
        return oldest + ReplicaLimits.readRepeatMilliseconds
    }

    /// Takes a read that needs a read index; `false` when too many wait.
    mutating func add(_ call: CallID, now: Tick) -> Bool {
        guard self.admit(call, now: now) else { return false }
        self.fresh.append(call)
        return true
    }

    /// Takes a read that waits for a revision; `false` when too many wait.
    mutating func add(_ call: CallID, index: UInt64, now: Tick) -> Bool {
        guard self.admit(call, now: now) else { return false }
        self.waiting.append(Waiting(index: index, call: call))
        return true
    }

    private mutating func admit(_ call: CallID, now: Tick) -> Bool {
        guard self.deadlines.count < ReplicaLimits.readsMax else { return false }
        self.deadlines[call] = now + ReplicaLimits.readWaitMillisecondsMax
        return true
    }

    mutating func abandon(_ call: CallID) { self.deadlines[call] = nil }

    /// The identity under which a read index is to be asked for now, for all reads that came since
    /// the last one.
    ///
    /// A lost request is repeated under a new identity: a late answer to the first one names an
    /// index from before reads that joined since (item 27).
    mutating func nextRound(now: Tick) -> ReadID? {
        let limit = ReplicaLimits.readRepeatMilliseconds
        let lost = self.rounds.filter { $0.askedAt + limit <= now }
        if !lost.isEmpty {
            self.rounds.removeAll { $0.askedAt + limit <= now }
            self.fresh = lost.flatMap(\.calls) + self.fresh
        }
        guard now >= self.notBefore, self.rounds.count < ReplicaLimits.readRoundsMax else {
            return nil
        }
        self.fresh.removeAll { self.deadlines[$0] == nil }
        guard !self.fresh.isEmpty else { return nil }
        let id = self.nextID
        self.nextID = ReadID(id.rawValue &+ 1)
        self.rounds.append(Round(id: id, calls: self.fresh, askedAt: now))
        self.fresh = []
        return id
    }

    /// Takes the answer to a round; an answer to a round that was given up is ignored.
    mutating func answered(_ result: ReadResult, now: Tick) {
        guard let position = self.rounds.firstIndex(where: { $0.id == result.id }) else { return }
        let round = self.rounds.remove(at: position)
        switch result.outcome {
        case .index(let index):
            for call in round.calls where self.deadlines[call] != nil {
                self.waiting.append(Waiting(index: index.rawValue, call: call))
            }
        case .noLeader, .dropped:
            self.fresh = round.calls + self.fresh
            self.notBefore = now + ReplicaLimits.readPauseMilliseconds
        }
    }

    /// The reads that may be answered now that everything through `applied` is applied.
    mutating func takeReadable(applied: UInt64) -> [CallID] {
        guard !self.waiting.isEmpty else { return [] }
        var readable: [CallID] = []
        var kept: [Waiting] = []
        for read in self.waiting {
            if read.index > applied {
                kept.append(read)
            } else if self.deadlines.removeValue(forKey: read.call) != nil {
                readable.append(read.call)
            }
        }
        self.waiting = kept
        return readable
    }

    /// The reads that have waited too long.
    mutating func takeExpired(now: Tick) -> [CallID] {
        let expired = self.deadlines.filter { $0.value <= now }.keys.sorted()
        self.drop(expired)
        return expired
    }

    /// Everything that waits.
    mutating func removeAll() -> [CallID] {
        let all = self.deadlines.keys.sorted()
        self.drop(all)
        self.fresh = []
        self.rounds = []
        return all
    }

    private mutating func drop(_ calls: [CallID]) {
        guard !calls.isEmpty else { return }
        for call in calls { self.deadlines[call] = nil }
        self.fresh.removeAll { self.deadlines[$0] == nil }
        self.waiting.removeAll { self.deadlines[$0.call] == nil }
    }
}
