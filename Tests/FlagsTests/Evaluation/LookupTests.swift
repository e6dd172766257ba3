import Flags
import Testing

@Suite("Segments and prerequisites")
struct LookupTests {
    private let ana = EvaluationContext(targetingKey: "ana", company: "globex")

    private func segment(
        _ key: String,
        in others: [String] = [],
        _ change: (inout SegmentDefinition) -> Void = { _ in }
    ) -> Segment {
        var definition = SegmentDefinition(key: key)
        if !others.isEmpty {
            let keys = others.map { Value.string($0) }
            definition.rules = [[Clause(attribute: "", .segment, keys)]]
        }
        change(&definition)
        return Segment(
            definition: definition,
            createdAt: Fixture.now,
            createdBy: "ana",
            updatedAt: Fixture.now,
            updatedBy: "ana",
            revision: Revision(1)
        )
    }

    private func isIn(_ segments: [Segment], _ key: String = "s0", isNegated: Bool = false) -> Bool
    {
        let clause = Clause(attribute: "", .segment, [.string(key)], isNegated: isNegated)
        return ClauseProbe.holds(clause, self.ana, segments)
    }

    @Test("Excluded goes before included, and that before the rules")
    func membership() {
        let everybody = self.segment("s0") { $0.rules = [[]] }
        #expect(self.isIn([everybody]))
        #expect(!self.isIn([self.segment("s0") { $0.rules = [] }]))
        #expect(self.isIn([self.segment("s0") { $0.included = ["ben", "ana"] }]))
        let excluded = self.segment("s0") {
            $0.included = ["ana"]
            $0.excluded = ["ana"]
            $0.rules = [[]]
        }
        #expect(!self.isIn([excluded]) && self.isIn([excluded], isNegated: true))
        let byCompany = self.segment("s0") {
            $0.attribute = "company"
            $0.included = (0..<10_000).map { "company-\($0)" } + ["globex"]
        }
        #expect(self.isIn([byCompany]))
    }

    @Test("Segments nest as deep as they may, and no deeper")
    func nesting() {
        func chain(_ count: Int) -> [Segment] {
            (0..<count).map { index in
                index == count - 1
                    ? self.segment("s\(index)") { $0.included = ["ana"] }
                    : self.segment("s\(index)", in: ["s\(index + 1)"])
            }
        }
        #expect(self.isIn(chain(FlagsLimits.segmentDepthMax)))
        let tooDeep = chain(FlagsLimits.segmentDepthMax + 1)
        #expect(!self.isIn(tooDeep) && !self.isIn(tooDeep, isNegated: true))
    }

    @Test("Whom a segment cannot be asked about is neither in nor out of it")
    func notKnown() {
        func isNowhere(_ rule: [Clause]) -> Bool {
            let segments = [self.segment("s0") { $0.rules = [rule] }]
            return !self.isIn(segments) && !self.isIn(segments, isNegated: true)
        }
        let newer = Clause(attribute: "", ClauseOperator("newer_than_this"), [.string("x")])
        #expect(isNowhere([newer]))
        #expect(isNowhere([Clause(attribute: "", .segment, [.string("gone")])]))
        let costly = Clause(attribute: "company", .matches, [.string("^(a|aa)+$")])
        let context = EvaluationContext(
            targetingKey: "ana",
            company: String(repeating: "a", count: 60) + "b"
        )
        let segment = self.segment("s0") { $0.rules = [[costly]] }
        for isNegated in [false, true] {
            let clause = Clause(attribute: "", .segment, ["s0"], isNegated: isNegated)
            #expect(!ClauseProbe.holds(clause, context, [segment]))
        }
        let long = String(repeating: "a", count: FlagsLimits.searchedBytesMax + 1)
        let searched = Clause(attribute: "company", .contains, [.string("b")])
        for isNegated in [false, true] {
            let clause = Clause(attribute: "", .segment, ["s0"], isNegated: isNegated)
            let segment = self.segment("s0") { $0.rules = [[searched]] }
            let context = EvaluationContext(targetingKey: "ana", company: long)
            #expect(!ClauseProbe.holds(clause, context, [segment]))
        }
        // What is known otherwise decides: lists, another clause of the rule, another rule.
        let absent = Clause(attribute: "nothing", .isIn, [.string("x")])
        let excluded = self.segment("s0") { $0.rules = [[newer, absent]] }
        #expect(!self.isIn([excluded]) && self.isIn([excluded], isNegated: true))
        let included = self.segment("s0") { $0.rules = [[newer], []] }
        #expect(self.isIn([included]) && !self.isIn([included], isNegated: true))
    }

