import Flags
import Testing

@Suite struct CommandPatternTests {
    @Test func aPatternThatDoesNotCompileIsRefusedBeforeItIsProposed() throws {
        let wrong = Clause(attribute: "a", .matches, [.string("^a"), .string("(")])
        let rule = Rule(id: "r", clauses: [wrong], serve: .variation("on"))
        var definition = FlagDefinition(key: FlagKey("a"))
        definition.targeting.rules = [rule]
        var patch = FlagPatch()
        patch.rules = [rule]
        let place = Fixture.environment
        let segment = SegmentDefinition(key: "s", rules: [[wrong]])
        let commands: [(Command, String)] = [
            (.createFlag(place, definition), "rule \"r\""),
            (.restoreFlag(place, definition.key, definition, from: .zero), "rule \"r\""),
            (.updateFlag(place, definition.key, patch), "rule \"r\""),
            (.putSegment(place, segment), "rule 1"),
        ]
        for (command, rulePlace) in commands {
            do throws(FlagsError) {
                try command.checkPatterns()
                Issue.record("accepted")
            } catch {
                #expect(error.code == .invalidTargeting)
                #expect(error.message.hasPrefix("\(rulePlace): \"(\" is no regular expression: "))
            }
        }
        #expect(throws: FlagsError(.invalidTargeting, "")) { try definition.checkPatterns() }
        // The state machine judges without the library.
        #expect(throws: Never.self) {
            _ = try definition.validated()
            try segment.validate()
        }
    }

    @Test func whatNeedsNoPatternIsNotAsked() throws {
        let other = Clause(attribute: "a", .contains, [.string("(")])
        let segment = SegmentDefinition(key: "s", rules: [[other]])
        try Command.putSegment(Fixture.environment, segment).checkPatterns()
        try Command.openSession.checkPatterns()
    }
}
