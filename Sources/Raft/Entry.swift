/// One entry of the replicated log (Raft paper §5.3).
package struct Entry: Hashable, Sendable {
    /// What an entry carries.
    package enum Kind: UInt8, Sendable {
        /// The empty entry that a new leader commits first (Raft dissertation §6.4).
        case noOp = 0
        /// An opaque state-machine command.
        case command = 1
        /// A cluster configuration, active as soon as it is appended (dissertation §4.1).
        case configuration = 2
    }

    package let term: Term
    package let index: LogIndex
    package let kind: Kind
    /// Opaque to the core.
    ///
    /// Empty for `noOp`.
    package let payload: [UInt8]

    package init(term: Term, index: LogIndex, kind: Kind, payload: [UInt8]) {
        precondition(index > .zero, "an entry's index starts at 1, got \(index)")
        self.term = term
        self.index = index
        self.kind = kind
        self.payload = payload
    }
}

/// The part of a node's state that one atomic record on disk holds: it must be durable before any
/// message that depends on it is sent (Raft paper §5.2; hashicorp/raft#661).
package struct HardState: Hashable, Sendable {
    package var term: Term
    package var vote: NodeID?
    /// A hint that speeds up recovery; never trusted beyond the last durable entry.
    package var commit: LogIndex

    package init(term: Term = .zero, vote: NodeID? = nil, commit: LogIndex = .zero) {
        self.term = term
        self.vote = vote
        self.commit = commit
    }
}

/// The term and index of an entry: what logs are compared by (Raft paper §5.4.1).
package struct LogPosition: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var term: Term
    package var index: LogIndex

    package init(term: Term, index: LogIndex) {
        self.term = term
        self.index = index
    }

    package static let zero = LogPosition(term: .zero, index: .zero)

    package var description: String { "\(self.term)/\(self.index)" }

    /// Later terms are more up to date; within a term the longer log is (lexicographic order).
    package static func < (lhs: LogPosition, rhs: LogPosition) -> Bool {
        lhs.term != rhs.term ? lhs.term < rhs.term : lhs.index < rhs.index
    }
}
