import FlagStore
import Flags
import Testing

@Suite struct ReferenceTests {
    private func prerequisite(_ key: String, _ variations: [String] = ["on"]) -> Prerequisite {
        Prerequisite(flag: FlagKey(key), variations: variations)
    }

    private func rule(segment: String) -> Rule {
        let clause = Clause(attribute: "", .segment, [.string(segment)])
        return Rule(id: "r", clauses: [clause], serve: .variation("on"))
    }

    private func segment(_ key: String, names: [String] = []) -> Command {
        let clauses = names.map { [Clause(attribute: "", .segment, [.string($0)])] }
        return .putSegment(Log.production, SegmentDefinition(key: key, rules: clauses))
    }

    @Test func prerequisitesMustBeThereAndLeadNowhereBack() {
        var log = Log.prepared()
        for key in ["a", "b", "c"] { log.create(key) }
        #expect(log.update("a") { $0.prerequisites = [self.prerequisite("x")] }.refusal == .invalid)
        let unknown = log.update("a") { $0.prerequisites = [self.prerequisite("b", ["blue"])] }
        #expect(unknown.refusal == .invalid)
        #expect(log.update("a") { $0.prerequisites = [self.prerequisite("a")] }.refusal == .invalid)
        #expect(log.update("a") { $0.prerequisites = [self.prerequisite("b")] }.refusal == nil)
        #expect(log.update("b") { $0.prerequisites = [self.prerequisite("c")] }.refusal == nil)
        let circle = log.update("c") { $0.prerequisites = [self.prerequisite("a")] }
        #expect(circle.refusal == .invalid && circle.message.contains("c → a → b → c"))
        let created = log.create("d") { $0.targeting.prerequisites = [self.prerequisite("x")] }
        #expect(created.refusal == .invalid && log.flag("d") == nil)
    }

    @Test func aPrerequisiteOfAnotherFlagCannotGo() {
        var log = Log.prepared()
        for key in ["a", "b"] { log.create(key) }
        log.update("a") { $0.prerequisites = [self.prerequisite("b")] }
        let archive = Command.archiveFlag(Log.production, FlagKey("b"))
        let refused = log.apply(archive)
        #expect(refused.refusal == .invalid && refused.message.contains("flag a"))
        let colours = [
            Variation(name: "blue", value: .bool(true)),
            Variation(name: "off", value: .bool(false)),
        ]
        let renamed = log.update("b") {
            $0.variations = colours
            $0.onVariation = "blue"
        }
        #expect(renamed.refusal == .invalid && renamed.message.contains("flag a"))
        log.update("a") { $0.prerequisites = [] }
        #expect(log.apply(archive).refusal == nil)
        #expect(log.update("a") { $0.prerequisites = [self.prerequisite("b")] }.refusal == .invalid)
    }

    @Test func whoIsArchivedAsksForNothing() {
        var log = Log.prepared()
        log.apply(self.segment("beta"))
        for key in ["a", "b"] { log.create(key) }
        log.update("a") {
            $0.prerequisites = [self.prerequisite("b")]
            $0.rules = [self.rule(segment: "beta")]
        }
        log.apply(.archiveFlag(Log.production, FlagKey("a")))
        #expect(log.apply(.archiveFlag(Log.production, FlagKey("b"))).refusal == nil)
        #expect(log.apply(.removeSegment(Log.production, key: "beta")).refusal == nil)
    }

