import Flags
import Usage

/// Values that the tests of this module begin from.
enum Fixture {
    static let environment = EnvironmentID(organization: "acme", environment: "production")
    static let flag = FlagKey("checkout")
    /// A whole minute, hour and day.
    static let midnight = Timestamp(milliseconds: 1_770_076_800_000)

    static func occasion(
        _ variation: String = "on",
        flag: FlagKey = Self.flag,
        company: String = "",
        plan: String = ""
    ) -> UsageAggregator.Occasion {
        UsageAggregator.Occasion(
            environment: Self.environment,
            flag: flag,
            variation: variation,
            company: company,
            plan: plan
        )
    }

    static func evaluations(_ count: UInt64) -> UsageCounts {
        var counts = UsageCounts()
        counts.evaluations = count
        return counts
    }

    static func row(_ variation: String, _ counts: UsageCounts) -> UsageRow {
        Self.row(variation, .total, "", counts)
    }

    static func row(
        _ variation: String,
        _ dimension: UsageDimension,
        _ value: String,
        _ counts: UsageCounts
    ) -> UsageRow {
        UsageRow(
            environment: Self.environment,
            flag: Self.flag,
            variation: variation,
            dimension: dimension,
            value: value,
            start: Self.midnight,
            counts: counts
        )
    }

    static func sketch(_ variation: String, _ users: [String]) -> UsageSketch {
        var sketch = HyperLogLog()
        for user in users { sketch.insert(user) }
        return UsageSketch(
            environment: Self.environment,
            flag: Self.flag,
            variation: variation,
            registers: sketch.sparse
        )
    }

    static func users(_ count: Int, from first: Int = 0) -> [String] {
        (first..<first + count).map { "user-\($0)" }
    }
}
