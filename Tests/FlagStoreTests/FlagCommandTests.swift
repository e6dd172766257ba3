import FlagStore
import Flags
import Testing

@Suite struct FlagCommandTests {
    @Test func aCreatedFlagCarriesWhoWhenAndWhere() throws {
        var log = Log.prepared()
        let applied = log.create("checkout")
        let flag = try #require(log.flag("checkout"))
        #expect(applied.outcome == .done(Revision(3)))
        #expect(flag.revision == Revision(3) && flag.createdRevision == Revision(3))
        #expect(flag.createdBy == "ana" && flag.createdAt.milliseconds == log.time)
        let row = try #require(applied.row)
        #expect(row.action == .create && row.before == nil && row.after == flag)
        #expect(applied.change?.flag == flag)
    }

    @Test func aKeyStaysTakenEvenWhenItsFlagIsArchived() {
        var log = Log.prepared()
        log.create("checkout")
        #expect(log.create("checkout").refusal == .alreadyExists)
        #expect(
            log.apply(.archiveFlag(Log.production, FlagKey("checkout"))).row?.action == .archive
        )
        #expect(log.create("checkout").refusal == .alreadyExists)
        #expect(log.update("checkout") { $0.enabled = false }.refusal == .illegalTransition)
        let again = log.apply(.archiveFlag(Log.production, FlagKey("checkout")))
        #expect(again.refusal == .illegalTransition)
        let context = EvaluationContext(targetingKey: "u")
        let evaluation = log.store.evaluate(
            Log.production,
            FlagKey("checkout"),
            context,
            now: Timestamp(milliseconds: log.time)
        )
        #expect(evaluation.errorCode == .flagNotFound)
        #expect(log.store.flags(in: Log.production)?.isEmpty == true)
        #expect(log.store.flags(in: Log.production, includeArchived: true)?.count == 1)
    }

    @Test func whatIsNotThereIsNotFound() {
        var log = Log.prepared()
        let nowhere = EnvironmentID(organization: "acme", environment: "nowhere")
        let definition = FlagDefinition(key: FlagKey("a"))
        #expect(log.apply(.createFlag(nowhere, definition)).refusal == .notFound)
        #expect(log.update("nothing") { $0.enabled = true }.refusal == .notFound)
        let update = log.apply(.updateFlag(nowhere, FlagKey("a"), FlagPatch()))
        #expect(update.message == "no environment acme/nowhere")
        #expect(log.store.flags(in: nowhere) == nil)
    }

    @Test func eachChangeIsNamedForWhatItDoes() {
        var log = Log.prepared()
        log.create("checkout") { $0.status = .draft }
        let steps: [(HistoryAction, (inout FlagPatch) -> Void)] = [
            (.disable, { $0.enabled = false }),
            (.enable, { $0.enabled = true }),
            (.enable, { $0.status = .active }),
            (.rolloutUpdate, { $0.rollout = RolloutPercentage(thousandths: 10_000) }),
            (.update, { $0.plans = ["PREMIUM"] }),
            (.pause, { $0.status = .paused }),
            (.resume, { $0.status = .active }),
            (.rollback, { $0.status = .rolledBack }),
            (.reopen, { $0.status = .draft }),
            (.enable, { $0.status = .active }),
            (.complete, { $0.status = .completed }),
        ]
        for (index, (action, change)) in steps.enumerated() {
            let applied = log.update("checkout", change)
            #expect(applied.row?.action == action, "step \(index): \(applied.message)")
        }
    }

    @Test func onlyLegalTransitionsAreMadeAndARefusalNamesThem() {
        let legal: [FlagStatus: Set<FlagStatus>] = [
            .draft: [.active, .rolledBack],
            .active: [.paused, .completed, .rolledBack],
            .paused: [.active, .completed, .rolledBack],
            .completed: [],
            .rolledBack: [.draft],
        ]
        let paths: [FlagStatus: [FlagStatus]] = [
            .draft: [], .active: [.active], .paused: [.active, .paused],
            .completed: [.active, .completed], .rolledBack: [.rolledBack],
        ]
        for from in FlagStatus.allCases {
            for to in FlagStatus.allCases where to != from {
                var log = Log.prepared()
                log.create("checkout") { $0.status = .draft }
                for step in paths[from] ?? [] { log.update("checkout") { $0.status = step } }
                let applied = log.update("checkout") { $0.status = to }
                let isLegal = legal[from]?.contains(to) == true
                #expect((applied.refusal == nil) == isLegal, "\(from) to \(to)")
                if !isLegal { #expect(applied.refusal == .illegalTransition) }
            }
        }
        var log = Log.prepared()
        log.create("checkout") { $0.status = .draft }
        let message = log.update("checkout") { $0.status = .paused }.message
        #expect(message == "a flag that is draft cannot become paused, only active or rolled_back")
    }

    @Test func aPatchThatChangesNothingIsDoneWithoutAnEffect() throws {
        var log = Log.prepared()
        log.create("checkout")
        let before = try #require(log.flag("checkout"))
        let applied = log.update("checkout") { $0.enabled = true }
        #expect(applied.outcome == .done(Revision(4)) && applied.effects.isEmpty)
        #expect(log.flag("checkout") == before)
        #expect(log.store.applied == Revision(4))
    }

    @Test func aRefusedCommandChangesNothing() {
        var log = Log.prepared()
        log.create("checkout")
        let before = log.store.contents()
        let refused = log.update("checkout") {
            $0.rollout = RolloutPercentage.none
            $0.onVariation = "nothing"
        }
        #expect(refused.refusal == .invalid)
        var after = log.store.contents()
        after.applied = before.applied
        after.time = before.time
        #expect(after == before)
    }

    @Test func aCopyIsASnapshotThatLaterCommandsDoNotReach() {
        var log = Log.prepared()
        log.create("checkout")
        let copy = log.store
        log.update("checkout") { $0.enabled = false }
        #expect(copy.flag(Log.production, FlagKey("checkout"))?.flag.enabled == true)
        #expect(log.flag("checkout")?.enabled == false)
    }

    @Test func tenTimesAThousandFlagsFitAndTheLimitHolds() {
        var log = Log.prepared()
        for index in 0..<FlagsLimits.flagsPerEnvironmentMax { log.create("flag-\(index)") }
        #expect(log.create("one-more").refusal == .limitExceeded)
        #expect(log.store.flags(in: Log.production)?.count == FlagsLimits.flagsPerEnvironmentMax)
    }

    @Test func skippingMovesTheRevisionOnly() {
        var log = Log.prepared()
        log.store.skip(to: Revision(40))
        #expect(log.store.applied == Revision(40))
        #expect(log.create("checkout").outcome == .done(Revision(41)))
    }
}
