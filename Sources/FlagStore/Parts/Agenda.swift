internal import Flags

/// What will be due when: the dates of flags, and the steps of releases that only wait for time.
///
/// Always exactly what the flags and releases say, so that nothing is scanned to find what is due.
struct Agenda: Sendable {
    /// What is to be done to a flag.
    enum Matter: Int, Hashable, Sendable {
        case start
        case end
        case release
    }

    struct Item: Hashable, Comparable, Sendable {
        let time: Timestamp
        let environment: EnvironmentID
        let flag: FlagKey
        let matter: Matter

        static func < (lhs: Item, rhs: Item) -> Bool {
            if lhs.time != rhs.time { return lhs.time < rhs.time }
            if lhs.environment != rhs.environment { return lhs.environment < rhs.environment }
            if lhs.flag != rhs.flag { return lhs.flag < rhs.flag }
            return lhs.matter.rawValue < rhs.matter.rawValue
        }
    }

    private var items = SortedChunks<Item>()

    init() {}

    /// When the first of it is due.
    var first: Timestamp? { self.items.first?.time }

    /// What is due at `now`, in order, at most so many.
    func due(at now: Timestamp, limit: Int) -> [Item] {
        self.items.prefix(limit) { $0.time <= now }
    }

    /// Moves a matter from one time to another; `nil` means that it is not on the agenda.
    mutating func move(
        _ matter: Matter,
        of flag: FlagKey,
        in environment: EnvironmentID,
        from before: Timestamp?,
        to after: Timestamp?
    ) {
        guard before != after else { return }
        func item(_ time: Timestamp) -> Item {
            Item(time: time, environment: environment, flag: flag, matter: matter)
        }
        if let before { self.items.remove(item(before)) }
        if let after { self.items.insert(item(after)) }
    }
}

extension Flag {
    /// The start that nobody has recorded yet.
    var startToRecord: Timestamp? { Self.toRecord(self.start, self.recordedStart, self.isArchived) }

    /// The end that nobody has recorded yet.
    var endToRecord: Timestamp? { Self.toRecord(self.end, self.recordedEnd, self.isArchived) }

    private static func toRecord(
        _ date: Timestamp?,
        _ recorded: Timestamp?,
        _ isArchived: Bool
    ) -> Timestamp? {
        date == recorded || isArchived ? nil : date
    }

    /// Notes that what has come by `now` needs no record of its own: the change that sets a date in
    /// the past is one.
    mutating func settleDates(since before: Flag?, at now: Timestamp) {
        if self.start != before?.start {
            self.recordedStart = self.start.flatMap { $0 <= now ? $0 : nil }
        }
        if self.end != before?.end {
            self.recordedEnd = self.end.flatMap { $0 <= now ? $0 : nil }
        }
    }
}
