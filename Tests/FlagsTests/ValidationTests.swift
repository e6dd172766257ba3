import Flags
import Testing

@Suite struct ValidationTests {
    @Test func aBareDefinitionIsCompletedWithItsDefaults() throws {
        let complete = try FlagDefinition(key: "a.B_c-1").validated()
        #expect(complete.variations.map(\.name) == ["on", "off"])
        #expect(complete.onVariation == "on" && complete.offVariation == "off")
        #expect(complete.salt == "a.B_c-1" && complete.bucketBy == "targetingKey")
    }

    @Test func aWrongKeyIsRefused() {
        let long = String(repeating: "k", count: 129)
        for key in ["", "a b", "ñ", "a/b", "a\n", long] {
            Self.expect(.invalidName) { _ = try FlagDefinition(key: FlagKey(key)).validated() }
        }
    }

    @Test func aWrongDefinitionIsRefused() {
        let on = Variation(name: "on", value: .bool(true))
        let cases: [(FlagsError.Code, (inout FlagDefinition) -> Void)] = [
            (.invalidStatus, { $0.status = .paused }),
            (.invalidText, { $0.name = "a\u{0}b" }),
            (.limitExceeded, { $0.name = String(repeating: "n", count: 257) }),
            (.limitExceeded, { $0.description = String(repeating: "d", count: 4_097) }),
            (.invalidText, { $0.description = "a\u{1B}b" }),
            (.limitExceeded, { $0.salt = String(repeating: "s", count: 257) }),
            (.invalidText, { $0.audience.plans = [""] }),
            (.limitExceeded, { $0.audience.roles = Array(repeating: "r", count: 1_001) }),
            (.limitExceeded, { $0.audience.regions = [String(repeating: "r", count: 257)] }),
            (.invalidVariations, { $0.onVariation = "nothing" }),
            (.invalidVariations, { $0.offVariation = "nothing" }),
            (.invalidVariations, { $0.variations = [on, on] }),
            (.invalidVariations, { $0.variations = [Variation(name: "", value: .bool(true))] }),
            (
                .invalidVariations,
                { $0.variations = [on, Variation(name: "n", value: .number(1))] }
            ),
            (
                .limitExceeded,
                { $0.variations = (0..<65).map { Variation(name: "\($0)", value: .bool(true)) } }
            ),
        ]
        for (index, (code, change)) in cases.enumerated() {
            var definition = FlagDefinition(key: "a")
            change(&definition)
            Self.expect(code, "case \(index)") { _ = try definition.validated() }
        }
    }

    @Test func anEndThatIsNotAfterItsStartIsRefused() {
        for end: Int64 in [999, 1_000] {
            let definition = FlagDefinition(
                key: "a",
                start: Timestamp(milliseconds: 1_000),
                end: Timestamp(milliseconds: end)
            )
            Self.expect(.invalidWindow) { _ = try definition.validated() }
        }
        let never = FlagDefinition(key: "a", end: Timestamp(milliseconds: .max))
        Self.expect(.invalidWindow) { _ = try never.validated() }
    }

    @Test func aValueThatNoFlagCanHaveIsRefused() {
        var deep = Value.array([])
        for _ in 0..<16 { deep = .array([deep]) }
        let cases: [(FlagsError.Code, Value)] = [
            (.invalidValue, .null),
            (.invalidValue, .number(.infinity)),
            (.invalidValue, .array([.number(.nan)])),
            (.invalidValue, .object([Self.field("b"), Self.field("a")])),
            (.invalidValue, .object([Self.field("a"), Self.field("a")])),
            (.limitExceeded, deep),
            (.limitExceeded, .string(String(repeating: "x", count: 65_536))),
        ]
        for (code, value) in cases {
            let variations = [Variation(name: "v", value: value)]
            Self.expect(code) {
                _ = try FlagDefinition(key: "a", variations: variations).validated()
            }
        }
        let large = Value.string(String(repeating: "x", count: 60_000))
        let five = (0..<5).map { Variation(name: "\($0)", value: large) }
        Self.expect(.limitExceeded) {
            _ = try FlagDefinition(key: "a", variations: five).validated()
        }
    }

    @Test func aPatchChangesWhatItNamesAndNothingElse() throws {
        let flag = Fixture.flag { $0.end = Fixture.now }
        var patch = FlagPatch()
        #expect(try patch.applied(to: flag) == flag)
        patch.rollout = Fixture.percent(25)
        patch.end = FlagPatch.Bound.none
        patch.companies = ["globex"]
        var expected = flag
        expected.rollout = Fixture.percent(25)
        expected.end = nil
        expected.audience.companies = ["globex"]
        #expect(try patch.applied(to: flag) == expected)
    }

    @Test func aPatchIsCheckedAgainstWhatItDoesNotName() {
        let flag = Fixture.flag { $0.start = Timestamp(milliseconds: 5_000) }
        let cases: [(FlagsError.Code, (inout FlagPatch) -> Void)] = [
            (.invalidWindow, { $0.end = .at(Timestamp(milliseconds: 5_000)) }),
            (.invalidVariations, { $0.variations = [Variation(name: "on", value: .bool(true))] }),
            (.invalidVariations, { $0.variations = [] }),
            (.invalidVariations, { $0.onVariation = "nothing" }),
            (.limitExceeded, { $0.reason = String(repeating: "r", count: 1_025) }),
            (.invalidText, { $0.plans = ["a\u{7F}"] }),
        ]
        for (index, (code, change)) in cases.enumerated() {
            var patch = FlagPatch()
            change(&patch)
            Self.expect(code, "case \(index)") { _ = try patch.applied(to: flag) }
        }
    }

    @Test func tenantsHaveBoundedNamesAndIds() throws {
        try Organization(id: "acme-1", name: "Acme, Inc.").validate()
        try Plan(organization: "acme", id: "ENTERPRISE", name: "").validate()
        try Company(organization: "acme", id: "c.1", name: "", plan: "", region: "").validate()
        Self.expect(.invalidName) { try Organization(id: "Acme", name: "").validate() }
        Self.expect(.invalidName) { try Plan(organization: "acme", id: "", name: "").validate() }
        Self.expect(.invalidText) { try Organization(id: "a", name: "\r").validate() }
        Self.expect(.invalidName) { _ = try EnvironmentID(parsing: "acme") }
        Self.expect(.invalidName) { _ = try EnvironmentID(parsing: "acme/") }
        #expect(try EnvironmentID(parsing: "acme/production") == Fixture.environment)
    }

    private static func field(_ name: String) -> Value.Field {
        Value.Field(name: name, value: .null)
    }

    private static func expect(
        _ code: FlagsError.Code,
        _ comment: String = "",
        _ body: () throws -> Void
    ) {
        let error = #expect(throws: FlagsError.self, "\(comment)") { try body() }
        #expect(error?.code == code, "\(comment): \(error?.message ?? "")")
        #expect(error?.message.isEmpty == false)
    }
}
