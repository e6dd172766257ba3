extension MutantTable {
    private static let commit = "Sources/Raft/RaftNode+Commit.swift"
    private static let follower = "Sources/Raft/RaftNode+Follower.swift"
    private static let leader = "Sources/Raft/RaftNode+Leader.swift"
    private static let progress = "Sources/Raft/Progress.swift"
    private static let quorum = "Sources/Raft/Quorum.swift"

    static let replication: [Mutant] = [
        Mutant(
            "commitsOldTerms",
            item: 14,
            "Copies of entries of earlier terms are counted.",
            .init(
                commit,
                "self.log.term(at: reached) == self.term else {",
                "Mutation.is(.commitsOldTerms) || self.log.term(at: reached) == self.term else {"
            )
        ),
        Mutant(
            "leadsWithoutNoOp",
            item: 15,
            "A new leader appends nothing of its own term.",
            .init(
                leader,
                "        self.log.append(Entry(term: self.term, index: next, kind: .noOp, payload: []))",
                """
                        if !Mutation.is(.leadsWithoutNoOp) {
                            self.log.append(
                                Entry(term: self.term, index: next, kind: .noOp, payload: [])
                            )
                        }
                """
            )
        ),
        Mutant(
            "commitsUnverified",
            item: 16,
            "A follower commits what it has, not what the append verified.",
            .init(
                follower,
                "self.commit = max(self.commit, min(request.commit, match))",
                """
                let known = Mutation.is(.commitsUnverified) ? self.last.index : match
                self.commit = max(self.commit, min(request.commit, known))
                """
            )
        ),
        Mutant(
            "heartbeatCommitsUnverified",
            item: 16,
            "A heartbeat commits whatever the follower has.",
            .init(
                follower,
                "self.commit = max(self.commit, min(heartbeat.commit, self.verified))",
                """
                let known =
                    Mutation.is(.heartbeatCommitsUnverified) ? self.last.index : self.verified
                self.commit = max(self.commit, min(heartbeat.commit, known))
                """
            ),
            .init(
                leader,
                "let commit = min(self.commit, self.peers[index].match)",
                """
                let commit =
                    Mutation.is(.heartbeatCommitsUnverified)
                    ? self.commit : min(self.commit, self.peers[index].match)
                """
            )
        ),
        Mutant(
            "truncatesWithoutConflict",
            item: 17,
            "An append cuts everything after its last entry.",
            .init(
                follower,
                "guard self.adopt(request.entries, after: previous) else { return }",
                """
                guard self.adopt(request.entries, after: previous) else { return }
                if Mutation.is(.truncatesWithoutConflict), end < self.last.index,
                    end >= self.commit, end >= self.handed, let term = self.log.term(at: end)
                {
                    self.truncate(after: LogPosition(term: term, index: end))
                }
                """
            )
        ),
        Mutant(
            "countsOldAcks",
            item: 18,
            "An acknowledgement of an earlier term counts in this one.",
            .init(
                "Sources/Raft/RaftNode+Step.swift",
                """
                        case .voteRequest:
                            self.send(.voteResponse(granted: false), to: message.from)
                """,
                """
                        case .appendResponse(.accepted(let match))
                        where Mutation.is(.countsOldAcks):
                            self.handleAppendResponse(.accepted(match: match), from: message.from)
                        case .voteRequest:
                            self.send(.voteResponse(granted: false), to: message.from)
                """
            )
        ),
        Mutant(
            "halfIsMajority",
            item: 19,
            "Half of an even number of voters is a quorum.",
            .init(
                quorum,
                "self.voters.count / 2 + 1 }",
                """
                Mutation.is(.halfIsMajority)
                    ? (self.voters.count + 1) / 2 : self.voters.count / 2 + 1 }
                """
            )
        ),
        Mutant(
            "jointCountsOnlyNewHalf",
            item: 19,
            "In a joint configuration the incoming half alone decides.",
            .init(
                quorum,
                "return min(new, old)",
                "return Mutation.is(.jointCountsOnlyNewHalf) ? new : min(new, old)"
            ),
            .init(
                quorum,
                "        if new == .lost || old == .lost { return .lost }",
                """
                        if Mutation.is(.jointCountsOnlyNewHalf), !self.incoming.voters.isEmpty {
                            return new
                        }
                        if new == .lost || old == .lost { return .lost }
                """
            )
        ),
        Mutant(
            "leaderCountsUnwritten",
            item: 20,
            "A leader counts its own entries before they are on its disk.",
            .init(
                commit,
                "node == self.id ? self.stable",
                """
                node == self.id
                    ? Mutation.is(.leaderCountsUnwritten) ? self.last.index : self.stable
                """
            )
        ),
        Mutant(
            "trustsAcksOfReplacedEntries",
            item: 20,
            "What storage wrote before a truncation counts for the entries after it.",
            .init(
                follower,
                """
                            self.pending[index].lastEntry = min(self.pending[index].lastEntry, \
                position.index)
                """,
                """
                            if Mutation.is(.trustsAcksOfReplacedEntries) { continue }
                            self.pending[index].lastEntry = min(self.pending[index].lastEntry, \
                position.index)
                """
            ),
            .init(
                "Sources/Raft/RaftNode+Storage.swift",
                "        self.stable = max(self.stable, batch.lastEntry)",
                """
                        self.stable = max(
                            self.stable,
                            Mutation.is(.trustsAcksOfReplacedEntries)
                                ? min(batch.lastEntry, self.issued) : batch.lastEntry
                        )
                """
            )
        ),
        Mutant(
            "acksBeforeDurable",
            item: 21,
            "A follower acknowledges entries that are not on its disk.",
            .init(
                follower,
                "if match <= self.stable, self.durable.term == self.term {",
                """
                if Mutation.is(.acksBeforeDurable)
                    || (match <= self.stable && self.durable.term == self.term)
                {
                """
            )
        ),
        Mutant(
            "soleVoterCommitsUnwritten",
            item: 22,
            "A single voter commits before its disk has the entry.",
            .init(
                leader,
                #"precondition(self.last.term == self.term, "proposals ended in \(self.last)")"#,
                """
                if Mutation.is(.soleVoterCommitsUnwritten), self.isSoleVoter {
                    self.commit = self.last.index
                }
                """
            ),
            .init(
                commit,
                "let limit = min(self.commit, self.stable)",
                """
                let limit =
                    Mutation.is(.soleVoterCommitsUnwritten)
                    ? self.commit : min(self.commit, self.stable)
                """
            )
        ),
        Mutant(
            "probesTheSameAgain",
            item: 23,
            "A rejected append is sent again as it was.",
            .init(
                progress,
                "self.next = max(min(previous, agreed.next), self.match.next)",
                """
                if !Mutation.is(.probesTheSameAgain) {
                    self.next = max(min(previous, agreed.next), self.match.next)
                }
                """
            )
        ),
        Mutant(
            "leadsWithoutDisk",
            item: 25,
            "A leader whose disk hangs keeps leading.",
            .init(
                leader,
                "guard let oldest = self.pending.first else { return .never }",
                """
                guard !Mutation.is(.leadsWithoutDisk), let oldest = self.pending.first else {
                    return .never
                }
                """
            )
        ),
    ]
}
