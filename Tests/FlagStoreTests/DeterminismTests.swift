import FlagStore
import Flags
import Releases
import Testing
import Usage

@Suite struct DeterminismTests {
    @Test func theSameCommandsGiveTheSameStoreAndOutcomes() {
        for seed: UInt64 in 1...5 {
            var first = RandomCommands(seed: seed)
            var second = RandomCommands(seed: seed)
            for _ in 0..<2_000 {
                #expect(first.step() == second.step(), "seed \(seed)")
            }
            #expect(first.log.store.stateHash() == second.log.store.stateHash(), "seed \(seed)")
        }
    }

    @Test func aRestoredStoreIsTheStoreAndGoesOnLikeIt() {
        for seed: UInt64 in 10...14 {
            var replayed = RandomCommands(seed: seed)
            for _ in 0..<1_000 { _ = replayed.step() }
            let contents = replayed.log.store.contents()
            var restored = replayed
            restored.log.store = FlagStore(
                restoring: contents,
                limits: replayed.log.store.limits
            )
            #expect(restored.log.store.contents() == contents, "seed \(seed)")
            for _ in 0..<1_000 {
                #expect(restored.step() == replayed.step(), "seed \(seed)")
            }
            #expect(
                restored.log.store.stateHash() == replayed.log.store.stateHash(),
                "seed \(seed)"
            )
        }
    }

    @Test func aCopyOfTheStoreStaysAsItWas() {
        for seed: UInt64 in 20...22 {
            var commands = RandomCommands(seed: seed)
            for _ in 0..<20 {
                let copy = commands.log.store
                let contents = copy.contents()
                for _ in 0..<50 { _ = commands.step() }
                #expect(copy.contents() == contents, "seed \(seed)")
            }
        }
    }

    @Test func theHashSeesEverythingThatIsNotAFlag() {
        var commands = RandomCommands(seed: 31)
        for _ in 0..<3_000 { _ = commands.step() }
        let base = commands.log.store.contents()
        var changed: [FlagStoreContents] = []
        func change(_ edit: (inout FlagStoreContents) -> Void) {
            var contents = base
            edit(&contents)
            #expect(contents != base)
            changed.append(contents)
        }
        change { $0.members.removeLast() }
        change { $0.tokens[0].revokedAt = Timestamp(milliseconds: 1) }
        change { $0.segments.removeLast() }
        change { $0.releases[0].step += 1 }
        change { $0.alerts[0].acknowledgedBy += "x" }
        change { $0.totals[0].lastUpdated = Timestamp(milliseconds: 1) }
        change { $0.totals[0].variations[0].counts.evaluations += 1 }
        change { $0.windows.removeLast() }
        change {
            $0.windows[0] = .init(organization: $0.windows[0].organization, window: WriteWindow())
        }
        change { $0.sessions.removeLast() }
        change { $0.plans.removeLast() }
        change { $0.companies.removeLast() }
        let hashes = Set(changed.map { $0.stateHash() }).union([base.stateHash()])
        #expect(hashes.count == changed.count + 1)
    }

    @Test func whatIsFoundByIndexesIsWhatIsThere() {
        for seed: UInt64 in 40...43 {
            var commands = RandomCommands(seed: seed)
            for _ in 0..<3_000 { _ = commands.step() }
            let store = commands.log.store
            let contents = store.contents()
            let restored = FlagStore(restoring: contents, limits: store.limits)
            let late = Timestamp(milliseconds: .max)
            let due = store.due(now: late, limit: .max)
            #expect(restored.due(now: late, limit: .max) == due, "seed \(seed)")
            #expect(restored.nextDue == store.nextDue, "seed \(seed)")
            for organization in [nil, "acme", "globex"] as [String?] {
                let (first, second) = (
                    restored.overview(of: organization), store.overview(of: organization)
                )
                #expect(first == second, "seed \(seed)")
            }
            for token in contents.tokens {
                #expect(restored.token(sha256: token.sha256) == token, "seed \(seed)")
            }
            // Every flag that names a release names one that is there and has not ended.
            for placed in contents.flags {
                guard let id = placed.flag.release else { continue }
                let release = contents.releases.first { $0.id == id }
                #expect(release?.isUnfinished == true && release?.flag == placed.flag.key)
            }
        }
    }

    @Test func theCrowdDoesEverythingAndIsOftenRight() {
        var commands = RandomCommands(seed: 50)
        var done: Set<String> = []
        for _ in 0..<6_000 {
            let applied = commands.step()
            for row in applied.rows { done.insert("\(row.kind) \(row.action.rawValue)") }
            if let row = applied.row { done.insert("flag \(row.action.rawValue)") }
        }
        for expected in [
            "flag emergency_rollback", "flag schedule_start", "flag schedule_end",
            "flag override_set", "flag override_remove", "flag rollback", "flag archive",
            "release release_start", "release release_step", "release release_complete",
            "release release_pause", "release release_resume", "release release_approve",
            "release release_skip", "release release_abort", "segment create", "segment remove",
            "member remove", "token create", "token revoke", "alert create", "alert acknowledge",
        ] {
            #expect(done.contains(expected), "\(expected) never happened")
        }
    }

    @Test func theHashSeesEveryChange() {
        var log = Log.prepared()
        log.create("checkout")
        let base = log.store.contents()
        var hashes: Set<UInt64> = [base.stateHash()]
        var changed = base
        changed.applied = Revision(99)
        hashes.insert(changed.stateHash())
        changed = base
        changed.organizations[0].name = "x"
        hashes.insert(changed.stateHash())
        changed = base
        changed.dropped = 1
        hashes.insert(changed.stateHash())
        let edits: [(inout Flag) -> Void] = [
            { $0.name = "x" }, { $0.description = "x" }, { $0.enabled = false },
            { $0.rollout = .all }, { $0.audience.plans = ["x"] }, { $0.audience.roles = ["x"] },
            { $0.start = Timestamp(milliseconds: 0) }, { $0.end = Timestamp(milliseconds: 0) },
            { $0.variations[0].value = .bool(false) }, { $0.isArchived = true },
            { $0.salt = "x" }, { $0.updatedBy = "x" }, { $0.status = .paused },
            { $0.labels.tags = ["x"] }, { $0.labels.owner = "x" },
            { $0.labels.schema = .object([]) }, { $0.release = Revision(5) },
            { $0.recordedStart = Timestamp(milliseconds: 0) },
            { $0.recordedEnd = Timestamp(milliseconds: 0) },
            { $0.targeting.prerequisites = [Prerequisite(flag: FlagKey("x"), variations: ["on"])] },
            { $0.targeting.overrides = [Override(level: .platform, variation: "on")] },
            { $0.targeting.targets = [Target(variation: "on", values: ["x"])] },
            { $0.targeting.rules = [Rule(id: "x", clauses: [], serve: .variation("on"))] },
            { $0.targeting.weights = [WeightedVariation(variation: "on", weight: 100_000)] },
        ]
        for edit in edits {
            var flag = base.flags[0].flag
            edit(&flag)
            changed = base
            changed.flags[0] = .init(environment: base.flags[0].environment, flag: flag)
            hashes.insert(changed.stateHash())
        }
        #expect(hashes.count == edits.count + 4)
    }
}
