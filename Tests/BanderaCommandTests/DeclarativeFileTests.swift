// Only a debug build lets tests see inside a program.
#if DEBUG
import Flags
import Testing

@testable import bandera

@Suite struct DeclarativeFileTests {
    static let environment = EnvironmentID(organization: "acme", environment: "production")

    static func desired(
        _ text: String,
        path: String = "flags.yaml"
    ) throws(CommandFailure) -> DesiredState {
        let file = try DeclarativeFile.parse(Array(text.utf8), path: path)
        return try DesiredState(file, in: nil)
    }

    private func refusal(_ text: String, path: String = "flags.yaml") -> String {
        do throws(CommandFailure) {
            _ = try Self.desired(text, path: path)
            return "accepted"
        } catch {
            #expect(error.status == .usage)
            return error.what
        }
    }

    @Test("A regular expression that does not compile is refused where it stands")
    func badPatterns() {
        let refusal = self.refusal(
            """
            environment: acme/production
            segments:
              - key: fine
                rules: [{clauses: [{attribute: email, operator: matches, values: ["^a.*z$"]}]}]
              - key: broken
                rules: [{clauses: [{attribute: email, operator: matches, values: ["(a"]}]}]
            """
        )
        #expect(refusal.hasPrefix("flags.yaml:5:") && refusal.contains("(a"), "\(refusal)")
    }

    static let example = """
        environment: acme/production
        organizations:
          - id: acme
            name: Acme
        plans:
          - {id: PREMIUM, name: Premium}
        segments:
          - key: beta
            included: [ana, luis]
        flags:
          - key: new_search
            enabled: true
            status: active
            rollout_percentage: 12.5
            on_variation: on
            off_variation: off
            rules:
              - id: pilots
                clauses:
                  - {operator: segment, values: [beta]}
                serve: {variation: on}
          - key: theirs
            environment: acme/staging
        """

    @Test func aFileHasWhateverExportWritesAndDefaultsAtItsTop() throws {
        let desired = try Self.desired(Self.example)
        #expect(desired.organizations.map(\.name) == ["Acme"])
        #expect(desired.plans.map(\.organization) == ["acme"])
        #expect(desired.segments.map(\.environment) == [Self.environment])
        #expect(desired.flags.map(\.environment.environment) == ["production", "staging"])
        let flag = try #require(desired.flags.first).definition
        // In YAML 1.1 these would be true and false.
        #expect(flag.onVariation == "on" && flag.offVariation == "off")
        #expect(flag.rollout.thousandths == 12_500)
        #expect(flag.targeting.rules.map(\.id) == ["pilots"])
        #expect(desired.owners == ["acme"])
    }

    @Test func anUnknownNameIsRefusedWithItsLine() {
        let refusal = self.refusal("environment: a/b\nflags:\n  - key: x\n    rollot: 5\n")
        #expect(refusal.hasPrefix("flags.yaml:4: "))
        #expect(refusal.contains("rollot"))
        #expect(self.refusal("flogs: []\n").hasPrefix("flags.yaml:1: 'flogs'"))
    }

    @Test func whatIsNamedTwiceOrNowhereIsRefusedWithItsLine() {
        let twice = "environment: a/b\nflags:\n  - key: x\n  - key: x\n"
        #expect(self.refusal(twice).hasPrefix("flags.yaml:4: "))
        #expect(self.refusal("flags:\n  - key: x\n").hasPrefix("flags.yaml:2: "))
        #expect(self.refusal("plans: [{id: A}]\n").contains("organization"))
        #expect(self.refusal("flags: [{key: x}]\nflags: []\n").contains("flags.yaml"))
    }

    @Test(arguments: [
        "", "[]", "flags: {}", "environment: [a]", "environment: a", "flags: [3]", "? [a]\n: b",
        "a: &a [*a]", "flags: [{key: x, environment: 3}]", "{", "\tflags: 3",
    ])
    func whatMakesNoSenseIsRefused(_ text: String) {
        #expect(throws: CommandFailure.self) { try Self.desired(text) }
        #expect(throws: CommandFailure.self) { try Self.desired(text, path: "flags.json") }
    }

    @Test func aFileThatNestsOrRepeatsWithoutEndIsRefused() {
        let deep = "flags: " + String(repeating: "[", count: 50_000)
        #expect(throws: CommandFailure.self) { try Self.desired(deep) }
        #expect(throws: CommandFailure.self) { try Self.desired(deep, path: "flags.json") }
        let laughs = (1...9).reduce("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n") { text, level in
            let alias = "*a\(level - 1)"
            let list = [String](repeating: alias, count: 10).joined(separator: ", ")
            return text + "a\(level): &a\(level) [\(list)]\n"
        }
        #expect(throws: CommandFailure.self) { try Self.desired(laughs) }
    }

    @Test func JSONIsReadTooWithItsEscapes() throws {
        let text = #"{"environment":"a/b","flags":[{"key":"x","name":"\ud83d\ude00"}]}"#
        let desired = try Self.desired(text, path: "flags.json")
        #expect(desired.flags.first?.definition.name == "😀")
        let twice = #"{"flags":[],"flags":[]}"#
        #expect(throws: CommandFailure.self) { try Self.desired(twice, path: "flags.json") }
    }

    @Test func whatIsWrittenAsYAMLReadsBackTheSame() throws {
        let texts = [
            "plain", "on", "No", "null", "3", "1e3", "-", "- a", "a: b", "#x", " x", "x ", "", "ñ",
            "a\nb", "\"q\"", "it's", "~", "true", "0x1F", "1_000", "2026-01-01", "😀", "a#b", "@a",
            "[x]", "{x}", "*a", "&a", "!x", "%x", ".5", "+1", "\u{7}", "key_1/a.b-c", "Infinity",
        ]
        let nested = Value.object([
            Value.Field(name: "empty", value: .array([])),
            Value.Field(name: "list", value: .array(texts.map { .string($0) })),
            Value.Field(
                name: "nested",
                value: .array([
                    .object([
                        Value.Field(name: "a", value: .array([.number(-2.5), .bool(false)])),
                        Value.Field(name: "on", value: .null),
                    ]),
                    .array([.array([.string("on")]), .object([])]),
                ])
            ),
        ])
        let text = YAMLText.text(nested)
        let read = try DeclarativeFile.parse(Array(text.utf8), path: "x.yaml").root.value
        #expect(read == nested, "\(text)")
    }
}
#endif
