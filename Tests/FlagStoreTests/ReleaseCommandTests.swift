import FlagStore
import Flags
import Releases
import Testing

@Suite struct ReleaseCommandTests {
    private static let key = FlagKey("checkout")
    private static let plan = ReleasePlan(steps: [
        ReleaseStep(rollout: RolloutPercentage(thousandths: 10_000), holdMilliseconds: 60_000),
        ReleaseStep(rollout: RolloutPercentage(thousandths: 50_000), holdMilliseconds: 60_000),
        ReleaseStep(rollout: .all),
    ])

    private func released(_ plan: ReleasePlan = Self.plan) throws -> (Log, Revision) {
        var log = Log.prepared()
        log.create("checkout")
        let applied = log.apply(.startRelease(Log.production, Self.key, plan))
        #expect(applied.row?.action == .releaseStart, "\(applied.message)")
        return (log, try #require(log.flag("checkout")?.release))
    }

    private func control(_ action: ReleaseAction, step: UInt32 = 0) -> Command {
        .controlRelease(Log.production, Self.key, action, step: step)
    }

    @Test func aStartedReleaseSetsItsFlagAndIsRecorded() throws {
        var (log, id) = try self.released()
        let flag = try #require(log.flag("checkout"))
        #expect(flag.rollout.thousandths == 10_000 && id == log.store.applied)
        let release = try #require(log.store.releases(in: Log.production)?.first)
        #expect(release.id == id && release.state == .running && release.startedBy == "ana")
        let again = log.apply(.startRelease(Log.production, Self.key, Self.plan))
        #expect(again.refusal == .illegalTransition && again.message.contains("release \(id)"))
    }

    @Test func aReleaseNeedsAFlagThatIsActiveAndEnabled() {
        var log = Log.prepared()
        log.create("checkout") { $0.status = .draft }
        let start = Command.startRelease(Log.production, Self.key, Self.plan)
        #expect(log.apply(start).refusal == .illegalTransition)
        log.update("checkout") {
            $0.status = .active
            $0.enabled = false
        }
        #expect(log.apply(start).message.contains("not enabled"))
        #expect(
            log.apply(.startRelease(Log.production, FlagKey("x"), Self.plan)).refusal == .notFound
        )
        let empty = ReleasePlan(steps: [])
        #expect(log.apply(.startRelease(Log.production, Self.key, empty)).refusal == .invalid)
    }

    @Test func theLeaderProposesWhatIsDueAndItHappensOnce() throws {
        var (log, id) = try self.released()
        let due = Timestamp(milliseconds: log.time + 60_000)
        #expect(log.store.nextDue == due)
        let early = Timestamp(milliseconds: due.milliseconds - 1)
        #expect(log.store.due(now: early, limit: 10).isEmpty)
        let command = Command.advanceRelease(Log.production, Self.key, release: id, step: 0)
        #expect(log.store.due(now: due, limit: 10) == [command])
        #expect(log.apply(command).refusal == .illegalTransition)
        let applied = log.apply(command, after: 60_000)
        #expect(applied.row?.action == .releaseStep && applied.releases.first?.step == 1)
        #expect(log.flag("checkout")?.rollout.thousandths == 50_000)
        let again = log.apply(command)
        #expect(again.refusal == .stale && again.effects.isEmpty)
        let wrong = Command.advanceRelease(
            Log.production,
            Self.key,
            release: Revision(1),
            step: 1
        )
        #expect(log.apply(wrong, after: 60_000).refusal == .illegalTransition)
    }

