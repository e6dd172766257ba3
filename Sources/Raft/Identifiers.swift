/// A Raft term: the logical clock of leadership (Raft paper §5.1).
///
/// Term 0 precedes every election.
package struct Term: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: UInt64

    package init(_ rawValue: UInt64) { self.rawValue = rawValue }

    package static let zero = Term(0)

    package var next: Term { Term(self.rawValue + 1) }

    package var description: String { "t\(self.rawValue)" }

    package static func < (lhs: Term, rhs: Term) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// A position in the replicated log.
///
/// The first entry has index 1; 0 means "before the log".
package struct LogIndex: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: UInt64

    package init(_ rawValue: UInt64) { self.rawValue = rawValue }

    package static let zero = LogIndex(0)

    package var next: LogIndex { LogIndex(self.rawValue + 1) }

    /// The index before this one.
    ///
    /// The index must not be zero.
    package var previous: LogIndex {
        precondition(self.rawValue > 0, "index 0 has no predecessor")
        return LogIndex(self.rawValue - 1)
    }

    package func advanced(by count: Int) -> LogIndex {
        LogIndex(self.rawValue + UInt64(count))
    }

    package var description: String { "i\(self.rawValue)" }

    package static func < (lhs: LogIndex, rhs: LogIndex) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// The identity of a node in one cluster.
///
/// Never 0 and never reused: a wiped disk needs a new one.
package struct NodeID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: UInt64

    package init(_ rawValue: UInt64) { self.rawValue = rawValue }

    package var description: String { "n\(self.rawValue)" }

    package static func < (lhs: NodeID, rhs: NodeID) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// A moment of the node's monotonic clock, in milliseconds since an arbitrary start.
///
/// The core never reads a clock: every input that needs the time carries it.
package struct Tick: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let rawValue: UInt64

    package init(_ rawValue: UInt64) { self.rawValue = rawValue }

    package static let never = Tick(UInt64.max)

    package static func + (lhs: Tick, milliseconds: UInt64) -> Tick {
        let (sum, overflow) = lhs.rawValue.addingReportingOverflow(milliseconds)
        return overflow ? .never : Tick(sum)
    }

    package var description: String { "\(self.rawValue)ms" }

    package static func < (lhs: Tick, rhs: Tick) -> Bool { lhs.rawValue < rhs.rawValue }
}
