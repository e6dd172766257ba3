extension MutantTable {
    private static let hub = "Sources/Replica/WatchHub+Sending.swift"
    private static let proposals = "Sources/Replica/Replica+Proposals.swift"

    static let clients: [Mutant] = [
        Mutant(
            "readsBeforeApplied",
            item: 29,
            "A read is answered before the node has applied its read index.",
            .init(
                "Sources/Replica/ReadDesk.swift",
                "if read.index > applied {",
                "if read.index > applied, !Mutation.is(.readsBeforeApplied) {"
            )
        ),
        Mutant(
            "compactsWhatLedgerLacks",
            item: 37,
            "The log forgets entries that the record store would lose with the power.",
            .init(
                "Sources/Replica/Compactor.swift",
                "let limit = min(self.limit(applied: applied, held: held), durable)",
                """
                let limit = min(
                    self.limit(applied: applied, held: held),
                    Mutation.is(.compactsWhatLedgerLacks) ? applied : durable
                )
                """
            )
        ),
        Mutant(
            "compactsBelowSnapshot",
            item: 40,
            "The log forgets what a follower needs after the snapshot that it is being sent.",
            .init(
                "Sources/Replica/Replica+Snapshots.swift",
                "if let copy = self.sender.held { held = min(held, copy) }",
                """
                if let copy = self.sender.held, !Mutation.is(.compactsBelowSnapshot) {
                    held = min(held, copy)
                }
                """
            ),
            .init(
                "Sources/Raft/Progress.swift",
                "(self.state == .snapshot && match.next >= firstAvailable)",
                """
                (self.state == .snapshot
                    && (match.next >= firstAvailable || Mutation.is(.compactsBelowSnapshot)))
                """
            )
        ),
        Mutant(
            "restoresWithoutSessions",
            item: 41,
            "A restored state has forgotten the clients' sessions.",
            .init(
                "Sources/FlagStore/FlagStore+Contents.swift",
                "self.sessions = SessionTable(restoring: contents.sessions)",
                """
                if !Mutation.is(.restoresWithoutSessions) {
                    self.sessions = SessionTable(restoring: contents.sessions)
                }
                """
            )
        ),
        Mutant(
            "appliesRetriesAgain",
            item: 47,
            "A retried command is performed a second time.",
            .init(
                "Sources/FlagStore/FlagStore+Apply.swift",
                """
                if sessionStamp.sequence == session.lastSequence, let outcome = \
                session.lastOutcome {
                """,
                """
                if !Mutation.is(.appliesRetriesAgain),
                    sessionStamp.sequence == session.lastSequence,
                    let outcome = session.lastOutcome
                {
                """
            )
        ),
        Mutant(
            "callsUnknownFailed",
            item: 48,
            "A write whose outcome nobody knows is reported as not made.",
            .init(
                proposals,
                "self.fail(call, mayBeLogged ? Status.outcomeUnknown : status)",
                """
                let isUnknown = mayBeLogged && !Mutation.is(.callsUnknownFailed)
                self.fail(call, isUnknown ? Status.outcomeUnknown : status)
                """
            ),
            .init(
                proposals,
                "                self.fail(call, Status.outcomeUnknown)",
                """
                                self.fail(
                                    call,
                                    Mutation.is(.callsUnknownFailed)
                                        ? Status.noWay : Status.outcomeUnknown
                                )
                """
            )
        ),
        Mutant(
            "appliesByOwnNode",
            item: 50,
            "What is applied depends on the node that applies it.",
            .init(
                "Sources/Replica/Replica+Apply.swift",
                "time: Timestamp(milliseconds: command.time),",
                """
                time: Timestamp(
                    milliseconds: command.time
                        + (Mutation.is(.appliesByOwnNode)
                            ? Int64(self.configuration.local.id.rawValue) : 0)
                ),
                """
            )
        ),
        Mutant(
            "watchDropsWithoutCredit",
            item: 51,
            "A change that a watcher has no credit for counts as sent.",
            .init(
                hub,
                "} else if sink.deliver(frame, to: slot) {",
                "} else if sink.deliver(frame, to: slot) || Mutation.is(.watchDropsWithoutCredit) {"
            )
        ),
        Mutant(
            "watchResumesTooLate",
            item: 51,
            "A watch that resumes misses the change after the one it knows.",
            .init(
                hub,
                "let missing = self.recent.coalesced(watcher.environment, after: watcher.sent),",
                """
                let missing = self.recent.coalesced(
                    watcher.environment,
                    after: Mutation.is(.watchResumesTooLate)
                        ? Revision(watcher.sent.rawValue + 1) : watcher.sent
                ),
                """
            )
        ),
    ]
}