    @Test func overdueStepsAreOneChangeAndTheLastOneFreesTheFlag() throws {
        var (log, id) = try self.released()
        let now = Timestamp(milliseconds: log.time + 1_000_000)
        let due = log.store.due(now: now, limit: 1)
        let applied = log.apply(try #require(due.first), after: 1_000_000)
        #expect(applied.row?.action == .releaseComplete)
        #expect(applied.releases.first?.state == .completed)
        let flag = try #require(log.flag("checkout"))
        #expect(flag.rollout == .all && flag.release == nil)
        #expect(log.store.nextDue == nil && log.store.overview().pendingReleases == 0)
        #expect(applied.rows.map(\.subject) == ["\(id)"])
    }

    @Test func aReleaseGuardsWhatItDecides() throws {
        var (log, id) = try self.released()
        let edits: [(inout FlagPatch) -> Void] = [
            { $0.rollout = .all }, { $0.plans = ["PRO"] }, { $0.regions = ["MX"] },
            {
                $0.weights = [
                    WeightedVariation(variation: "on", weight: 60_000),
                    WeightedVariation(variation: "off", weight: 40_000),
                ]
            }, { $0.status = .completed },
        ]
        for edit in edits {
            let applied = log.update("checkout", edit)
            #expect(applied.refusal == .illegalTransition, "\(applied.message)")
            #expect(applied.message.contains("release \(id)"))
        }
        #expect(log.update("checkout") { $0.name = "x" }.refusal == nil)
        let rollout = log.flag("checkout")?.rollout
        #expect(log.update("checkout") { $0.rollout = rollout }.refusal == nil)
        #expect(log.flag("checkout")?.release == id)
    }

    @Test func pausingOrDisablingTheFlagPausesItsRelease() throws {
        let edits: [(inout FlagPatch) -> Void] = [{ $0.status = .paused }, { $0.enabled = false }]
        for edit in edits {
            var (log, id) = try self.released()
            let applied = log.update("checkout", edit)
            #expect(applied.releases.map(\.state) == [.paused] && log.store.nextDue == nil)
            #expect(applied.rows.map(\.action) == [.releasePause])
            #expect(log.apply(self.control(.resume)).refusal == .illegalTransition)
            log.update("checkout") {
                $0.status = .active
                $0.enabled = true
            }
            #expect(log.flag("checkout")?.release == id)
            let resumed = log.apply(self.control(.resume))
            #expect(resumed.releases.map(\.state) == [.running] && resumed.row == nil)
            #expect(log.store.nextDue != nil)
        }
    }

    @Test func rollingBackOrArchivingEndsTheReleaseAndTellsPeople() throws {
        for command in [
            Command.updateFlag(
                Log.production,
                Self.key,
                {
                    var patch = FlagPatch()
                    patch.status = .rolledBack
                    return patch
                }()
            ), .archiveFlag(Log.production, Self.key),
        ] {
            var (log, _) = try self.released()
            let applied = log.apply(command)
            #expect(applied.refusal == nil && applied.alerts.map(\.kind) == [.releaseStopped])
            let ended = try #require(applied.releases.first)
            #expect(!ended.isUnfinished && ended.finishedAt != nil)
            #expect(log.flag("checkout")?.release == nil && log.store.nextDue == nil)
        }
    }

    @Test func peopleControlARelease() throws {
        let plan = ReleasePlan(steps: [
            ReleaseStep(rollout: RolloutPercentage(thousandths: 1_000), approvals: 1),
            ReleaseStep(rollout: .all, holdMilliseconds: 1_000_000),
        ])
        var (log, id) = try self.released(plan)
        #expect(log.apply(self.control(.approve)).refusal == .permissionDenied)
        #expect(log.apply(self.control(.approve, step: 1), actor: "ben").refusal == .stale)
        #expect(log.store.nextDue == nil)
        let approved = log.apply(self.control(.approve), actor: "ben", reason: "fine")
        #expect(approved.rows.map(\.action) == [.releaseApprove] && approved.row == nil)
        #expect(approved.rows.first?.reason == "fine")
        let now = Timestamp(milliseconds: log.time)
        #expect(log.store.due(now: now, limit: 9).count == 1)
        log.apply(.advanceRelease(Log.production, Self.key, release: id, step: 0))
        #expect(log.flag("checkout")?.rollout == .all)
        let skipped = log.apply(self.control(.skip, step: 1))
        #expect(skipped.row?.action == .releaseComplete && log.flag("checkout")?.release == nil)
        #expect(log.apply(self.control(.abort, step: 1)).refusal == .notFound)
    }

    @Test func aTokenActsForWhoCreatedIt() throws {
        let plan = ReleasePlan(steps: [ReleaseStep(rollout: .all, approvals: 2)])
        var log = Log.prepared()
        log.create("checkout")
        func create(_ id: String, by actor: String, of member: String = "") {
            let digits = id.utf8.map { String($0 % 16, radix: 16) }.joined()
            let token = AccessToken(
                id: id,
                organization: "acme",
                role: .releaseManager,
                member: member,
                sha256: String(repeating: "0", count: 64 - digits.count) + digits
            )
            #expect(log.apply(.createToken(token), actor: actor).refusal == nil)
        }
        create("own", by: "operator/ana")
        create("owns-own", by: "token/acme/own")
        create("bens", by: "operator/ben")
        log.apply(.startRelease(Log.production, Self.key, plan), actor: "operator/ana")
        let approve = self.control(.approve)
        for actor in ["operator/ana", "token/acme/own", "token/acme/owns-own"] {
            let refused = log.apply(approve, actor: actor)
            #expect(refused.refusal == .permissionDenied, "\(actor)")
            #expect(refused.message.contains("operator/ana"))
            #expect(log.apply(self.control(.skip), actor: actor).refusal == .permissionDenied)
        }
        #expect(log.apply(approve, actor: "token/acme/bens").refusal == nil)
        let twice = log.apply(approve, actor: "operator/ben")
        #expect(twice.refusal == .illegalTransition && twice.message.contains("operator/ben"))
        #expect(log.apply(self.control(.skip), actor: "operator/ben").refusal == .illegalTransition)
        #expect(log.apply(approve, actor: "member/acme/cem").refusal == nil)
    }

    @Test func whatTheStepsToComeCannotBeMadeForIsRefused() throws {
        let regions = (0..<900).map { "\($0)-" + String(repeating: "r", count: 240) }
        let plan = ReleasePlan(steps: [
            ReleaseStep(rollout: .all, holdMilliseconds: 60_000), ReleaseStep(regions: regions),
        ])
        var (log, _) = try self.released(plan)
        let text = String(repeating: "x", count: 60_000)
        let grow = log.update("checkout") {
            $0.variations = ["on", "off"].map { Variation(name: $0, value: .string(text + $0)) }
        }
        #expect(grow.refusal != nil && grow.message.contains("could not go on"))
        // It would fit, were it not for the release.
        log.apply(self.control(.abort))
        let free = log.update("checkout") {
            $0.variations = ["on", "off"].map { Variation(name: $0, value: .string(text + $0)) }
        }
        #expect(free.refusal == nil)
    }

    @Test func abortingLeavesTheRolloutAndFreesTheFlag() throws {
        var (log, _) = try self.released()
        let applied = log.apply(self.control(.abort))
        #expect(applied.row?.action == .releaseAbort)
        #expect(log.flag("checkout")?.rollout.thousandths == 10_000)
        #expect(log.update("checkout") { $0.rollout = .all }.refusal == nil)
    }

    @Test func reportedEvaluationsOpenAGate() throws {
        let plan = ReleasePlan(steps: [
            ReleaseStep(rollout: RolloutPercentage(thousandths: 1_000), evaluationsMin: 100),
            ReleaseStep(rollout: .all),
        ])
        var (log, id) = try self.released(plan)
        let command = Command.advanceRelease(Log.production, Self.key, release: id, step: 0)
        log.report("checkout", evaluations: 99)
        #expect(log.store.nextDue == nil && log.apply(command).refusal == .illegalTransition)
        log.report("checkout", evaluations: 1)
        #expect(log.store.due(now: Timestamp(milliseconds: log.time), limit: 1) == [command])
        #expect(log.apply(command).refusal == nil)
    }

    @Test func aWaveThatWouldNotFitIsRefusedAtTheStart() {
        var log = Log.prepared()
        log.create("checkout")
        let many = (0..<800).map { "r\($0)" }
        let more = (800..<1_600).map { "r\($0)" }
        let plan = ReleasePlan(steps: [ReleaseStep(regions: many), ReleaseStep(regions: more)])
        let applied = log.apply(.startRelease(Log.production, Self.key, plan))
        #expect(applied.refusal == .limitExceeded)
    }

    @Test func endedReleasesAreKeptUpToANumber() throws {
        var limits = FlagStoreLimits()
        limits.endedReleasesMax = 3
        var log = Log.prepared(limits: limits)
        var ids: [Revision] = []
        for index in 0..<6 {
            let key = FlagKey("flag-\(index)")
            log.create("flag-\(index)")
            log.apply(.startRelease(Log.production, key, Self.plan))
            ids.append(log.store.applied)
        }
        var forgotten: [Revision] = []
        // They end in another order than they began.
        for index in [4, 0, 5, 1, 2] {
            let command = Command.controlRelease(
                Log.production,
                FlagKey("flag-\(index)"),
                .abort,
                step: 0
            )
            for case .releaseForgotten(let id) in log.apply(command).effects {
                forgotten.append(id)
            }
        }
        #expect(forgotten == [ids[4], ids[0]])
        let kept = log.store.releases(in: Log.production)?.map(\.id)
        #expect(kept == [ids[5], ids[3], ids[2], ids[1]])
        #expect(log.store.releases(in: Log.production, includeFinished: false)?.count == 1)
        let restored = FlagStore(restoring: log.store.contents(), limits: limits)
        #expect(restored.contents() == log.store.contents())
        #expect(restored.overview() == log.store.overview())
    }
}
