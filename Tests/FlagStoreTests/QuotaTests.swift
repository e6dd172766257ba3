import FlagStore
import Flags
import Testing

@Suite struct QuotaTests {
    private func limited(_ quotas: Quotas) -> Log {
        var log = Log.prepared()
        log.apply(.putOrganization(Organization(id: "acme", name: "Acme", quotas: quotas)))
        return log
    }

    private func company(_ id: String) -> Command {
        .putCompany(Company(organization: "acme", id: id, name: "", plan: "", region: ""))
    }

    @Test func archivedFlagsMakeRoomForOthers() {
        var log = self.limited(Quotas(flags: 2))
        #expect(log.create("a").refusal == nil && log.create("b").refusal == nil)
        let refused = log.create("c")
        #expect(refused.refusal == .quotaExceeded && refused.message.contains("quota is 2"))
        log.apply(.archiveFlag(Log.production, FlagKey("a")))
        #expect(log.create("c").refusal == nil)
        #expect(log.create("d").refusal == .quotaExceeded)
    }

    @Test func companiesThatAreThereCanAlwaysBeChanged() {
        var log = self.limited(Quotas(companies: 1))
        #expect(log.apply(self.company("a")).refusal == nil)
        #expect(log.apply(self.company("b")).refusal == .quotaExceeded)
        let renamed = Company(organization: "acme", id: "a", name: "A", plan: "", region: "")
        #expect(log.apply(.putCompany(renamed)).refusal == nil)
        #expect(log.store.quotas(of: "acme")?.companies == 1)
    }

    @Test func writesOfASecondAreCountedByTheReplicatedClock() {
        var log = self.limited(Quotas(writesPerSecond: 3))
        log.time = 1_770_000_000_999
        for index in 0..<3 {
            let applied = log.apply(self.company("a\(index)"), after: index == 0 ? 1 : 0)
            let window = WriteWindow(second: 1_770_000_001, count: UInt32(index) + 1)
            #expect(applied.effects.last == .writeWindow("acme", window))
        }
        #expect(log.apply(self.company("b"), after: 999).refusal == .quotaExceeded)
        #expect(log.apply(self.company("b"), after: 1).refusal == nil)
        #expect(log.apply(self.company("b"), after: -5_000).refusal == nil)
    }

    @Test func aRefusedWriteIsCountedAndAForeignOneIsNot() {
        var log = self.limited(Quotas(writesPerSecond: 2))
        log.time = 1_770_000_000_000
        let foreign = Authority(role: .organizationAdmin, organization: "globex")
        for _ in 0..<5 {
            #expect(log.apply(self.company("a"), as: foreign, after: 0).effects.isEmpty)
        }
        let archive = Command.archiveFlag(Log.production, FlagKey("x"))
        let refused = log.apply(archive, after: 0)
        #expect(refused.refusal == .notFound && refused.effects.count == 1)
        #expect(log.apply(archive, after: 0).refusal == .notFound)
        #expect(log.apply(archive, after: 0).refusal == .quotaExceeded)
    }

    @Test func theClusterAndAnEmergencyAreNeverHeldBack() {
        var log = self.limited(Quotas(writesPerSecond: 1))
        log.time = 1_770_000_000_000
        let start = Timestamp(milliseconds: log.time + 5)
        log.create("checkout") { $0.start = start }
        #expect(log.update("checkout") { $0.name = "x" }.refusal == .quotaExceeded)
        let record = Command.recordSchedule(
            Log.production,
            FlagKey("checkout"),
            .start,
            date: start
        )
        #expect(log.apply(record, after: 5).refusal == nil)
        #expect(log.report("checkout", evaluations: 1).refusal == nil)
        let rollback = Command.emergencyRollback(Log.production, FlagKey("checkout"))
        #expect(log.apply(rollback).refusal == nil)
        let quotas = Quotas(writesPerSecond: 100)
        let organization = Organization(id: "acme", name: "Acme", quotas: quotas)
        #expect(log.apply(.putOrganization(organization)).refusal == nil)
        #expect(log.update("checkout") { $0.name = "x" }.refusal == nil)
    }

    @Test func aRefusalForTheRateIsNoOutcomeToRemember() throws {
        var log = self.limited(Quotas(writesPerSecond: 1))
        log.time = 1_770_000_000_000
        let session = try #require(log.apply(.openSession).session?.id)
        func put(_ id: String, _ sequence: UInt64, after milliseconds: Int64) -> Applied {
            let command = self.company(id)
            return log.apply(
                command,
                session: session,
                sequence: sequence,
                after: milliseconds
            )
        }
        #expect(put("a", 1, after: 99).refusal == nil)
        let limited = put("b", 2, after: 100)
        guard case .refused(let refusal) = limited.outcome else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.code == .quotaExceeded && refusal.retryAfterMilliseconds == 800)
        #expect(limited.session?.lastSequence == 1)
        #expect(put("b", 2, after: 799).refusal == .quotaExceeded)
        #expect(put("b", 2, after: 1).refusal == nil)
        #expect(put("b", 2, after: 0).isDuplicate)
    }

    @Test func windowsSurviveARestart() {
        var log = self.limited(Quotas(writesPerSecond: 2))
        log.time = 1_770_000_000_000
        log.apply(self.company("a"), after: 0)
        var restored = log
        restored.store = FlagStore(restoring: log.store.contents())
        #expect(restored.apply(self.company("b"), after: 0).refusal == nil)
        #expect(restored.apply(self.company("c"), after: 0).refusal == .quotaExceeded)
    }
}

