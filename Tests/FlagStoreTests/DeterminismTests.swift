import FlagStore
import Flags
import Testing

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
        let edits: [(inout Flag) -> Void] = [
            { $0.name = "x" }, { $0.description = "x" }, { $0.enabled = false },
            { $0.rollout = .all }, { $0.audience.plans = ["x"] }, { $0.audience.roles = ["x"] },
            { $0.start = Timestamp(milliseconds: 0) }, { $0.end = Timestamp(milliseconds: 0) },
            { $0.variations[0].value = .bool(false) }, { $0.isArchived = true },
            { $0.salt = "x" }, { $0.updatedBy = "x" }, { $0.status = .paused },
        ]
        for edit in edits {
            var flag = base.flags[0].flag
            edit(&flag)
            changed = base
            changed.flags[0] = .init(environment: base.flags[0].environment, flag: flag)
            hashes.insert(changed.stateHash())
        }
        #expect(hashes.count == edits.count + 3)
    }
}

/// Commands as a crowd of clients would send them: mostly right, sometimes wrong, often repeated.
private struct RandomCommands {
    var log: Log
    private var generator: SeededGenerator
    private var sessions: [Revision] = []
    private var sequences: [UInt64: UInt64] = [:]

    init(seed: UInt64) {
        var limits = FlagStoreLimits()
        limits.sessionsMax = 20
        limits.sessionIdleMilliseconds = 60_000
        self.log = Log.prepared(limits: limits)
        self.generator = SeededGenerator(seed: seed)
    }

    mutating func step() -> Applied {
        let elapsed = Int64(self.generator.next() % 4_000) - 500
        if self.sessions.isEmpty || self.roll(20) {
            let applied = self.log.apply(.openSession, after: elapsed)
            if let session = applied.session { self.sessions.append(session.id) }
            return applied
        }
        let session = self.sessions[self.pick(self.sessions.count)]
        let last = self.sequences[session.rawValue] ?? 0
        let sequence = self.roll(10) ? last : self.roll(40) ? last &- 1 : last + 1
        self.sequences[session.rawValue] = max(last, sequence == .max ? 0 : sequence)
        return self.log.apply(
            self.command(),
            session: session,
            sequence: sequence,
            after: elapsed
        )
    }

    private mutating func command() -> Command {
        let key = FlagKey("flag-\(self.pick(30))")
        switch self.pick(12) {
        case 0: return .putPlan(Plan(organization: "acme", id: "P\(self.pick(5))", name: ""))
        case 1:
            let plan = "P\(self.pick(6))"
            let id = "c\(self.pick(9))"
            return .putCompany(
                Company(organization: "acme", id: id, name: id, plan: plan, region: "MX")
            )
        case 2: return .archiveFlag(Log.production, key)
        case 3...5:
            let status = FlagStatus.allCases[self.pick(3)]
            return .createFlag(Log.production, FlagDefinition(key: key, status: status))
        default:
            return .updateFlag(Log.production, key, self.patch())
        }
    }

    private mutating func patch() -> FlagPatch {
        var patch = FlagPatch()
        if self.roll(3) { patch.enabled = self.roll(2) }
        if self.roll(3) { patch.status = FlagStatus.allCases[self.pick(5)] }
        if self.roll(3) {
            patch.rollout = RolloutPercentage(thousandths: UInt32(self.pick(100_001)))
        }
        if self.roll(4) { patch.plans = (0..<self.pick(12)).map { "P\($0)" } }
        if self.roll(9) { patch.start = .at(Timestamp(milliseconds: Int64(self.pick(100)))) }
        if self.roll(9) { patch.end = .at(Timestamp(milliseconds: Int64(self.pick(100)))) }
        if self.roll(9) { patch.onVariation = ["on", "off", "nothing"][self.pick(3)] }
        return patch
    }

    private mutating func roll(_ sides: Int) -> Bool { self.pick(sides) == 0 }

    private mutating func pick(_ count: Int) -> Int {
        Int(self.generator.next() % UInt64(count))
    }
}
