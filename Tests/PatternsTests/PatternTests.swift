import Patterns
import Testing

@Suite("Regular expressions")
struct PatternTests {
    private func outcome(
        _ source: String,
        _ text: String,
        ignoresCase: Bool = false
    ) throws -> Pattern.Outcome {
        try Pattern(source, ignoresCase: ignoresCase).match(text)
    }

    @Test("A pattern is found anywhere, unless it is anchored")
    func anywhere() throws {
        #expect(try self.outcome("b+", "abbc") == .matched)
        #expect(try self.outcome("^b+", "abbc") == .unmatched)
        #expect(try self.outcome("^$", "") == .matched)
        #expect(try self.outcome("", "anything") == .matched)
        #expect(try self.outcome("a", "") == .unmatched)
    }

    @Test("The end of the text is not before a line break")
    func dollar() throws {
        #expect(try self.outcome("@acme\\.com$", "ana@acme.com") == .matched)
        #expect(try self.outcome("@acme\\.com$", "ana@acme.com\n") == .unmatched)
    }

    @Test("Characters are characters, in whatever script, and case folds on demand")
    func unicode() throws {
        #expect(try self.outcome("^.$", "ñ") == .matched)
        #expect(try self.outcome("^..$", "👍🏽") == .matched)
        #expect(try self.outcome("^\\p{Greek}+$", "Ωμέγα") == .matched)
        #expect(try self.outcome("ÑANDÚ", "ñandú") == .unmatched)
        #expect(try self.outcome("ÑANDÚ", "ñandú", ignoresCase: true) == .matched)
    }

    @Test("More groups than there is room for are a match all the same")
    func groups() throws {
        let source = String(repeating: "(a)", count: 40)
        #expect(try self.outcome(source, String(repeating: "a", count: 40)) == .matched)
    }

    @Test("A mistake says what and where")
    func mistakes() {
        for (source, offset) in [("a(b", 3), ("a[b", 3), ("a{2,1}", 5), ("ñ*+?*", 4), ("\\C", 2)] {
            let error = #expect(throws: PatternError.self) { try Pattern(source) }
            #expect(error?.code == .invalid && error?.offset == offset, "\(source)")
            #expect(error?.message.isEmpty == false)
        }
    }

    @Test("A pattern that is too long, too deep or too large is refused")
    func limits() {
        let long = String(repeating: "a", count: PatternLimits.patternBytesMax)
        #expect(throws: Never.self) { try Pattern(long) }
        let error = #expect(throws: PatternError.self) { try Pattern(long + "a") }
        #expect(error?.code == .tooLong)
        let depth = Int(PatternLimits.parenthesesDepthMax)
        func nested(_ levels: Int) -> String {
            String(repeating: "(", count: levels) + String(repeating: ")", count: levels)
        }
        #expect(throws: Never.self) { try Pattern(nested(depth)) }
        #expect(throws: PatternError.self) { try Pattern(nested(depth + 1)) }
        for large in ["((a{1,1000}){1,1000}){1,1000}", "(?:a{1,9}b){1,999}"] {
            #expect(throws: PatternError.self, "\(large)") { try Pattern(large) }
        }
    }

    @Test("A text that is too long is given up at once")
    func longText() throws {
        let text = String(repeating: "a", count: PatternLimits.subjectBytesMax)
        #expect(try self.outcome("a$", text) == .matched)
        #expect(try self.outcome("a$", text + "a") == .limited)
    }

    @Test("A catastrophic expression is given up in bounded time")
    func catastrophes() throws {
        let text = String(repeating: "a", count: PatternLimits.subjectBytesMax - 1) + "!"
        for source in [
            "^(a+)+$", "^(a|aa)+$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*)(.*)(.*)(.*)[xy]z?$",
            "(?:a?){100}a{100}[bc]", "((a*)*)*[bc]", "(a|a)*[bc]", "(\\w+\\s?)*[?;]$",
            "(?R)?ab!",
        ] {
            let pattern = try Pattern(source)
            var outcome = Pattern.Outcome.matched
            let time = ContinuousClock().measure { outcome = pattern.match(text) }
            #expect(outcome == .limited, "\(source)")
            #expect(time < .milliseconds(250), "\(source) took \(time)")
        }
    }

    @Test("Threads share a pattern, and each has its own place to work")
    func threads() async throws {
        let pattern = try Pattern("^user-([0-9]+)-[a-f]+$")
        let wrong = await withTaskGroup(of: Int.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    (0..<2_000).count { index in
                        let isGood = index % 3 != 0
                        let text = "user-\(worker * index)-\(isGood ? "beef" : "zoo")"
                        return pattern.match(text) != (isGood ? .matched : .unmatched)
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}