@Suite struct StaleTests {
    @Test func aCommandThatIsBasedOnAnOlderStateIsRefusedWithWhoChangedIt() {
        var log = Log.prepared()
        log.create("checkout")
        let seen = log.store.applied
        var patch = FlagPatch()
        patch.name = "x"
        let update = Command.updateFlag(Log.production, FlagKey("checkout"), patch)
        #expect(log.apply(update, actor: "ben", basedOn: seen).refusal == nil)
        let changed = log.store.applied
        patch.name = "y"
        let stale = log.apply(
            .updateFlag(Log.production, FlagKey("checkout"), patch),
            basedOn: seen
        )
        #expect(stale.refusal == .stale && stale.effects.isEmpty)
        #expect(stale.message.contains("by ben at 2026-"))
        #expect(stale.message.contains("at revision \(changed), after revision \(seen)"))
        let archive = Command.archiveFlag(Log.production, FlagKey("checkout"))
        #expect(log.apply(archive, basedOn: seen).refusal == .stale)
        #expect(log.apply(archive, basedOn: changed).refusal == nil)
    }

    @Test func whatWasRemovedIsNotPutAgainByWhoDoesNotKnow() {
        var log = Log.prepared()
        let put = Command.putMember(TeamMember(organization: "acme", name: "eve", role: .viewer))
        log.apply(put)
        let seen = log.store.applied
        log.apply(.removeMember("acme", "eve"))
        let stale = log.apply(put, basedOn: seen)
        #expect(stale.refusal == .stale && stale.message.contains("was removed"))
        #expect(log.apply(put, basedOn: .zero).refusal == nil)
    }

    @Test func everyPutMayBeBasedOnARevision() {
        var log = Log.prepared()
        let token = AccessToken(
            id: "t",
            organization: "acme",
            role: .viewer,
            sha256: String(repeating: "0", count: 64)
        )
        log.apply(.createToken(token))
        func puts(_ name: String) -> [Command] {
            [
                .putOrganization(Organization(id: "acme", name: name)),
                .putEnvironment(Environment(id: Log.production, name: name)),
                .putPlan(Plan(organization: "acme", id: "P", name: name)),
                .putCompany(
                    Company(organization: "acme", id: "c", name: name, plan: "", region: "")
                ),
                .putMember(
                    TeamMember(
                        organization: "acme",
                        name: "m",
                        role: name == "a" ? .viewer : .developer
                    )
                ),
                .putSegment(Log.production, SegmentDefinition(key: "s", name: name)),
            ]
        }
        let seen = log.store.applied
        for put in puts("a") { #expect(log.apply(put).refusal == nil) }
        for put in puts("b") { #expect(log.apply(put, basedOn: seen).refusal == .stale, "\(put)") }
        let now = log.store.applied
        for put in puts("b") { #expect(log.apply(put, basedOn: now).refusal == nil, "\(put)") }
        for removal in [
            Command.removeMember("acme", "m"), .removeSegment(Log.production, key: "s"),
        ] {
            #expect(log.apply(removal, basedOn: seen).refusal == .stale, "\(removal)")
        }
        #expect(log.apply(.revokeToken("acme", "t"), basedOn: Revision(1)).refusal == .stale)
    }

    @Test func aPutThatChangesNothingHasNoEffect() {
        var log = Log.prepared()
        let company = Company(organization: "acme", id: "c", name: "", plan: "", region: "")
        let puts: [Command] = [
            .putOrganization(Organization(id: "acme", name: "Acme")),
            .putEnvironment(Environment(id: Log.production, name: "Production")),
            .putPlan(Plan(organization: "acme", id: "P", name: "")), .putCompany(company),
            .putMember(TeamMember(organization: "acme", name: "m", role: .viewer)),
        ]
        for put in puts { log.apply(put) }
        for put in puts {
            let applied = log.apply(put)
            #expect(applied.refusal == nil && applied.effects.isEmpty, "\(put)")
        }
    }

    @Test func aReasonIsBoundedAndShown() {
        var log = Log.prepared()
        log.create("checkout")
        let archive = Command.archiveFlag(Log.production, FlagKey("checkout"))
        let long = String(repeating: "x", count: FlagsLimits.reasonBytesMax + 1)
        #expect(log.apply(archive, reason: long).refusal == .limitExceeded)
        #expect(log.apply(archive, reason: "\u{1B}[31m").refusal == .invalid)
        #expect(log.apply(archive, reason: "done with it").row?.reason == "done with it")
    }
}
