internal import Flags
internal import Raft
internal import Replica

/// What must hold after every step (Raft paper, figure 3), checked over all nodes and all time.
///
/// Every check looks only at what a step changed.
struct Invariants {
    /// An entry that was handed to some log, with the term of the one before it.
    private struct Appended {
        let entry: Fingerprint
        let previous: Term
    }

    private struct Ballot: Hashable {
        let voter: NodeID
        let term: Term
    }

    private var leaders: [Term: NodeID] = [:]
    /// Position i holds the entries of index i + 1, at most one per term.
    private var appended: [[Appended]] = []
    /// Position i holds the committed entry of index i + 1.
    private(set) var committed: [Fingerprint] = []
    /// The term in which each of them was committed.
    private var committedIn: [Term] = []
    /// The greatest commit index of any leader, and the configurations it counted by.
    private var announced = 0
    private var announcedUnder: [Configuration] = []
    /// Whom each voter voted for, as the votes that left it say.
    private var votes: [Ballot: NodeID] = [:]
    private(set) var violations: [String] = []

    mutating func require(_ holds: Bool, _ violation: @autoclosure () -> String) {
        if !holds { self.fail(violation()) }
    }

    mutating func fail(_ violation: String) {
        if self.violations.count < SimulationLimits.violationsMax {
            self.violations.append(violation)
        }
    }

    // MARK: Elections

    /// Election safety, and leader completeness: whoever leads was elected by a majority, and has
    /// all that ever committed.
    mutating func leads(
        _ node: SimulatedNode,
        in term: Term,
        under configurations: [Configuration]
    ) {
        if let other = self.leaders[term] {
            self.require(other == node.id, "\(other) and \(node.id) both lead in \(term)")
            return
        }
        self.leaders[term] = node.id
        let isElected = configurations.contains { configuration in
            [configuration.quorum.incoming, configuration.quorum.outgoing].allSatisfy { half in
                half.voters.isEmpty
                    || half.voters.count { self.hasVoted($0, for: node.id, in: term) }
                        > half.voters.count / 2
            }
        }
        self.require(isElected, "\(node.id) leads in \(term) without the votes of a majority")
        // What a leader of a later term has committed meanwhile need not be there: an election
        // can be won late.
        var end = self.committed.count
        while end > 0, self.committedIn[end - 1] >= term { end -= 1 }
        guard end > 0 else { return }
        self.match(node)
        // Equal in the term of one entry, logs are equal in all before (log matching).
        let inMemory = node.replica?.termInPlace(at: LogIndex(UInt64(end)))
        let committedTerm = self.committed[end - 1].term
        let isMatched = node.matched >= end
        self.require(
            inMemory.map { $0 == committedTerm } ?? isMatched,
            "\(node.id) leads in \(term), and its log lacks the committed entry \(end), or has "
                + "another there"
        )
    }

    /// One vote per term, across restarts.
    mutating func votes(_ voter: NodeID, for candidate: NodeID, in term: Term) {
        let ballot = Ballot(voter: voter, term: term)
        let earlier = self.votes[ballot] ?? candidate
        self.votes[ballot] = candidate
        self.require(
            earlier == candidate,
            "\(voter) voted for \(earlier) and for \(candidate) in \(term)"
        )
    }

    /// Whether a vote has left the voter; its own need not.
    private func hasVoted(_ voter: NodeID, for candidate: NodeID, in term: Term) -> Bool {
        voter == candidate || self.votes[Ballot(voter: voter, term: term)] == candidate
    }

    var electionsCount: Int { self.leaders.count }

    // MARK: The log

    /// Log matching: entries with equal index and term are equal, and so is all before them.
    mutating func appends(_ entries: [Fingerprint], first: Int, to node: SimulatedNode) {
        var previous = node.log.term(at: first - 1)
        for (offset, entry) in entries.enumerated() {
            let position = first + offset - 1
            while self.appended.count <= position { self.appended.append([]) }
            let known = self.appended[position].first { $0.entry.term == entry.term }
            if let known {
                self.require(
                    known.entry == entry && known.previous == previous,
                    "\(node.id) was given another entry \(entry.term)/\(position + 1) after "
                        + "\(previous) than others after \(known.previous)"
                )
            } else {
                self.appended[position].append(Appended(entry: entry, previous: previous))
            }
            previous = entry.term
        }
    }