    @Test("A segment that is unknown is neither in nor out")
    func unknown() {
        #expect(!self.isIn([], "nothing") && !self.isIn([], "nothing", isNegated: true))
    }

    @Test("Segments that lead back to themselves, or fan out, end as false in bounded time")
    func circles() {
        let keys = (0..<20).map { "s\($0)" }
        let web = keys.map { self.segment($0, in: keys) }
        let time = ContinuousClock().measure { #expect(!self.isIn(web)) }
        #expect(time < .seconds(1), "\(time)")
        #expect(!self.isIn([self.segment("s0", in: ["s0"])]))
    }

    private func flag(_ key: String, needs others: [String], gives: [String] = ["on"]) -> Flag {
        Fixture.flag(key) {
            $0.targeting.prerequisites = others.map {
                Prerequisite(flag: FlagKey($0), variations: gives)
            }
        }
    }

    private func reason(_ flags: [Flag], _ key: FlagKey = "f0") -> EvaluationReason {
        Ruleset(environment: Fixture.environment, flags: flags)
            .evaluate(key, self.ana, now: Fixture.now).reason
    }

    @Test("A chain of prerequisites may be as long as the limit, and no longer")
    func prerequisiteChains() {
        func chain(_ count: Int) -> [Flag] {
            (0...count).map { self.flag("f\($0)", needs: $0 == count ? [] : ["f\($0 + 1)"]) }
        }
        #expect(self.reason(chain(FlagsLimits.prerequisiteDepthMax)) == .static)
        #expect(self.reason(chain(FlagsLimits.prerequisiteDepthMax + 1)) == .prerequisiteFailed)
    }

    @Test("Prerequisites in a circle, or fanning out, fail in bounded time")
    func prerequisiteCircles() {
        let any = ["on", "off"]
        #expect(self.reason([self.flag("f0", needs: ["f0"], gives: any)]) == .prerequisiteFailed)
        for count in 2...5 {
            let ring = (0..<count).map {
                self.flag("f\($0)", needs: ["f\(($0 + 1) % count)"], gives: any)
            }
            #expect(self.reason(ring) == .prerequisiteFailed)
        }
        let keys = (0..<30).map { "f\($0)" }
        let layers = (0..<12).flatMap { layer in
            (0..<30).map { index in
                self.flag(
                    layer == 0 ? keys[index] : "\(layer)-\(index)",
                    needs: layer == 11 ? [] : (0..<30).map { "\(layer + 1)-\($0)" }
                )
            }
        }
        let time = ContinuousClock().measure {
            #expect(self.reason(layers) == .prerequisiteFailed)
        }
        #expect(time < .seconds(1), "\(time)")
    }

    @Test("A prerequisite that is disabled, archived, unknown, failing or in error fails")
    func prerequisites() {
        let gives = ["on", "off"]
        let own = self.flag("f0", needs: ["other"], gives: gives)
        func with(_ change: (inout Flag) -> Void) -> EvaluationReason {
            self.reason([own, Fixture.flag("other", change)])
        }
        #expect(with { _ in } == .static)
        #expect(with { $0.rollout = .none } == .static)
        #expect(with { $0.audience.plans = ["FREE"] } == .static)
        #expect(with { $0.enabled = false } == .prerequisiteFailed)
        #expect(with { $0.isArchived = true } == .prerequisiteFailed)
        #expect(with { $0.variations = [] } == .prerequisiteFailed)
        #expect(
            with {
                $0.bucketBy = "seat"
                $0.rollout = Fixture.percent(50)
            } == .prerequisiteFailed
        )
        #expect(self.reason([own]) == .prerequisiteFailed)
        let wrong = self.flag("f0", needs: ["other"], gives: ["blue"])
        #expect(self.reason([wrong, Fixture.flag("other")]) == .prerequisiteFailed)
    }
}