    @Test func aSegmentIsPutChangedAndRemoved() throws {
        var log = Log.prepared()
        let created = log.apply(self.segment("beta"))
        let segment = try #require(log.store.segment(Log.production, "beta"))
        #expect(created.effects.first == .segment(Log.production, segment))
        #expect(created.rows.map(\.action) == [.create] && created.change != nil)
        #expect(log.apply(self.segment("beta")).effects.isEmpty)
        let definition = SegmentDefinition(key: "beta", included: ["u"])
        let updated = log.apply(.putSegment(Log.production, definition), actor: "ben")
        let after = try #require(log.store.segment(Log.production, "beta"))
        #expect(
            updated.rows.map(\.action) == [.update] && updated.rows[0].before == segment.document
        )
        #expect(after.createdBy == "ana" && after.updatedBy == "ben")
        #expect(after.createdAt == segment.createdAt && after.revision == log.store.applied)
        let removed = log.apply(.removeSegment(Log.production, key: "beta"))
        #expect(removed.rows.map(\.action) == [.remove] && removed.rows[0].after == .null)
        #expect(removed.change?.item == .segmentRemoved("beta"))
        #expect(log.apply(.removeSegment(Log.production, key: "beta")).refusal == .notFound)
    }

    @Test func aSegmentThatIsNamedStays() {
        var log = Log.prepared()
        #expect(log.apply(self.segment("b", names: ["a"])).refusal == .invalid)
        log.apply(self.segment("a"))
        log.apply(self.segment("b", names: ["a"]))
        log.create("flag")
        #expect(log.update("flag") { $0.rules = [self.rule(segment: "x")] }.refusal == .invalid)
        log.update("flag") { $0.rules = [self.rule(segment: "b")] }
        let named = log.apply(.removeSegment(Log.production, key: "b"))
        #expect(named.refusal == .invalid && named.message.contains("flag flag"))
        let nested = log.apply(.removeSegment(Log.production, key: "a"))
        #expect(nested.refusal == .invalid && nested.message.contains("segment b"))
        log.update("flag") { $0.rules = [] }
        #expect(log.apply(.removeSegment(Log.production, key: "b")).refusal == nil)
        #expect(log.apply(.removeSegment(Log.production, key: "a")).refusal == nil)
    }

    @Test func segmentsLeadInNoCircle() {
        var log = Log.prepared()
        for key in ["a", "b", "c"] { log.apply(self.segment(key)) }
        log.apply(self.segment("a", names: ["b"]))
        log.apply(self.segment("b", names: ["c"]))
        #expect(log.apply(self.segment("c", names: ["a"])).refusal == .invalid)
        #expect(log.apply(self.segment("c", names: ["c"])).refusal == .invalid)
    }

    @Test func theStoreEvaluatesWithSegmentsAndPrerequisites() {
        var log = Log.prepared()
        log.apply(.putSegment(Log.production, SegmentDefinition(key: "beta", included: ["u1"])))
        log.create("a") { $0.targeting.rules = [self.rule(segment: "beta")] }
        log.create("b") {
            $0.rollout = .all
            $0.targeting.prerequisites = [self.prerequisite("a")]
        }
        func value(_ key: String, _ user: String) -> Value? {
            log.store.evaluate(
                Log.production,
                FlagKey(key),
                EvaluationContext(targetingKey: user),
                now: Timestamp(milliseconds: log.time)
            ).value
        }
        #expect(value("a", "u1") == .bool(true) && value("a", "u2") == .bool(false))
        #expect(value("b", "u1") == .bool(true) && value("b", "u2") == .bool(false))
        log.apply(.putSegment(Log.production, SegmentDefinition(key: "beta", included: ["u2"])))
        #expect(value("b", "u1") == .bool(false) && value("b", "u2") == .bool(true))
        let explained = log.store.explain(
            Log.production,
            FlagKey("b"),
            EvaluationContext(targetingKey: "u2"),
            now: Timestamp(milliseconds: log.time)
        )
        #expect(explained?.evaluation.value == .bool(true))
    }

    @Test func chainsAreMeasuredFromTheirFirstLinkNotFromTheOneThatChanges() {
        var log = Log.prepared()
        let depth = FlagsLimits.segmentDepthMax
        for index in 0..<depth - 1 {
            log.apply(self.segment("s\(index)", names: index == 0 ? [] : ["s\(index - 1)"]))
        }
        log.apply(self.segment("t0"))
        log.apply(self.segment("t1", names: ["t0"]))
        // The last link, under a chain that is nearly as long as it may be.
        let tooDeep = log.apply(self.segment("s0", names: ["t1"]))
        #expect(tooDeep.refusal == .limitExceeded)
        #expect(log.apply(self.segment("s0", names: ["t0"])).refusal == nil)

        let most = FlagsLimits.prerequisiteDepthMax
        for index in 0..<most {
            log.create("f\(index)") {
                guard index > 0 else { return }
                $0.targeting.prerequisites = [self.prerequisite("f\(index - 1)")]
            }
        }
        log.create("g0")
        log.create("g1") { $0.targeting.prerequisites = [self.prerequisite("g0")] }
        let long = log.update("f0") { $0.prerequisites = [self.prerequisite("g1")] }
        #expect(long.refusal == .limitExceeded)
        #expect(log.update("f0") { $0.prerequisites = [self.prerequisite("g0")] }.refusal == nil)
    }

    @Test func whoMayNotReleaseChangesOnlySegmentsOfDrafts() {
        var log = Log.prepared()
        let developer = Authority(role: .developer, organization: "acme")
        let manager = Authority(role: .releaseManager, organization: "acme")
        func put(_ key: String, _ name: String) -> Command {
            let inner = Clause(attribute: "", .segment, [.string("inner")])
            let clauses = key == "outer" ? [[inner]] : []
            return .putSegment(
                Log.production,
                SegmentDefinition(key: key, name: name, rules: clauses)
            )
        }
        #expect(log.apply(put("inner", "a"), as: developer).refusal == nil)
        #expect(log.apply(put("outer", "a"), as: developer).refusal == nil)
        log.create("checkout") {
            $0.status = .draft
            $0.targeting.rules = [self.rule(segment: "outer")]
        }
        #expect(log.apply(put("inner", "b"), as: developer).refusal == nil)
        log.update("checkout") { $0.status = .active }
        for key in ["inner", "outer"] {
            #expect(log.apply(put(key, "c"), as: developer).refusal == .permissionDenied)
            #expect(log.apply(put(key, "c"), as: manager).refusal == nil)
            // What leaves it as it is asks for nothing.
            #expect(log.apply(put(key, "c"), as: developer).refusal == nil)
        }
        log.apply(.archiveFlag(Log.production, FlagKey("checkout")))
        #expect(log.apply(put("inner", "d"), as: developer).refusal == nil)
    }
}
