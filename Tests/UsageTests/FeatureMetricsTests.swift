import Flags
import Testing
import Usage

/// Golden values, worked out by hand from the documentation of `FeatureMetrics`.
@Suite struct FeatureMetricsTests {
    private let flag = Flag(
        key: Fixture.flag,
        name: "",
        description: "",
        enabled: true,
        status: .active,
        isArchived: false,
        rollout: .all,
        audience: Audience(),
        start: nil,
        end: nil,
        variations: [
            Variation(name: "on", value: .bool(true)), Variation(name: "off", value: .bool(false)),
        ],
        onVariation: "on",
        offVariation: "off",
        salt: "",
        bucketBy: "",
        createdAt: Fixture.midnight,
        createdBy: "",
        updatedAt: Fixture.midnight,
        updatedBy: "",
        revision: Revision(1),
        createdRevision: Revision(1)
    )

    @Test func everyMetricIsWhatItsDocumentationSays() {
        var totals = UsageTotals(environment: Fixture.environment, flag: Fixture.flag)
        var on = Fixture.evaluations(600)
        on.errors = 30
        (on.latencies, on.latencyMicroseconds) = (10, 12_000)
        (on.feedbacks, on.feedbackThousandths) = (2, 9_000)
        var off = Fixture.evaluations(380)
        off.errors = 10
        (off.latencies, off.latencyMicroseconds) = (5, 5_000)
        (off.feedbacks, off.feedbackThousandths) = (2, 3_000)
        totals.add(Fixture.row("on", on), at: Fixture.midnight)
        totals.add(Fixture.row("off", off), at: Fixture.midnight)
        totals.add(Fixture.row("", Fixture.evaluations(20)), at: Fixture.midnight)
        totals.merge(Fixture.sketch("on", ["ana", "ben", "eva"]))
        totals.merge(Fixture.sketch("off", ["eva", "joe"]))
        let expected = FeatureMetrics(
            flag: Fixture.flag,
            usageCount: 1_000,
            errorRate: 0.04,
            performanceImpact: 1_200.0 / 1_000 - 1,
            adoptionRate: 0.75,
            userFeedbackScore: 3,
            users: 4,
            lastUpdated: Fixture.midnight
        )
        #expect(FeatureMetrics(totals, of: self.flag) == expected)
    }

    @Test func nothingReportedIsNothingDividedByZero() {
        let totals = UsageTotals(environment: Fixture.environment, flag: Fixture.flag)
        let metrics = FeatureMetrics(totals, of: self.flag)
        #expect(metrics.errorRate == 0 && metrics.adoptionRate == 0)
        #expect(metrics.performanceImpact == 0 && metrics.userFeedbackScore == nil)
    }

    @Test func whoWasGivenWhatTheFlagDoesNotHaveIsNoAdopter() {
        var totals = UsageTotals(environment: Fixture.environment, flag: Fixture.flag)
        var counts = UsageCounts()
        counts.latencies = 1
        counts.latencyMicroseconds = 900
        totals.add(Fixture.row(UsageRow.others, counts), at: Fixture.midnight)
        counts.latencyMicroseconds = 100
        totals.add(Fixture.row("off", counts), at: Fixture.midnight)
        #expect(FeatureMetrics(totals, of: self.flag).performanceImpact == 0)
    }

    @Test func errorsWithoutEvaluationsAreNoMoreThanAll() {
        var totals = UsageTotals(environment: Fixture.environment, flag: Fixture.flag)
        var counts = UsageCounts()
        counts.errors = 7
        totals.add(Fixture.row("on", counts), at: Fixture.midnight)
        #expect(FeatureMetrics(totals, of: self.flag).errorRate == 1)
    }
}
