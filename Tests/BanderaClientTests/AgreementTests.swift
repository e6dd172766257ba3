import BanderaClient
import ClientProtocol
import Flags
import Testing
import Wire

/// Node and SDK agree: a ruleset that came through a watch, message by message and byte by byte,
/// evaluates like one that was made of the same flags and segments.
@Suite struct AgreementTests {
    /// 100 environments × 50 contexts × 20 flags are 100,000 pairs.
    @Test(arguments: 0..<10 as Range<UInt64>)
    func evaluateTheSameForEveryPair(seed: UInt64) throws {
        var world = GeneratedWorld(seed: seed)
        var pairs = 0
        var reasons: Set<EvaluationReason> = []
        for round in 0..<10 {
            let receiver = try world.watch()
            let direct = Ruleset(
                environment: acme,
                revision: receiver.ruleset.revision,
                flags: world.flags,
                segments: world.segments
            )
            #expect(receiver.ruleset.flags == direct.flags)
            #expect(receiver.ruleset.segments == direct.segments)
            for _ in 0..<50 {
                let context = world.context()
                let now = world.time()
                for index in 0..<GeneratedWorld.flagCount {
                    let key = FlagKey("flag-\(index)")
                    let expected = direct.evaluate(key, context, now: now)
                    let found = receiver.ruleset.evaluate(key, context, now: now)
                    guard found == expected else {
                        Issue.record("seed \(seed), round \(round): \(key) for \(context)")
                        return
                    }
                    reasons.insert(found.reason)
                    pairs += 1
                }
            }
        }
        #expect(pairs == 10_000)
        // A world in which everything is off proves nothing.
        #expect(
            reasons.isSuperset(of: [
                .static, .default, .targetingMatch, .split, .disabled, .prerequisiteFailed, .error,
            ]),
            "seed \(seed): \(reasons)"
        )
    }
}

/// Flags, segments and contexts drawn at random from a few names, so that they meet.
private struct GeneratedWorld {
    static let flagCount = 20
    private static let segmentCount = 6
    private static let texts = ["ana", "ben", "GOLD", "gold", "eu", "1.2.3", "10.0.0.7", "é", ""]

    private(set) var flags: [Flag] = []
    private(set) var segments: [Segment] = []
    private var generator: SeededGenerator
    private var revision: UInt64 = 100

    init(seed: UInt64) { self.generator = SeededGenerator(seed: seed) }

    /// Draws another world, and watches it: a snapshot in parts, then changes of some of it.
    mutating func watch() throws -> WatchReceiver {
        self.segments = (0..<Self.segmentCount).map { self.segment("segment-\($0)") }
        self.flags = (0..<Self.flagCount).map { self.flag($0) }
        var receiver = WatchReceiver(environment: acme)
        let half = Self.flagCount / 2
        let first = WatchEvent.Snapshot(
            revision: Revision(self.revision),
            flags: Array(self.flags[..<half]),
            segments: [],
            isLast: false
        )
        let last = WatchEvent.Snapshot(
            revision: Revision(self.revision),
            flags: Array(self.flags[half...]),
            segments: self.segments,
            isFirst: false
        )
        var events = [WatchEvent.snapshot(first), .snapshot(last)]
        for _ in 0..<10 { events.append(.changes(self.change())) }
        for event in events {
            let outcome = receiver.received(try WatchEvent.decode(event.encode()))
            if case .broken(let reason) = outcome { Issue.record("\(reason)") }
        }
        return receiver
    }

    private mutating func change() -> WatchEvent.Changes {
        self.revision += 1
        let item: Change.Item
        let index = self.pick(Self.flagCount)
        // What is archived stays so: its key is taken.
        if self.chance(0.6), !self.flags[index].isArchived {
            self.flags[index] = self.flag(index)
            item = .flag(self.flags[index])
        } else if self.chance(0.3), !self.segments.isEmpty {
            let gone = self.segments.remove(at: self.pick(self.segments.count))
            item = .segmentRemoved(gone.key)
        } else {
            let segment = self.segment("segment-\(self.pick(Self.segmentCount))")
            self.segments.removeAll { $0.key == segment.key }
            self.segments.append(segment)
            item = .segment(segment)
        }
        let change = Change(
            revision: Revision(self.revision),
            environment: acme,
            item: item
        )
        return WatchEvent.Changes(revision: change.revision, changes: [change])
    }

