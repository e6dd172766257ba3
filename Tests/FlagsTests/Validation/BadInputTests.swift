import Flags
import Testing

/// What the issue lists as bad input, each with what is said about it.
@Suite struct BadInputTests {
    @Test func aValueOfAMegabyteIsRefused() {
        var definition = FlagDefinition(key: FlagKey("a"))
        definition.variations = [
            Variation(name: "v", value: .string(String(repeating: "x", count: 1 << 20)))
        ]
        Refused.expect(
            .limitExceeded,
            "the value of variation \"v\" has 1048578 bytes, more than 65536"
        ) { () throws(FlagsError) in _ = try definition.validated() }
    }

    @Test func aHundredThousandClausesAreRefusedAtOnce() {
        let clause = Clause(attribute: "a", .isIn, [.string("b")])
        var definition = FlagDefinition(key: FlagKey("a"))
        definition.targeting.rules = [
            Rule(
                id: "r",
                clauses: Array(repeating: clause, count: 100_000),
                serve: .variation("on")
            )
        ]
        let clock = ContinuousClock()
        let time = clock.measure {
            Refused.expect(
                .limitExceeded,
                "rule \"r\": 100000 clauses of a rule, more than 100"
            ) { () throws(FlagsError) in _ = try definition.validated() }
        }
        #expect(time < .milliseconds(100))
        let rule = Rule(id: "r", clauses: [clause], serve: .variation("on"))
        definition.targeting.rules = Array(repeating: rule, count: 100_000)
        Refused.expect(.limitExceeded, "100000 rules, more than 500") { () throws(FlagsError) in
            _ = try definition.validated()
        }
    }

    @Test func keysWithSlashesEmojiAndControlCharactersAreRefused() {
        let cases = [
            ("a/b", "the flag's key \"a/b\" may only have a-z A-Z 0-9 . _ -"),
            ("a😀", "the flag's key \"a😀\" may only have a-z A-Z 0-9 . _ -"),
            ("a\u{7}", "the flag's key \"a\u{7}\" may only have a-z A-Z 0-9 . _ -"),
            ("", "the flag's key must have 1 to 128 characters, not 0"),
            (
                String(repeating: "k", count: 129),
                "the flag's key must have 1 to 128 characters, not 129"
            ),
        ]
        for (key, message) in cases {
            Refused.expect(.invalidName, message) { () throws(FlagsError) in
                _ = try FlagDefinition(key: FlagKey(key)).validated()
            }
        }
    }

    @Test func numbersThatAreNotFiniteAreRefusedWhereverTheyStand() {
        for number in [Double.nan, .infinity, -.infinity] {
            var definition = FlagDefinition(key: FlagKey("a"))
            definition.variations = [Variation(name: "v", value: .number(number))]
            Refused.expect(
                .invalidValue,
                "the value of variation \"v\" has a number that is not finite, or an object "
                    + "whose names are repeated or not in order"
            ) { () throws(FlagsError) in _ = try definition.validated() }
            definition.variations = []
            definition.targeting.rules = [
                Rule(
                    id: "r",
                    clauses: [Clause(attribute: "a", .numberLess, [.number(number)])],
                    serve: .variation("on")
                )
            ]
            Refused.expect(
                .invalidTargeting,
                "rule \"r\": clause 1: the operator number_less compares with finite numbers, "
                    + "not \(number)"
            ) { () throws(FlagsError) in _ = try definition.validated() }
            Refused.expect(.invalidRollout, "\(number) is not from 0 to 100") {
                () throws(FlagsError) in _ = try RolloutPercentage(percent: number)
            }
        }
    }

    @Test func namesThatAnObjectHasTwiceAreRefused() {
        let object = Value.object([
            .init(name: "a", value: .null), .init(name: "a", value: .null),
        ])
        var definition = FlagDefinition(key: FlagKey("a"))
        definition.variations = [Variation(name: "v", value: object)]
        Refused.expect(
            .invalidValue,
            "the value of variation \"v\" has a number that is not finite, or an object whose "
                + "names are repeated or not in order"
        ) { () throws(FlagsError) in _ = try definition.validated() }
    }

    @Test func datesBefore1970AreDatesAndDatesAfter9999AreRefused() throws {
        var definition = FlagDefinition(key: FlagKey("a"))
        definition.start = try Timestamp(parsing: "1969-12-31T23:59:59Z")
        definition.end = try Timestamp(parsing: "9999-12-31T23:59:59.999Z")
        #expect(try definition.validated().start == Timestamp(milliseconds: -1_000))
        definition.end = Timestamp(milliseconds: 253_402_300_800_000)
        Refused.expect(.invalidWindow, "the end is outside the years 0000 to 9999") {
            () throws(FlagsError) in _ = try definition.validated()
        }
        definition.start = Timestamp(milliseconds: -62_167_219_200_001)
        Refused.expect(.invalidWindow, "the start is outside the years 0000 to 9999") {
            () throws(FlagsError) in _ = try definition.validated()
        }
    }

