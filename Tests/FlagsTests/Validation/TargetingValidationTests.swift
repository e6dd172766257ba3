import Flags
import Testing

@Suite struct TargetingValidationTests {
    @Test func completeTargetingIsAccepted() throws {
        let valid = try Samples.definition.validated()
        #expect(valid.targeting == Samples.targeting)
    }

    @Test func tagsAndOverridesAreSorted() throws {
        var definition = Samples.definition
        definition.labels.tags = ["web", "a", "web"]
        definition.targeting.overrides.reverse()
        let valid = try definition.validated()
        #expect(valid.labels.tags == ["a", "web"])
        #expect(valid.targeting.overrides == Samples.targeting.overrides)
        var patch = FlagPatch()
        patch.tags = ["z", "a", "z"]
        #expect(try patch.applied(to: Fixture.flag()).labels.tags == ["a", "z"])
    }

    @Test func whatMakesNoSenseIsRefusedInWords() {
        let serve = Serve.variation("on")
        let cases: [(FlagsError.Code, String, (inout Targeting) -> Void)] = [
            (
                .invalidTargeting, "two rules have the id \"r\"",
                {
                    $0.rules = [
                        Rule(id: "r", clauses: [], serve: serve),
                        Rule(id: "r", clauses: [], serve: serve),
                    ]
                }
            ),
            (
                .invalidName, "the id of rule 1 \"a b\" may only have a-z A-Z 0-9 . _ -",
                { $0.rules = [Rule(id: "a b", clauses: [], serve: serve)] }
            ),
            (
                .invalidVariations,
                "rule \"r\": no variation \"red\" to serve; there are: on, off",
                { $0.rules = [Rule(id: "r", clauses: [], serve: .variation("red"))] }
            ),
            (
                .invalidTargeting, "rule \"r\": a split without weights",
                { $0.rules = [Rule(id: "r", clauses: [], serve: .split(Split(weights: [])))] }
            ),
            (
                .invalidVariations, "no variation \"red\" to give a weight; there are: on, off",
                { $0.weights = [WeightedVariation(variation: "red", weight: 100_000)] }
            ),
            (
                .invalidTargeting, "variation \"on\" has two weights",
                {
                    $0.weights = [
                        WeightedVariation(variation: "on", weight: 50_000),
                        WeightedVariation(variation: "on", weight: 50_000),
                    ]
                }
            ),
            (
                .invalidVariations, "no variation \"red\" to give to targets; there are: on, off",
                { $0.targets = [Target(variation: "red", values: ["u"])] }
            ),
            (
                .invalidText, "an empty text among the targets of \"on\"",
                { $0.targets = [Target(variation: "on", values: [""])] }
            ),
            (
                .limitExceeded, "10001 values of a target, more than 10000",
                {
                    $0.targets = [
                        Target(variation: "on", values: Array(repeating: "u", count: 10_001))
                    ]
                }
            ),
            (
                .circularDependency, "flag a cannot be its own prerequisite",
                { $0.prerequisites = [Prerequisite(flag: FlagKey("a"), variations: ["on"])] }
            ),
            (
                .invalidTargeting, "flag b is a prerequisite twice",
                {
                    $0.prerequisites = [
                        Prerequisite(flag: FlagKey("b"), variations: ["on"]),
                        Prerequisite(flag: FlagKey("b"), variations: ["off"]),
                    ]
                }
            ),
            (
                .invalidTargeting, "the prerequisite b names no variation that it must give",
                { $0.prerequisites = [Prerequisite(flag: FlagKey("b"), variations: [])] }
            ),
            (
                .limitExceeded, "33 prerequisites, more than 32",
                {
                    $0.prerequisites = (0..<33).map {
                        Prerequisite(flag: FlagKey("f\($0)"), variations: ["on"])
                    }
                }
            ),
            (
                .invalidTargeting, "an override at the level company needs its subject",
                { $0.overrides = [Override(level: .company, variation: "on")] }
            ),
            (
                .invalidTargeting, "an override at the level platform has no subject, not \"x\"",
                { $0.overrides = [Override(level: .platform, subject: "x", variation: "on")] }
            ),
            (
                .invalidVariations, "no variation \"red\" to override with; there are: on, off",
                { $0.overrides = [Override(level: .platform, variation: "red")] }
            ),
            (
                .invalidTargeting,
                "overrides must be sorted, one for each level and subject: plan PRO is repeated or "
                    + "out of order",
                {
                    $0.overrides = [
                        Override(level: .plan, subject: "PRO", variation: "on"),
                        Override(level: .plan, subject: "PRO", variation: "off"),
                    ]
                }
            ),
        ]
        for (code, message, change) in cases {
            var definition = FlagDefinition(key: FlagKey("a"))
            change(&definition.targeting)
            Refused.expect(code, message) { () throws(FlagsError) in
                _ = try definition.validated()
            }
        }
    }

