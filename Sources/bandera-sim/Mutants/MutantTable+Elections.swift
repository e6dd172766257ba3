extension MutantTable {
    private static let election = "Sources/Raft/RaftNode+Election.swift"
    private static let step = "Sources/Raft/RaftNode+Step.swift"
    private static let leader = "Sources/Raft/RaftNode+Leader.swift"

    static let elections: [Mutant] = [
        Mutant(
            "votesBeforeDurable",
            item: 1,
            "A vote is sent before it is on disk.",
            .init(
                "Sources/Raft/RaftNode+Storage.swift",
                "        if self.hasUnissued {\n            Self.add",
                """
                        if Mutation.is(.votesBeforeDurable), case .voteResponse = body {
                            self.outbox.append(message)
                        } else if self.hasUnissued {
                            Self.add
                """
            )
        ),
        Mutant(
            "forgetsVoteOnStepDown",
            item: 2,
            "Stepping down within a term forgets the vote.",
            .init(
                election,
                "        self.snapshotsWanted = []\n",
                """
                        self.snapshotsWanted = []
                        if Mutation.is(.forgetsVoteOnStepDown) { self.vote = nil }

                """
            )
        ),
        Mutant(
            "comparesOnlyLogLength",
            item: 3,
            "The longer log wins, whatever its last term.",
            .init(
                election,
                "let isUpToDate = request.lastLog >= self.last",
                """
                let isUpToDate =
                    Mutation.is(.comparesOnlyLogLength)
                    ? request.lastLog.index >= self.last.index : request.lastLog >= self.last
                """
            ),
            .init(
                election,
                "guard isFree, isAllowed, request.lastLog >= self.last else {",
                """
                let isLong =
                    Mutation.is(.comparesOnlyLogLength)
                    ? request.lastLog.index >= self.last.index : request.lastLog >= self.last
                guard isFree, isAllowed, isLong else {
                """
            )
        ),
        Mutant(
            "withoutCheckQuorum",
            item: 6,
            "A leader goes on although it hears no quorum.",
            .init(
                leader,
                "node == self.id ? self.now : self.progress(of: node)?.lastHeard ?? Tick(0)",
                """
                node == self.id || Mutation.is(.withoutCheckQuorum)
                    ? self.now : self.progress(of: node)?.lastHeard ?? Tick(0)
                """
            )
        ),
        Mutant(
            "ignoresLowerPreVotes",
            item: 7,
            "A pre-vote request of a lower term is dropped instead of answered.",
            .init(
                step,
                "if case .preVoteRequest(let request) = message.body {",
                """
                if Mutation.is(.ignoresLowerPreVotes), case .preVoteRequest = message.body,
                    message.term <= self.term
                {
                    return
                }
                if case .preVoteRequest(let request) = message.body {
                """
            )
        ),
        Mutant(
            "countsPreVotesAsVotes",
            item: 8,
            "A campaign begins with the tally of the pre-vote.",
            .init(
                election,
                "        self.tally = VoteTally()\n        self.peers = []",
                """
                        if !Mutation.is(.countsPreVotesAsVotes) { self.tally = VoteTally() }
                        self.peers = []
                """
            )
        ),
        Mutant(
            "countsLateVotes",
            item: 13,
            "A vote of an earlier term is counted in this one.",
            .init(
                step,
                #"precondition(message.term < self.term, "\(message.term) is not below \(self.term)")"#,
                """
                if Mutation.is(.countsLateVotes), case .voteResponse(let granted) = message.body,
                    self.role == .candidate, self.durable.term == self.term
                {
                    self.takeVote(from: message.from, granted: granted)
                    return
                }
                """
            )
        ),
        Mutant(
            "keepsLeaderHint",
            item: 49,
            "The leader of an earlier term is still taken for the leader.",
            .init(
                election,
                "        self.leader = leader\n        self.dropReads()",
                """
                        self.leader =
                            Mutation.is(.keepsLeaderHint) && self.leader != self.id
                            ? leader ?? self.leader : leader
                        self.dropReads()
                """
            )
        ),
    ]
}