    /// What is committed stays in every log that has it.
    ///
    /// An entry that was replaced in memory only and has come back is written a second time.
    mutating func truncates(
        _ node: SimulatedNode,
        after index: Int,
        writingAgain added: [Fingerprint]
    ) {
        self.match(node)
        let removed = max(node.matched - index, 0)
        self.require(
            removed <= added.count
                && (0..<removed).allSatisfy { added[$0] == node.log[index + 1 + $0] },
            "\(node.id) removes the committed entry \(index + 1)"
        )
        node.matched = min(node.matched, index)
    }

    /// State-machine safety, and that what commits is durable on a quorum of the configuration.
    ///
    /// Only the leader learns of a commitment by counting, so it is the first to know.
    mutating func commits(
        _ node: SimulatedNode,
        through commit: Int,
        under configurations: [Configuration],
        nodes: [SimulatedNode]
    ) {
        guard commit > self.committed.count else { return }
        var configurations = configurations
        if node.seen.role == .leader || node.seenBefore.role == .leader {
            self.announced = max(self.announced, commit)
            self.announcedUnder = configurations
        } else {
            // A leader whose own copy still waits for its disk may know more than its log shows.
            self.require(
                commit <= self.announced,
                "\(node.id) commits \(commit) before any leader does"
            )
            configurations += self.announcedUnder
        }
        let end = node.handedOver(upTo: commit)
        let before = self.committed.count
        while self.committed.count < end {
            self.committed.append(node.log[self.committed.count + 1])
            self.committedIn.append(node.seen.term)
        }
        guard end > before else { return }
        // An entry implies all before it, so the last one is the one to look for.
        let entry = node.log[end]
        let isHeld = configurations.contains { configuration in
            [configuration.quorum.incoming, configuration.quorum.outgoing].allSatisfy { half in
                half.voters.isEmpty
                    || half.voters.count { nodes[$0.position].durable.holds(entry, at: end) }
                        > half.voters.count / 2
            }
        }
        self.require(
            isHeld,
            "\(node.id) commits \(end), which is not on the disks of a majority of "
                + "\(configurations.map(\.quorum))"
        )
    }

    /// A snapshot takes the place of a log: it must be of what is committed, and go forward.
    mutating func installs(_ snapshot: SnapshotPosition, on node: SimulatedNode) {
        let index = Int(snapshot.position.index.rawValue)
        self.require(
            index <= self.committed.count
                && self.committed[index - 1].term == snapshot.position.term,
            "\(node.id) installs \(snapshot.position), which is not committed"
        )
        self.require(
            index > Int(node.seen.commit.rawValue),
            "\(node.id) installs \(snapshot.position) over the commit \(node.seen.commit)"
        )
        node.log.install(snapshot.position)
        node.durable.install(snapshot.position)
        node.configurations.removeAll { $0 <= index || $0 > node.log.end }
        node.matched = index
    }

    /// Extends the part of a node's log that is known to equal what is committed.
    mutating func match(_ node: SimulatedNode) {
        let end = min(node.log.end, self.committed.count)
        node.matched = max(node.matched, min(node.log.baseIndex, end))
        while node.matched < end, node.log[node.matched + 1] == self.committed[node.matched] {
            node.matched += 1
        }
    }

    /// What a node has committed and applied is what was committed there, for ever.
    mutating func agrees(_ node: SimulatedNode, through index: Int) {
        self.match(node)
        self.require(
            index <= node.matched,
            "\(node.id) has committed \(index), and its entry \(node.matched + 1) is another than "
                + "the one that was committed"
        )
    }
}

extension NodeID {
    /// Where the node of this identity stands among the world's nodes.
    var position: Int { Int(self.rawValue) - 1 }
}