    @Test func eachOperatorTakesWhatItCanCompareWith() {
        let text = Value.string("a")
        let cases: [(Clause, String)] = [
            (Clause(attribute: "", .isIn, [text]), "a clause without an attribute"),
            (Clause(attribute: "a", .isIn), "the operator in needs at least one value"),
            (
                Clause(attribute: "a", .exists, [text]),
                "the operator exists takes no values"
            ),
            (
                Clause(attribute: "a", .segment, [text]),
                "the operator segment takes no attribute"
            ),
            (
                Clause(attribute: "", .segment, [.number(1)]),
                "the operator segment compares with keys of segments, not 1.0"
            ),
            (
                Clause(attribute: "a", .isIn, [.null]),
                "the operator in compares with texts, finite numbers, true or false, not null"
            ),
            (
                Clause(attribute: "a", .contains, [.number(1)]),
                "the operator contains compares with texts, not 1.0"
            ),
            (
                Clause(attribute: "a", .numberEqual, [text]),
                "the operator number_equal compares with finite numbers, not \"a\""
            ),
            (
                Clause(attribute: "a", .after, [.bool(true)]),
                "the operator after compares with times such as 2026-01-31T09:30:00Z, not true or "
                    + "false"
            ),
            (
                Clause(attribute: "a", .before, [.number(0.5)]),
                "the operator before compares with whole milliseconds within the years 0000 to "
                    + "9999, not 0.5"
            ),
            (
                Clause(attribute: "a", .versionLess, [.string("1.2")]),
                "the operator semver_less compares with versions such as 1.4.0 or 2.0.0-rc.1, not "
                    + "\"1.2\""
            ),
            (
                Clause(attribute: "a", .inNetwork, [.string("10.0.0.0/33")]),
                "the operator cidr compares with networks such as 10.0.0.0/8 or 2001:db8::/32, not "
                    + "\"10.0.0.0/33\""
            ),
            (
                Clause(attribute: "/a~2", .exists),
                "the path \"/a~2\" has a ~ without 0 or 1 behind it"
            ),
            (
                Clause(attribute: "/a~", .exists),
                "the path \"/a~\" has a ~ without 0 or 1 behind it"
            ),
        ]
        for (clause, message) in cases {
            Refused.expect(.invalidTargeting, "rule 1: clause 1: \(message)") {
                () throws(FlagsError) in
                try SegmentDefinition(key: "s", rules: [[clause]]).validate()
            }
        }
        for clause in [
            Clause(attribute: "/a~0b~1c", .exists), Clause(attribute: "", .segment, [text]),
            Clause(attribute: "a", .isIn, [text, .number(1), .bool(true)]),
            Clause(attribute: "a", .before, [.number(0), .string("2026-01-31")]),
            Clause(attribute: "a", .versionEqual, [.string("1.2.3-a+b")]),
            Clause(attribute: "a", .inNetwork, [.string("10.0.0.0/8"), .string("::1")]),
            Clause(attribute: "a", .matches, [.string("^a.*$")], ignoresCase: true),
        ] {
            #expect(throws: Never.self) {
                try SegmentDefinition(key: "s", rules: [[clause]]).validate()
            }
        }
    }

    @Test func everyKnownOperatorCanBeWritten() {
        let values: [ClauseOperator: Value] = [
            .numberEqual: .number(1), .numberLess: .number(1), .numberLessOrEqual: .number(1),
            .numberGreater: .number(1), .numberGreaterOrEqual: .number(1),
            .before: .string("2026-01-31"), .after: .string("2026-01-31"),
            .inNetwork: .string("10.0.0.0/8"),
        ]
        for known in ClauseOperator.known {
            let clause = Clause(
                attribute: known == .segment ? "" : "a",
                known,
                known == .exists ? [] : [values[known] ?? .string("1.0.0")]
            )
            #expect(throws: Never.self, "\(known)") {
                try SegmentDefinition(key: "s", rules: [[clause]]).validate()
            }
        }
    }

    @Test func whatAFlagHasTogetherIsBounded() {
        var definition = FlagDefinition(key: FlagKey("a"))
        let values = (0..<10_000).map { "user-\($0)-\(String(repeating: "x", count: 24))" }
        definition.targeting.targets = [Target(variation: "on", values: values)]
        #expect(throws: FlagsError(.limitExceeded, "")) { _ = try definition.validated() }
        var patch = FlagPatch()
        patch.targets = definition.targeting.targets
        #expect(throws: FlagsError(.limitExceeded, "")) {
            _ = try patch.applied(to: Fixture.flag())
        }
    }

    @Test func aPatchIsCheckedAgainstWhatItLeaves() throws {
        let flag = Fixture.flag { flag in
            flag.targeting.rules = [Rule(id: "r", clauses: [], serve: .variation("off"))]
        }
        var patch = FlagPatch()
        patch.variations = [Variation(name: "on", value: .bool(true))]
        patch.offVariation = "on"
        Refused.expect(
            .invalidVariations,
            "rule \"r\": no variation \"off\" to serve; there are: on"
        ) { () throws(FlagsError) in _ = try patch.applied(to: flag) }
        patch.rules = []
        #expect(try patch.applied(to: flag).targeting.isEmpty)
        var weights = FlagPatch()
        weights.weights = [WeightedVariation(variation: "red", weight: 100_000)]
        #expect(throws: FlagsError(.invalidVariations, "")) { _ = try weights.applied(to: flag) }
        var prerequisites = FlagPatch()
        prerequisites.prerequisites = [Prerequisite(flag: flag.key, variations: ["on"])]
        #expect(throws: FlagsError(.circularDependency, "")) {
            _ = try prerequisites.applied(to: flag)
        }
    }

    @Test func segmentsHoldAtLeastTenThousandAndAreBounded() {
        let users = (0..<10_000).map { "user-\($0)" }
        var segment = SegmentDefinition(key: "s", included: users, excluded: users)
        #expect(throws: Never.self) { try segment.validate() }
        segment.included = Array(repeating: "u", count: 16_385)
        Refused.expect(.limitExceeded, "16385 included entries, more than 16384") {
            () throws(FlagsError) in try segment.validate()
        }
        segment.included = Array(repeating: String(repeating: "u", count: 200), count: 10_000)
        Refused.expect(
            .limitExceeded,
            "the segment has 2148890 bytes, more than 786432; divide it and name the parts in rules"
        ) { () throws(FlagsError) in try segment.validate() }
        segment.included = []
        segment.rules = [[]]
        Refused.expect(.invalidTargeting, "rule 1 of the segment has no clauses") {
            () throws(FlagsError) in try segment.validate()
        }
        segment.rules = []
        segment.key = "a/b"
        Refused.expect(
            .invalidName,
            "the segment's key \"a/b\" may only have a-z A-Z 0-9 . _ -"
        ) { () throws(FlagsError) in try segment.validate() }
    }

    @Test func anOverrideIsJudgedAgainstItsFlag() {
        let flag = Fixture.flag()
        #expect(throws: Never.self) {
            try Override(level: .user, subject: "u/1 é", variation: "on").validate(in: flag)
        }
        Refused.expect(.invalidText, "the subject of an override has a control character") {
            () throws(FlagsError) in
            try Override(level: .user, subject: "u\n", variation: "on").validate(in: flag)
        }
    }
}
