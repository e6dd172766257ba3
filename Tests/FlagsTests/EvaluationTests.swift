package import Flags
import Testing

/// Design section 7, step by step.
@Suite struct EvaluationTests {
    let anyone = EvaluationContext(targetingKey: "user-1")

    @Test func anUnknownOrArchivedFlagIsNotFound() {
        let ruleset = Ruleset(environment: Fixture.environment, flags: [Fixture.flag()])
        let unknown = ruleset.evaluate("nothing", self.anyone, now: Fixture.now)
        #expect(unknown == Evaluation(error: .flagNotFound))
        #expect(
            Fixture.evaluate(self.anyone) { $0.isArchived = true }
                == Evaluation(error: .flagNotFound)
        )
    }

    @Test func aFlagThatIsNotActiveServesOff() {
        let off = Evaluation(value: .bool(false), variation: "off", reason: .disabled)
        for status in FlagStatus.allCases where status != .active {
            #expect(Fixture.evaluate(self.anyone) { $0.status = status } == off)
        }
        #expect(Fixture.evaluate(self.anyone) { $0.enabled = false } == off)
    }

    @Test func theWindowIncludesItsStartAndExcludesItsEnd() {
        let nothing = Ruleset(environment: Fixture.environment)
        let flag = CompiledFlag(
            Fixture.flag {
                $0.start = Timestamp(milliseconds: 1_000)
                $0.end = Timestamp(milliseconds: 2_000)
            }
        )
        for (moment, isOpen) in [(999, false), (1_000, true), (1_999, true), (2_000, false)] {
            let now = Timestamp(milliseconds: Int64(moment))
            let reason = flag.evaluate(self.anyone, now: now, in: nothing).reason
            #expect(reason == (isOpen ? .static : .disabled), "at \(moment)")
        }
    }

    @Test func everyNonEmptyAudienceListMustContainTheContextsValue() {
        let inside = EvaluationContext(
            targetingKey: "u",
            company: "globex",
            plan: "PREMIUM",
            role: "ADMIN",
            region: "MX"
        )
        let narrow: (inout Flag) -> Void = {
            $0.audience = Audience(
                plans: ["PREMIUM", "ENTERPRISE"],
                roles: ["ADMIN"],
                companies: ["globex"],
                regions: ["CO", "MX", "AR"]
            )
        }
        #expect(Fixture.evaluate(inside, narrow).reason == .static)
        let excluded = Evaluation(value: .bool(false), variation: "off", reason: .default)
        for path in [
            \EvaluationContext.company, \.plan, \.role, \.region,
        ] as [WritableKeyPath<EvaluationContext, String>] {
            for wrong in ["", "premium", "other"] {
                var outside = inside
                outside[keyPath: path] = wrong
                #expect(Fixture.evaluate(outside, narrow) == excluded)
            }
        }
    }

    @Test func aLongAudienceListIsSearchedLikeAShortOne() {
        let companies = (0..<1_000).map { "company-\($0)" }
        for (company, reason) in [
            ("company-999", EvaluationReason.static), ("company-1000", .default),
        ] {
            let context = EvaluationContext(targetingKey: "u", company: company)
            let evaluation = Fixture.evaluate(context) { $0.audience.companies = companies }
            #expect(evaluation.reason == reason)
        }
    }

    @Test func aPartialRolloutIsASplitAndAWholeOneIsStatic() {
        let half = Fixture.evaluate(self.anyone) { $0.rollout = Fixture.percent(50) }
        #expect(half.reason == .split)
        let all = Fixture.evaluate(self.anyone)
        #expect(all == Evaluation(value: .bool(true), variation: "on", reason: .static))
        let none = Fixture.evaluate(self.anyone) { $0.rollout = .none }
        #expect(none == Evaluation(value: .bool(false), variation: "off", reason: .static))
    }

    @Test func aMissingUnitIsAnErrorOnlyWhereABucketIsNeeded() {
        let nobody = EvaluationContext(targetingKey: "")
        let split = Fixture.evaluate(nobody) { $0.rollout = Fixture.percent(50) }
        #expect(split == Evaluation(error: .targetingKeyMissing))
        #expect(Fixture.evaluate(nobody).reason == .static)
        #expect(Fixture.evaluate(nobody) { $0.rollout = .none }.reason == .static)
    }

    @Test func bucketingFollowsTheNamedAttribute() {
        func value(_ context: EvaluationContext, by name: String) -> Evaluation {
            Fixture.evaluate(context) {
                $0.bucketBy = name
                $0.salt = "new-checkout"
                $0.rollout = RolloutPercentage(thousandths: 47_904) ?? .none
            }
        }
        // Golden: new-checkout.12 is 47,903, so just inside; new-checkout.1 is 60,668, outside.
        let contexts: [(String, EvaluationContext)] = [
            ("company", EvaluationContext(targetingKey: "1", company: "12")),
            ("plan", EvaluationContext(targetingKey: "1", plan: "12")),
            ("role", EvaluationContext(targetingKey: "1", role: "12")),
            ("region", EvaluationContext(targetingKey: "1", region: "12")),
            ("seat", Self.context("seat", .string("12"))),
            ("seat", Self.context("seat", .number(12))),
        ]
        for (name, context) in contexts {
            #expect(value(context, by: name).value == .bool(true), "by \(name)")
        }
        #expect(value(contexts[0].1, by: "targetingKey").value == .bool(false))
        let negative = Fixture.evaluate(Self.context("seat", .number(-42))) {
            $0.bucketBy = "seat"
            $0.rollout = RolloutPercentage(thousandths: 424) ?? .none
        }
        #expect(negative.value == .bool(true))
    }

    @Test func anAttributeThatIsNoUnitCountsAsMissing() {
        for value: Value in [.bool(true), .number(1.5), .number(.nan), .string(""), .array([])] {
            let evaluation = Fixture.evaluate(Self.context("seat", value)) {
                $0.bucketBy = "seat"
                $0.rollout = Fixture.percent(50)
            }
            #expect(evaluation.errorCode == .targetingKeyMissing)
        }
    }

    @Test func aFlagWithoutItsVariationIsNotFoundRatherThanATrap() {
        let evaluation = Fixture.evaluate(self.anyone) { $0.variations = [] }
        #expect(evaluation.errorCode == .flagNotFound)
    }

    @Test func typedGettersGiveTheDefaultAndSayTypeMismatch() {
        let ruleset = Ruleset(environment: Fixture.environment, flags: [Fixture.flag()])
        let key: FlagKey = "new-checkout"
        let bool = ruleset.bool(key, self.anyone, default: false, now: Fixture.now)
        #expect(bool == Resolution(value: true, variation: "on", reason: .static))
        let text = ruleset.string(key, self.anyone, default: "x", now: Fixture.now)
        #expect(text.value == "x" && text.reason == .error && text.errorCode == .typeMismatch)
        let number = ruleset.number(key, self.anyone, default: 4, now: Fixture.now)
        #expect(number.value == 4 && number.errorCode == .typeMismatch)
        let object = ruleset.object(key, self.anyone, default: .null, now: Fixture.now)
        #expect(object.value == .null && object.errorCode == .typeMismatch)
        let unknown = ruleset.bool("nothing", self.anyone, default: true, now: Fixture.now)
        #expect(unknown.value && unknown.errorCode == .flagNotFound)
    }

    private static func context(_ name: String, _ value: Value) -> EvaluationContext {
        EvaluationContext(
            targetingKey: "1",
            attributes: [
                .init(name: "zone", value: .string("z")), .init(name: name, value: value),
                .init(name: "age", value: .number(3)),
            ]
        )
    }
}

extension FlagKey: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) { self.init(value) }
}
