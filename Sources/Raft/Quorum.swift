/// What a set of votes amounts to.
package enum VoteResult: Hashable, Sendable {
    /// The outstanding votes decide.
    case pending
    /// No outstanding vote can win it any more.
    case lost
    case won
}

/// A majority of a set of voters: floor(n/2)+1 of them (Raft paper §5.2).
///
/// The empty quorum agrees to everything, which makes it the neutral half of a `JointQuorum`.
package struct MajorityQuorum: Hashable, Sendable {
    /// Ascending, each once.
    package let voters: [NodeID]

    package init(_ voters: [NodeID]) {
        let sorted = voters.sorted()
        for index in sorted.indices.dropFirst() {
            precondition(sorted[index - 1] < sorted[index], "\(sorted) names a voter twice")
        }
        self.voters = sorted
    }

    /// How many voters it takes.
    package var size: Int { self.voters.count / 2 + 1 }

    /// The greatest value that a majority has reached; `nil` if there are no voters to ask.
    ///
    /// Quadratic and without allocation: a handful of voters is asked on every acknowledgement.
    package func reached<Value: Comparable>(_ value: (NodeID) -> Value) -> Value? {
        var best: Value?
        for voter in self.voters {
            let candidate = value(voter)
            if let best, candidate <= best { continue }
            var count = 0
            for other in self.voters where value(other) >= candidate { count += 1 }
            if count >= self.size { best = candidate }
        }
        precondition(best != nil || self.voters.isEmpty, "the least value has every voter")
        return best
    }

    /// What the votes amount to; `nil` is a voter that has not answered.
    package func result(_ vote: (NodeID) -> Bool?) -> VoteResult {
        guard !self.voters.isEmpty else { return .won }
        var granted = 0
        var missing = 0
        for voter in self.voters {
            switch vote(voter) {
            case .some(true): granted += 1
            case .some(false): break
            case .none: missing += 1
            }
        }
        precondition(granted + missing <= self.voters.count, "a voter was counted twice")
        if granted >= self.size { return .won }
        return granted + missing >= self.size ? .pending : .lost
    }
}

/// Both majorities of a configuration that is changing (dissertation §4.3).
///
/// With an empty outgoing half it is a plain majority.
package struct JointQuorum: Hashable, Sendable {
    package let incoming: MajorityQuorum
    package let outgoing: MajorityQuorum

    package init(incoming: MajorityQuorum, outgoing: MajorityQuorum = MajorityQuorum([])) {
        self.incoming = incoming
        self.outgoing = outgoing
    }

    /// Whether the node votes in either half.
    package func contains(_ node: NodeID) -> Bool {
        self.incoming.voters.contains(node) || self.outgoing.voters.contains(node)
    }

    /// The greatest value that both majorities have reached; `nil` if both are empty.
    package func reached<Value: Comparable>(_ value: (NodeID) -> Value) -> Value? {
        guard let new = self.incoming.reached(value) else { return self.outgoing.reached(value) }
        guard let old = self.outgoing.reached(value) else { return new }
        return min(new, old)
    }

    /// What the votes amount to: won in both halves, or lost in either.
    package func result(_ vote: (NodeID) -> Bool?) -> VoteResult {
        let new = self.incoming.result(vote)
        let old = self.outgoing.result(vote)
        if new == .lost || old == .lost { return .lost }
        return new == .won && old == .won ? .won : .pending
    }
}