    @Test func aLeapSecondIsTheSecondAfterIt() throws {
        let leap = try Timestamp(parsing: "2016-12-31T23:59:60Z")
        let after = try Timestamp(parsing: "2017-01-01T00:00:00Z")
        #expect(leap == after)
        let clause = Clause(attribute: "t", .before, [.string("2016-12-31T23:59:60Z")])
        var definition = FlagDefinition(key: FlagKey("a"))
        definition.targeting.rules = [Rule(id: "r", clauses: [clause], serve: .variation("on"))]
        #expect(throws: Never.self) { _ = try definition.validated() }
    }

    @Test func weightsThatDoNotAddUpAreRefusedWithTheirSum() {
        let cases: [([UInt32], String)] = [
            ([50_000, 49_500], "the weights add up to 99.5 %, not to 100 %"),
            ([50_000, 50_001], "the weights add up to 100.001 %, not to 100 %"),
            ([0, 0], "the weights add up to 0 %, not to 100 %"),
            ([.max, .max], "the weights add up to 8589934.59 %, not to 100 %"),
        ]
        for (weights, message) in cases {
            var definition = FlagDefinition(key: FlagKey("a"))
            definition.targeting.weights = [
                WeightedVariation(variation: "on", weight: weights[0]),
                WeightedVariation(variation: "off", weight: weights[1]),
            ]
            Refused.expect(.invalidTargeting, message) { () throws(FlagsError) in
                _ = try definition.validated()
            }
            let split = Split(weights: definition.targeting.weights)
            definition.targeting.rules = [Rule(id: "r", clauses: [], serve: .split(split))]
            definition.targeting.weights = []
            Refused.expect(.invalidTargeting, "rule \"r\": \(message)") { () throws(FlagsError) in
                _ = try definition.validated()
            }
        }
    }

    @Test func aThousandthOfAPercentIsAShare() throws {
        let share = try RolloutPercentage(percent: 0.001)
        let parsed = try RolloutPercentage(parsing: "0.001")
        #expect(share.thousandths == 1 && share == parsed)
        var patch = FlagPatch()
        patch.rollout = share
        let flag = try patch.applied(to: Fixture.flag())
        #expect(try Flag(document: flag.document).rollout == share)
        Refused.expect(.invalidRollout, "0.0001 has more than three decimals") {
            () throws(FlagsError) in _ = try RolloutPercentage(percent: 0.0001)
        }
        Refused.expect(
            .invalidRollout,
            "\"0.0001\" is not a percentage with up to three decimals"
        ) { () throws(FlagsError) in _ = try RolloutPercentage(parsing: "0.0001") }
    }

    @Test func anUnknownOperatorIsRefusedFromPeopleWithTheKnownOnesNamed() {
        var definition = FlagDefinition(key: FlagKey("a"))
        definition.targeting.rules = [
            Rule(
                id: "r",
                clauses: [
                    Clause(attribute: "a", .exists),
                    Clause(attribute: "a", ClauseOperator("sounds_like"), [.string("b")]),
                ],
                serve: .variation("on")
            )
        ]
        Refused.expect(
            .invalidTargeting,
            "rule \"r\": clause 2: there is no operator \"sounds_like\"; there are: in, "
                + "starts_with, ends_with, contains, matches, number_equal, number_less, "
                + "number_less_or_equal, number_greater, number_greater_or_equal, before, after, "
                + "semver_equal, semver_less, semver_less_or_equal, semver_greater, "
                + "semver_greater_or_equal, cidr, exists, segment"
        ) { () throws(FlagsError) in _ = try definition.validated() }
        // From a peer or a record it is kept as it is.
        #expect(throws: Never.self) { _ = try Flag(document: Self.flag(definition).document) }
    }

    @Test func aPatternIsBoundedWhateverItSays() {
        var definition = FlagDefinition(key: FlagKey("a"))
        func match(_ pattern: String) {
            definition.targeting.rules = [
                Rule(
                    id: "r",
                    clauses: [Clause(attribute: "a", .matches, [.string(pattern)])],
                    serve: .variation("on")
                )
            ]
        }
        match("(a+)+$")
        #expect(throws: Never.self) { _ = try definition.validated() }
        match(String(repeating: "(a+)+", count: 300))
        Refused.expect(
            .limitExceeded,
            "rule \"r\": clause 1: a value of a clause has 1500 bytes, more than 1024"
        ) { () throws(FlagsError) in _ = try definition.validated() }
    }

    private static func flag(_ definition: FlagDefinition) -> Flag {
        Fixture.flag { $0.targeting = definition.targeting }
    }
}

/// Expects an error by its code and its words.
enum Refused {
    static func expect(
        _ code: FlagsError.Code,
        _ message: String,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () throws(FlagsError) -> Void
    ) {
        do {
            try body()
            Issue.record("accepted, not: \(message)", sourceLocation: sourceLocation)
        } catch {
            #expect(error.code == code, sourceLocation: sourceLocation)
            #expect(error.message == message, sourceLocation: sourceLocation)
        }
    }
}
