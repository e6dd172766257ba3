extension MutantTable {
    private static let reads = "Sources/Raft/RaftNode+Reads.swift"
    private static let election = "Sources/Raft/RaftNode+Election.swift"
    private static let transfer = "Sources/Raft/RaftNode+Transfer.swift"

    static let linearizableReads: [Mutant] = [
        Mutant(
            "transferKeepsLease",
            item: 12,
            "A leader goes on reading by its lease after it told another to campaign.",
            .init(
                transfer,
                "        self.isLeaseGivenUp = true",
                "        if !Mutation.is(.transferKeepsLease) { self.isLeaseGivenUp = true }"
            )
        ),
        Mutant(
            "transferNeverEnds",
            item: 12,
            "A transfer that fails refuses proposals for ever.",
            .init(
                transfer,
                "        self.transferTarget = nil\n        // A leader",
                """
                        if !Mutation.is(.transferNeverEnds) { self.transferTarget = nil }
                        // A leader
                """
            )
        ),
        Mutant(
            "readsWithoutRound",
            item: 26,
            "A leader answers a read without asking whether it still leads.",
            .init(
                reads,
                "if self.hasCommittedInTerm, let end = self.leaseEnd, self.now < end {",
                """
                if self.hasCommittedInTerm,
                    Mutation.is(.readsWithoutRound) || self.leaseEnd.map({ self.now < $0 }) == true
                {
                """
            )
        ),
        Mutant(
            "readsBeforeOwnCommit",
            item: 27,
            "A leader answers reads before it has committed anything in its term.",
            .init(
                reads,
                "self.readsInRound == 0 && self.hasCommittedInTerm",
                """
                self.readsInRound == 0
                    && (self.hasCommittedInTerm || Mutation.is(.readsBeforeOwnCommit))
                """
            ),
            .init(
                reads,
                "guard self.hasCommittedInTerm else { return }",
                "guard self.hasCommittedInTerm || Mutation.is(.readsBeforeOwnCommit) else { return }"
            )
        ),
        Mutant(
            "readsJoinEarlierRound",
            item: 27,
            "A read is confirmed by a round of heartbeats that began before it came.",
            .init(
                reads,
                "            self.reads.append(read)",
                """
                            if Mutation.is(.readsJoinEarlierRound), self.hasCommittedInTerm,
                                self.readsInRound == self.reads.count
                            {
                                var early = read
                                early.round = self.round
                                early.index = self.commit
                                self.reads.append(early)
                                self.readsInRound += 1
                                self.confirmReads()
                            } else {
                                self.reads.append(read)
                            }
                """
            )
        ),
        Mutant(
            "leaseFromReceipt",
            item: 28,
            "A lease is dated by when the answer came, not by when the heartbeat was sent.",
            .init(
                "Sources/Raft/RaftNode+Leader.swift",
                "let sent = self.roundsSent[self.slot(of: response.round)]",
                """
                let sent =
                    Mutation.is(.leaseFromReceipt)
                    ? self.now : self.roundsSent[self.slot(of: response.round)]
                """
            )
        ),
        Mutant(
            "leaseIgnoresDrift",
            item: 28,
            "A lease lasts as if all clocks ran at the same speed.",
            .init(
                reads,
                "duration * (1_000 - self.configuration.clockDriftPermille) / 1_000",
                """
                duration
                    * (Mutation.is(.leaseIgnoresDrift)
                        ? 1_000 : 1_000 - self.configuration.clockDriftPermille) / 1_000
                """
            )
        ),
        Mutant(
            "votesDuringLease",
            item: 28,
            "Whoever answered a heartbeat votes for another while the lease runs.",
            .init(
                election,
                "var isVoteHeld: Bool { self.now < self.voteHeldUntil }",
                """
                var isVoteHeld: Bool {
                    self.now < self.voteHeldUntil && !Mutation.is(.votesDuringLease)
                }
                """
            )
        ),
    ]
}
