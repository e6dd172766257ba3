package import Flags
import Testing

@Suite("Clauses")
struct ClauseTests {
    private func holds(
        _ value: Value?,
        _ comparison: ClauseOperator,
        _ values: [Value],
        isNegated: Bool = false,
        ignoresCase: Bool = false
    ) -> Bool {
        ClauseProbe.holds(
            value,
            comparison,
            values,
            isNegated: isNegated,
            ignoresCase: ignoresCase
        )
    }

    @Test("What is missing, null or of the wrong kind makes a clause false, negated or not")
    func undecided() {
        let cases: [(Value?, ClauseOperator, [Value])] = [
            (nil, .isIn, ["a"]), (.null, .isIn, ["a"]), (.object([]), .isIn, ["a"]),
            (.number(1), .startsWith, ["1"]), ("1", .numberEqual, [1]), (.number(.nan), .isIn, [1]),
            (.number(.infinity), .numberGreater, [1]), (.bool(true), .numberEqual, [1]),
            (1, .matches, ["1"]), ("a", .matches, ["("]), ("soon", .before, ["2026-01-01"]),
            ("1.0", .versionLess, ["2.0.0"]), ("10.0.0", .inNetwork, ["10.0.0.0/8"]),
            ("a", ClauseOperator("sounds_like"), ["a"]), ("a", .isIn, [.null]), ("a", .isIn, []),
            (.array([.array(["a"])]), .isIn, ["a"]), (.array([1]), .startsWith, ["1"]),
            (.array([]), ClauseOperator("sounds_like"), ["a"]),
        ]
        for (value, comparison, values) in cases {
            for isNegated in [false, true] {
                #expect(
                    !self.holds(value, comparison, values, isNegated: isNegated),
                    "\(value as Value?) \(comparison) \(values)"
                )
            }
        }
    }

    @Test("An attribute exists when it is there and not null")
    func exists() {
        #expect(self.holds("", .exists, []) && self.holds(.array([]), .exists, []))
        #expect(!self.holds(.null, .exists, []) && !self.holds(nil, .exists, []))
        #expect(self.holds(nil, .exists, [], isNegated: true))
        #expect(!self.holds(false, .exists, [], isNegated: true))
    }

    @Test("Any element of an array is enough, and negation asks for none")
    func arrays() {
        let tags: Value = ["beta", 7, .null, true]
        #expect(self.holds(tags, .isIn, ["x", "beta"]) && self.holds(tags, .isIn, [7]))
        #expect(self.holds(tags, .numberLess, [8]) && !self.holds(tags, .numberLess, [7]))
        #expect(!self.holds(tags, .isIn, ["beta"], isNegated: true))
        #expect(self.holds(tags, .isIn, ["x"], isNegated: true))
        #expect(self.holds(.array([]), .isIn, ["x"], isNegated: true))
        #expect(!self.holds(.array([]), .isIn, ["x"]))
    }

    @Test("Texts are compared by their bytes, and by lower case on demand")
    func texts() {
        #expect(!self.holds("É", .isIn, ["é"]) && self.holds("É", .isIn, ["é"], ignoresCase: true))
        // One é in two ways of writing it: other languages compare bytes too.
        #expect(!self.holds("\u{E9}", .isIn, ["e\u{301}"]))
        #expect(self.holds("e\u{301}", .startsWith, ["e"]))
        #expect(self.holds("İstanbul", .startsWith, ["i"], ignoresCase: true))
        #expect(self.holds("ΑΒΓΔ", .contains, ["βγ"], ignoresCase: true))
        #expect(self.holds("ana@ACME.com", .endsWith, ["@acme.COM"], ignoresCase: true))
        #expect(!self.holds("ana@ACME.com", .endsWith, ["@acme.com"]))
        #expect(self.holds("straße", .endsWith, ["SSE", "ßE"], ignoresCase: true))
        #expect(!self.holds("ab", .endsWith, ["cab", "abc"]))
        for comparison: ClauseOperator in [.startsWith, .endsWith, .contains] {
            #expect(self.holds("", comparison, [""]) && !self.holds("", comparison, ["a"]))
            #expect(self.holds("a", comparison, [""], ignoresCase: true))
        }
    }

    @Test("A long list is searched like a short one, folded or not")
    func longLists() {
        for count in [8, 9, 5_000] {
            let values: [Value] = (0..<count).map { .string("Company-\($0)-ÑÁ") }
            let last = "Company-\(count - 1)-ÑÁ"
            #expect(self.holds(.string(last), .isIn, values))
            #expect(!self.holds(.string(last.lowercased()), .isIn, values))
            #expect(self.holds(.string(last.lowercased()), .isIn, values, ignoresCase: true))
            #expect(!self.holds(.string("Company-\(count)-ÑÁ"), .isIn, values, ignoresCase: true))
        }
    }

    @Test("A text that is too long to be searched is neither found nor missed")
    func longTexts() {
        let text = String(repeating: "a", count: FlagsLimits.searchedBytesMax)
        #expect(self.holds(.string(text), .contains, ["aa"]))
        #expect(!self.holds(.string(text + "a"), .contains, ["aa"]))
        #expect(!self.holds(.string(text + "a"), .contains, ["b"], isNegated: true))
    }

    @Test("An expression that gives up is undecided, and does not hide one that matches")
    func patterns() {
        let text: Value = .string(String(repeating: "a", count: 4_000) + "!")
        #expect(!self.holds(text, .matches, ["^(a|aa)+$"]))
        #expect(!self.holds(text, .matches, ["^(a|aa)+$"], isNegated: true))
        #expect(self.holds(text, .matches, ["^(a|aa)+$", "(", "!$"]))
        #expect(self.holds("ANA@ACME.COM", .matches, ["@acme\\.com$"], ignoresCase: true))
    }

    @Test("Many expressions that give up end an evaluation in bounded time")
    func manyPatterns() {
        let text: Value = .string(String(repeating: "a", count: 8_000) + "!")
        let values = (0..<1_000).map { Value.string("^(a|aa|b{\($0)})+$") }
        let time = ContinuousClock().measure {
            #expect(!self.holds(.array([text, text]), .matches, values + ["!$"]))
        }
        #expect(time < .seconds(2), "\(time)")
    }

    @Test("Paths reach into objects, and nowhere else")
    func paths() {
        let device: Value = .object([
            .init(name: "a/b~c", value: "x"),
            .init(
                name: "os",
                value: .object([
                    .init(name: "name", value: "ios")
                ])
            ),
        ])
        func holds(_ path: String, _ value: Value) -> Bool {
            ClauseProbe.holds(device, .isIn, [value], attribute: path)
        }
        #expect(holds("/probe/os/name", "ios") && holds("/probe/a~1b~0c", "x"))
        #expect(holds("/targetingKey", "ana") && holds("targetingKey", "ana"))
        for path in ["/", "//", "/probe/os/name/x", "/probe/a~2b", "/probe/a~", "/plan", "os"] {
            #expect(!ClauseProbe.holds(device, .exists, [], attribute: path), "\(path)")
        }
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .number(Double(value)) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: Value...) { self = .array(elements) }
}