    private mutating func flag(_ index: Int) -> Flag {
        var flag = makeFlag("flag-\(index)", revision: self.revision, created: 1)
        flag.variations = [
            Variation(name: "on", value: .bool(true)), Variation(name: "off", value: .bool(false)),
            Variation(name: "third", value: .bool(true)),
        ]
        flag.enabled = self.chance(0.9)
        flag.isArchived = self.chance(0.05)
        if self.chance(0.3) { flag.rollout = self.percentage() }
        if self.chance(0.2) { flag.audience.plans = [self.text()] }
        if self.chance(0.1) { flag.start = self.time() }
        if self.chance(0.2) { flag.bucketBy = self.attribute() }
        // Only flags that come before: no circles.
        if index > 0, self.chance(0.2) {
            flag.targeting.prerequisites = [
                Prerequisite(flag: FlagKey("flag-\(self.pick(index))"), variations: ["on"])
            ]
        }
        if self.chance(0.2) {
            flag.targeting.overrides = [
                Override(level: .plan, subject: self.text(), variation: "third"),
                Override(
                    level: .user,
                    subject: self.text(),
                    variation: "on",
                    isLocked: self.chance(0.5)
                ),
            ]
        }
        if self.chance(0.3) {
            flag.targeting.targets = [
                Target(variation: "third", attribute: self.attribute(), values: [self.text()])
            ]
        }
        flag.targeting.rules = (0..<self.pick(4)).map { self.rule("rule-\($0)") }
        if self.chance(0.2) { flag.targeting.weights = self.weights() }
        return flag
    }

    private mutating func rule(_ id: String) -> Rule {
        let clauses = (0..<1 + self.pick(2)).map { _ in self.clause(segments: true) }
        let serve: Serve =
            self.chance(0.5)
            ? .variation("on") : .split(Split(weights: self.weights(), bucketBy: self.attribute()))
        return Rule(id: id, clauses: clauses, serve: serve)
    }

    private mutating func weights() -> [WeightedVariation] {
        let first = UInt32(self.pick(100_001))
        return [
            WeightedVariation(variation: "on", weight: first),
            WeightedVariation(variation: "third", weight: WeightedVariation.total - first),
        ]
    }

    private mutating func segment(_ key: String) -> Segment {
        var segment = makeSegment(key, revision: self.revision, users: [self.text()])
        segment.definition.attribute = self.attribute()
        segment.definition.excluded = self.chance(0.3) ? [self.text()] : []
        segment.definition.rules = (0..<self.pick(3)).map { _ in [self.clause(segments: false)] }
        return segment
    }

    private mutating func clause(segments: Bool) -> Clause {
        if segments, self.chance(0.3) {
            return Clause(
                attribute: "",
                .segment,
                [.string("segment-\(self.pick(Self.segmentCount))")],
                isNegated: self.chance(0.3)
            )
        }
        let known = ClauseOperator.known.filter { $0 != .segment }
        let comparison =
            self.chance(0.05) ? ClauseOperator("newer") : known[self.pick(known.count)]
        return Clause(
            attribute: self.attribute(),
            comparison,
            (0..<1 + self.pick(2)).map { _ in self.value() },
            isNegated: self.chance(0.2),
            ignoresCase: self.chance(0.2)
        )
    }

    mutating func context() -> EvaluationContext {
        EvaluationContext(
            targetingKey: self.chance(0.1) ? "" : "\(self.text())\(self.pick(50))",
            company: self.text(),
            plan: self.text(),
            role: self.text(),
            region: self.text(),
            attributes: [
                Value.Field(name: "age", value: self.value()),
                Value.Field(
                    name: "device",
                    value: .object([.init(name: "os", value: self.value())])
                ),
            ]
        )
    }

    mutating func time() -> Timestamp { Timestamp(milliseconds: Int64(self.pick(1_000_000))) }

    private mutating func attribute() -> String {
        let names = ["", "plan", "role", "region", "company", "age", "/device/os", "nothing"]
        return names[self.pick(names.count)]
    }

    private mutating func value() -> Value {
        switch self.pick(5) {
        case 0: .number(Double(self.pick(5)))
        case 1: .bool(self.chance(0.5))
        case 2: .array([.string(self.text()), .number(1)])
        default: .string(self.text())
        }
    }

    private mutating func percentage() -> RolloutPercentage {
        RolloutPercentage(thousandths: UInt32(self.pick(100_001))) ?? .all
    }

    private mutating func text() -> String { Self.texts[self.pick(Self.texts.count)] }

    private mutating func pick(_ count: Int) -> Int {
        Int.random(in: 0..<count, using: &self.generator)
    }

    private mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &self.generator) < probability
    }
}
