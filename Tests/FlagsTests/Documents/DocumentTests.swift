import Flags
import FoundationEssentials
import Testing

@Suite struct DocumentTests {
    @Test func everyValueIsReadBackFromTheTextOfItsDocument() throws {
        try Self.expectRoundTrip(Samples.organization)
        try Self.expectRoundTrip(Organization(id: "a", name: ""))
        try Self.expectRoundTrip(Samples.organization.branding)
        try Self.expectRoundTrip(Samples.organization.quotas)
        try Self.expectRoundTrip(
            Environment(id: Fixture.environment, name: "P", revision: Revision(2))
        )
        try Self.expectRoundTrip(
            Plan(organization: "acme", id: "PRO", name: "Pro", description: "a\nb")
        )
        try Self.expectRoundTrip(Samples.company)
        try Self.expectRoundTrip(TeamMember(organization: "acme", name: "ana", role: .developer))
        try Self.expectRoundTrip(Samples.token)
        try Self.expectRoundTrip(Samples.segment)
        try Self.expectRoundTrip(Samples.segmentDefinition)
        try Self.expectRoundTrip(Samples.clause)
        for rule in Samples.targeting.rules { try Self.expectRoundTrip(rule) }
        try Self.expectRoundTrip(Samples.targeting)
        try Self.expectRoundTrip(Targeting())
        try Self.expectRoundTrip(Samples.labels)
        try Self.expectRoundTrip(Samples.plan)
        try Self.expectRoundTrip(ReleaseStep(holdMilliseconds: -1))
        try Self.expectRoundTrip(Samples.alert)
        try Self.expectRoundTrip(Samples.counts)
        try Self.expectRoundTrip(UsageCounts())
        for score in [4.25, nil] {
            try Self.expectRoundTrip(
                FeatureMetrics(
                    flag: FlagKey("a"),
                    usageCount: .max,
                    errorRate: 0.1,
                    performanceImpact: -0.25,
                    adoptionRate: 1,
                    userFeedbackScore: score,
                    users: 3,
                    lastUpdated: Timestamp(milliseconds: .min)
                )
            )
        }
        try Self.expectRoundTrip(Samples.definition)
        try Self.expectRoundTrip(FlagDefinition(key: FlagKey("a")))
        try Self.expectRoundTrip(Samples.flag)
        try Self.expectRoundTrip(Fixture.flag())
        try Self.expectRoundTrip(Samples.explanation)
        try Self.expectRoundTrip(Evaluation(error: .typeMismatch))
    }

