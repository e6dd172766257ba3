import Flags
import Testing

@Suite struct DependencyTests {
    @Test func aCircleOfSegmentsIsRefusedByName() {
        let others = ["b": Self.segment("b", ["c"]), "c": Self.segment("c", ["d", "a"])]
            .merging(["d": Self.segment("d", []), "x": Self.segment("x", ["x"])]) { $1 }
        Refused.expect(
            .circularDependency,
            "segments lead back to where they began: a → b → c → a"
        ) { () throws(FlagsError) in
            try Self.segment("a", ["b"]).checkDependencies { others[$0] }
        }
        Refused.expect(
            .circularDependency,
            "segments lead back to where they began: a → a"
        ) { () throws(FlagsError) in
            try Self.segment("a", ["a"]).checkDependencies { others[$0] }
        }
        // What is there already must not trap the check, whatever it is.
        Refused.expect(
            .circularDependency,
            "segments lead back to where they began: x → x"
        ) { () throws(FlagsError) in
            try Self.segment("a", ["x"]).checkDependencies { others[$0] }
        }
        #expect(throws: Never.self) {
            try Self.segment("e", ["d", "d"]).checkDependencies { others[$0] }
        }
    }

    @Test func aSegmentThatIsNotThereIsNamed() {
        Refused.expect(.invalidTargeting, "there is no segment \"b\" in this environment") {
            () throws(FlagsError) in try Self.segment("a", ["b"]).checkDependencies { _ in nil }
        }
        var targeting = Targeting()
        targeting.rules = [
            Rule(
                id: "r",
                clauses: [Clause(attribute: "", .segment, [.string("a"), .string("b")])],
                serve: .variation("on")
            )
        ]
        #expect(targeting.segmentKeys == ["a", "b"])
        Refused.expect(.invalidTargeting, "there is no segment \"b\" in this environment") {
            () throws(FlagsError) in try targeting.checkSegments { $0 == "a" }
        }
    }

    @Test func segmentsNestOnlySoDeep() throws {
        let chain = (0..<20).map { Self.segment("s\($0)", $0 == 19 ? [] : ["s\($0 + 1)"]) }
        func lookUp(_ key: String) -> SegmentDefinition? { chain.first { $0.key == key } }
        // The last eight are as deep as an evaluation goes.
        try chain[12].checkDependencies(lookUp)
        Refused.expect(
            .limitExceeded,
            "segments follow each other more than 7 deep: "
                + "s11 → s12 → s13 → s14 → s15 → s16 → s17 → s18 → s19"
        ) { () throws(FlagsError) in try chain[11].checkDependencies(lookUp) }
    }

    @Test func aDiamondOfDependenciesIsWalkedOnce() throws {
        // Each names both of the next layer: two to the power of seven paths, sixteen segments.
        let layers = 7
        var visits = 0
        func lookUp(_ key: String) -> SegmentDefinition? {
            visits += 1
            guard let layer = Int(key.dropFirst()), layer < layers else {
                return Self.segment(key, [])
            }
            return Self.segment(key, ["a\(layer + 1)", "b\(layer + 1)"])
        }
        try Self.segment("top", ["a1", "b1"]).checkDependencies(lookUp)
        #expect(visits == layers * 2)
    }

    @Test func aCircleOfPrerequisitesIsRefusedByName() throws {
        let flags = [
            "b": Self.flag("b", ["c"]), "c": Self.flag("c", ["a"]), "d": Self.flag("d", []),
            "old": Fixture.flag("old") { $0.isArchived = true },
        ]
        func check(_ key: String, _ prerequisites: [Prerequisite]) throws(FlagsError) {
            var targeting = Targeting()
            targeting.prerequisites = prerequisites
            try targeting.checkPrerequisites(of: FlagKey(key)) { flags[$0.rawValue] }
        }
        try check("a", [Prerequisite(flag: FlagKey("d"), variations: ["on", "off"])])
        Refused.expect(
            .circularDependency,
            "prerequisites lead back to where they began: a → b → c → a"
        ) { () throws(FlagsError) in
            try check("a", [Prerequisite(flag: FlagKey("b"), variations: ["on"])])
        }
        Refused.expect(
            .circularDependency,
            "prerequisites lead back to where they began: a → a"
        ) { () throws(FlagsError) in
            try check("a", [Prerequisite(flag: FlagKey("a"), variations: ["on"])])
        }
        Refused.expect(
            .invalidVariations,
            "no variation \"red\" of the prerequisite d; there are: on, off"
        ) { () throws(FlagsError) in
            try check("a", [Prerequisite(flag: FlagKey("d"), variations: ["red"])])
        }
        for missing in ["none", "old"] {
            Refused.expect(
                .invalidTargeting,
                "the prerequisite \(missing) is no flag of this environment"
            ) { () throws(FlagsError) in
                try check("a", [Prerequisite(flag: FlagKey(missing), variations: ["on"])])
            }
        }
    }

    @Test func prerequisitesFollowEachOtherOnlySoLong() throws {
        let chain = (0..<20).map { Self.flag("f\($0)", $0 == 19 ? [] : ["f\($0 + 1)"]) }
        func lookUp(_ key: FlagKey) -> Flag? { chain.first { $0.key == key } }
        try chain[3].targeting.checkPrerequisites(of: chain[3].key, lookUp)
        #expect(throws: FlagsError(.limitExceeded, "")) {
            try chain[2].targeting.checkPrerequisites(of: chain[2].key, lookUp)
        }
    }

    @Test func usersCountToo() throws {
        let flags = (0..<20).map { Self.flag("f\($0)", $0 == 19 ? [] : ["f\($0 + 1)"]) }
        func check(_ index: Int, last: Int) throws(FlagsError) {
            // The chain as it would be that begins at 0 and ends at `last`.
            try flags[index].targeting.checkPrerequisites(
                of: flags[index].key,
                { key in
                    key.rawValue == "f\(last)"
                        ? Self.flag("f\(last)", []) : flags.first { $0.key == key }
                },
                users: { key in
                    flags.filter { flag in
                        flag.targeting.prerequisites.contains { $0.flag == key }
                    }.map(\.key)
                }
            )
        }
        for index in 0..<FlagsLimits.prerequisiteDepthMax {
            try check(index, last: FlagsLimits.prerequisiteDepthMax)
            #expect(throws: FlagsError(.limitExceeded, "")) {
                try check(index, last: FlagsLimits.prerequisiteDepthMax + 1)
            }
        }
    }

    private static func segment(_ key: String, _ others: [String]) -> SegmentDefinition {
        let clause = Clause(attribute: "", .segment, others.map { .string($0) })
        return SegmentDefinition(key: key, rules: others.isEmpty ? [] : [[clause]])
    }

    private static func flag(_ key: String, _ others: [String]) -> Flag {
        Fixture.flag(key) { flag in
            flag.targeting.prerequisites = others.map {
                Prerequisite(flag: FlagKey($0), variations: ["on"])
            }
        }
    }
}
