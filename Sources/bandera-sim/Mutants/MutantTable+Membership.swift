extension MutantTable {
    private static let membership = "Sources/Raft/RaftNode+Membership.swift"
    private static let snapshot = "Sources/Raft/RaftNode+Snapshot.swift"
    private static let election = "Sources/Raft/RaftNode+Election.swift"

    static let memberships: [Mutant] = [
        Mutant(
            "removedLeaderCountsItself",
            item: 9,
            "A leader that is being removed still counts its own copy.",
            .init(
                "Sources/Raft/RaftNode+Commit.swift",
                "let reached = self.members.quorum.reached { node in",
                """
                let voters = self.members.quorum
                let counted =
                    Mutation.is(.removedLeaderCountsItself) && !self.isVoter
                    ? JointQuorum(
                        incoming: MajorityQuorum(voters.incoming.voters + [self.id]),
                        outgoing: voters.outgoing
                    ) : voters
                let reached = counted.reached { node in
                """
            )
        ),
        Mutant(
            "learnerRefusesVote",
            item: 11,
            "A node that does not know that it is a voter refuses to vote.",
            .init(
                election,
                "let isFree = self.vote == peer || (self.vote == nil && self.leader == nil)",
                """
                let isFree =
                    (self.vote == peer || (self.vote == nil && self.leader == nil))
                    && (self.isVoter || !Mutation.is(.learnerRefusesVote))
                """
            ),
            .init(
                election,
                "let isPossible = campaign > self.term && isUpToDate && !self.isSticky",
                """
                let isPossible =
                    campaign > self.term && isUpToDate && !self.isSticky
                    && (self.isVoter || !Mutation.is(.learnerRefusesVote))
                """
            )
        ),
        Mutant(
            "changesBeforeOwnCommit",
            item: 30,
            "A leader changes the members before it has committed in its term.",
            .init(
                membership,
                "guard self.hasCommittedInTerm else { return .refused(.leaderNotReady) }",
                """
                guard self.hasCommittedInTerm || Mutation.is(.changesBeforeOwnCommit) else {
                    return .refused(.leaderNotReady)
                }
                """
            )
        ),
        Mutant(
            "severalChangesAtOnce",
            item: 31,
            "A change of members begins before the last one is committed.",
            .init(
                membership,
                "guard self.membershipIndex <= self.commit else {\n",
                """
                guard self.membershipIndex <= self.commit || Mutation.is(.severalChangesAtOnce)
                else {

                """
            ),
            .init(
                membership,
                #"precondition(self.membershipIndex <= self.commit, "\(self.membership) is not committed")"#,
                """
                precondition(
                    self.membershipIndex <= self.commit || Mutation.is(.severalChangesAtOnce)
                )
                """
            )
        ),
        Mutant(
            "keepsTruncatedMembership",
            item: 31,
            "A configuration stays in effect although its entry was truncated.",
            .init(
                membership,
                "guard self.membershipIndex > index else { return }",
                """
                guard self.membershipIndex > index, !Mutation.is(.keepsTruncatedMembership) else {
                    return
                }
                """
            )
        ),
        Mutant(
            "severalVotersInOneStep",
            item: 32,
            "Several voters change at once without a joint configuration.",
            .init(
                "Sources/Raft/Configuration+Change.swift",
                "guard self.changedVoters(draft) > 1 else {",
                """
                guard self.changedVoters(draft) > 1, !Mutation.is(.severalVotersInOneStep) else {
                """
            ),
            .init(
                "Sources/Replica/Replica+Plans.swift",
                "transition: .joint(autoLeave: true)",
                """
                transition: Mutation.is(.severalVotersInOneStep)
                    ? .automatic : .joint(autoLeave: true)
                """
            )
        ),
        Mutant(
            "promotesLaggards",
            item: 33,
            "A learner becomes a voter however far its log is behind.",
            .init(
                membership,
                "lag <= self.configuration.catchUpEntriesMax",
                "lag <= self.configuration.catchUpEntriesMax || Mutation.is(.promotesLaggards)"
            )
        ),
        Mutant(
            "acceptsOtherDisk",
            item: 34,
            "A node that lost its disk is listened to under its old identity.",
            .init(
                "Sources/Replica/Replica+Identity.swift",
                "guard recorded != 0, diskID != 0, recorded != diskID else { return nil }",
                """
                guard recorded != 0, diskID != 0, recorded != diskID,
                    !Mutation.is(.acceptsOtherDisk)
                else { return nil }
                """
            )
        ),
        Mutant(
            "staysJoint",
            item: 35,
            "Nobody leaves a joint configuration.",
            .init(
                membership,
                "if self.members.isJoint, self.members.autoLeave,",
                "if self.members.isJoint, self.members.autoLeave, !Mutation.is(.staysJoint),"
            )
        ),
        Mutant(
            "olderSnapshotRegresses",
            item: 38,
            "A snapshot that is older than the commit index is installed.",
            .init(
                snapshot,
                "guard position.index > self.commit else {",
                "guard position.index > self.commit || Mutation.is(.olderSnapshotRegresses) else {"
            ),
            .init(
                snapshot,
                #"precondition(position.index > self.commit, "\(position) regresses \(self.commit)")"#,
                """
                precondition(position.index > self.commit || Mutation.is(.olderSnapshotRegresses))
                """
            )
        ),
    ]
}