    @Test func aDocumentLeavesOutWhatIsByDefault() throws {
        #expect(
            try Self.text(FlagDefinition(key: FlagKey("a")))
                == #"{"enabled":false,"key":"a","rollout_percentage":0,"status":"draft"}"#
        )
        #expect(
            try Self.text(Samples.targeting.rules[1])
                == #"{"id":"rest","serve":{"bucket_by":"company","weights":["#
                + #"{"variation":"on","weight":0.001},{"variation":"off","weight":99.999}]}}"#
        )
        #expect(
            try Self.text(Samples.plan)
                == #"{"steps":[{"approvals":2,"audience":{"plans":["PRO"]},"#
                + #""evaluations_min":1000,"hold":"1h30m250ms","regions":["MX"],"#
                + #""rollout_percentage":5},{"rollout_percentage":100},{}]}"#
        )
        #expect(try Self.text(UsageCounts()) == "{}")
    }

    @Test func whatADoubleCannotHoldIsWrittenAsText() throws {
        let text = try Self.text(Samples.counts)
        #expect(text.contains(#""evaluations":"18446744073709551615""#))
        #expect(text.contains(#""latency_microseconds":"1152921504606846976""#))
        #expect(try Self.text(Samples.organization).contains(#""revision":"9007199254740993""#))
    }

    @Test func aTokensPublicDocumentHasNoHash() throws {
        var writer = JSONWriter()
        writer.value(Samples.token.publicDocument)
        #expect(!writer.text.contains("sha256") && !writer.text.contains(Samples.token.sha256))
        #expect(try Self.text(Samples.token).contains(Samples.token.sha256))
        #expect(try AccessToken(document: Samples.token.publicDocument).sha256 == "")
    }

    @Test func aFlagOfAnOlderVersionIsRead() throws {
        let text = """
            {"key":"a","name":"A","description":"","enabled":true,"status":"active",
            "archived":false,"rollout_percentage":12.5,"target_plans":[],"target_roles":[],
            "target_companies":[],"target_regions":[],"start_date":null,"end_date":null,
            "variations":[{"name":"on","value":true},{"name":"off","value":false}],
            "on_variation":"on","off_variation":"off","salt":"a","bucket_by":"targetingKey",
            "created_at":"2026-01-31T09:30:00Z","created_by":"ana",
            "updated_at":"2026-01-31T09:30:00Z","updated_by":"ana","revision":7,
            "created_revision":7}
            """
        let flag = try Flag(document: JSONReader.value(text))
        #expect(flag.rollout.thousandths == 12_500 && flag.targeting.isEmpty)
        #expect(flag.labels == FlagLabels() && flag.release == nil && flag.recordedStart == nil)
        #expect(try JSONDecoder().decode(Flag.self, from: Data(text.utf8)) == flag)
    }

    @Test func whatIsWrongInADocumentIsNamedWithItsPlace() throws {
        let cases: [(String, String)] = [
            (
                #"{"key":"a","colour":"red"}"#,
                "a flag has no \"colour\"; it may have: key, name, description, enabled, status, "
                    + "rollout_percentage, target_plans, target_roles, target_companies, "
                    + "target_regions, start_date, end_date, variations, on_variation, "
                    + "off_variation, salt, bucket_by, tags, owner, schema, prerequisites, "
                    + "overrides, targets, rules, weights"
            ),
            (#"{"name":"A"}"#, "a flag must have a member named key"),
            (#"[]"#, "a flag must be an object, not an array"),
            (#"{"key":1}"#, "a flag: key must be a text, not a number"),
            (
                #"{"key":"a","enabled":"yes"}"#,
                "a flag: enabled must be true or false, not a text"
            ),
            (
                #"{"key":"a","status":"live"}"#,
                "a flag: status is \"live\", but must be one of: draft, active, paused, "
                    + "completed, rolled_back"
            ),
            (
                #"{"key":"a","rollout_percentage":101}"#,
                "rollout_percentage: 101.0 is not from 0 to 100"
            ),
            (
                #"{"key":"a","start_date":"soon"}"#,
                "start_date: \"soon\" is not a time such as 2026-01-31T09:30:00Z"
            ),
            (
                #"{"key":"a","start_date":"2026"}"#,
                "start_date: \"2026\" is not a time such as 2026-01-31T09:30:00Z"
            ),
            (
                #"{"key":"a","start_date":0.5}"#,
                "a flag: start_date must be a whole number from -9223372036854775808 to "
                    + "9223372036854775807"
            ),
            (
                #"{"key":"a","target_plans":["x",1]}"#,
                "a flag: target_plans[1] must be a text, not a number"
            ),
            (
                #"{"key":"a","rules":[{"id":"r","serve":{"variation":"on"}},{"id":"s"}]}"#,
                "rules[1]: a rule must have a member named serve"
            ),
            (
                #"{"key":"a","rules":[{"id":"r","clauses":[{"operator":"in","value":1}],"#
                    + #""serve":{"variation":"on"}}]}"#,
                "rules[0]: clauses[0]: a clause has no \"value\"; it may have: attribute, "
                    + "operator, values, negate, ignore_case"
            ),
            (
                #"{"key":"a","rules":[{"id":"r","serve":{"variation":"on","weights":[]}}]}"#,
                "rules[0]: serve: a rule serves one variation or weights, not both"
            ),
            (
                #"{"key":"a","weights":[{"variation":"on","weight":0.0001}]}"#,
                "weights[0]: 0.0001 is not a weight in percent with up to three decimals"
            ),
        ]
        for (text, message) in cases {
            let value = try JSONReader.value(text)
            do {
                _ = try FlagDefinition(document: value)
                Issue.record("read: \(text)")
            } catch {
                #expect(error.message == message)
            }
        }
    }

    @Test func anyValueIsADocumentOrRefusedWithoutATrap() {
        var generator = SeededGenerator(seed: 41)
        let names = Flag.Field.allCases.map(\.rawValue)
        for _ in 0..<2_000 {
            var fields: [Value.Field] = [.init(name: "key", value: .string("k"))]
            for name in names where name != "key" && Int.random(in: 0..<4, using: &generator) == 0 {
                fields.append(.init(name: name, value: RandomValues.value(depth: 3, &generator)))
            }
            let value = Value.makeObject(fields) ?? .null
            _ = try? Flag(document: value)
            _ = try? FlagDefinition(document: value)
            _ = try? FlagDefinition(document: value).validated()
        }
    }

    private static func text(_ item: some Documented) throws -> String {
        var writer = JSONWriter()
        writer.value(item.document)
        return writer.text
    }

    private static func expectRoundTrip<Item: Documented & Equatable>(_ item: Item) throws {
        let value = try JSONReader.value(try Self.text(item))
        #expect(value == item.document, "\(Item.self)")
        #expect(try Item(document: value) == item)
        let coded = try JSONDecoder().decode(Item.self, from: JSONEncoder().encode(item))
        #expect(coded == item)
    }
}
