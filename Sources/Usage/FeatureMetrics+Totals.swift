package import Flags

extension FeatureMetrics {
    /// The metrics of `flag` from everything that was ever reported of it.
    ///
    /// Who was given any variation but the off variation has the feature; evaluations that gave no
    /// variation, or one that the flag did not have, count as neither. Each formula is in the documentation of its property.
    package init(_ totals: UsageTotals, of flag: Flag) {
        func isKnown(_ variation: String) -> Bool {
            !variation.isEmpty && variation != UsageRow.others
        }
        func has(_ variation: String) -> Bool {
            isKnown(variation) && variation != flag.offVariation
        }
        var all = UsageCounts()
        var with = UsageCounts()
        var without = UsageCounts()
        for variation in totals.variations {
            all.add(variation.counts)
            if has(variation.name) {
                with.add(variation.counts)
            } else if isKnown(variation.name) {
                without.add(variation.counts)
            }
        }
        let users = totals.users()
        self.init(
            flag: flag.key,
            usageCount: all.evaluations,
            errorRate: Self.share(all.errors, of: max(all.evaluations, all.errors)),
            performanceImpact: Self.impact(with, without),
            adoptionRate: Self.share(totals.users(where: has), of: users),
            userFeedbackScore: Self.mean(all.feedbackThousandths, all.feedbacks).map { $0 / 1_000 },
            users: users,
            lastUpdated: totals.lastUpdated
        )
    }

    /// 0 through 1; 0 of nothing.
    private static func share(_ part: UInt64, of whole: UInt64) -> Double {
        whole == 0 ? 0 : min(1, Double(part) / Double(whole))
    }

    private static func mean(_ sum: UInt64, _ count: UInt64) -> Double? {
        count == 0 ? nil : Double(sum) / Double(count)
    }

    private static func impact(_ with: UsageCounts, _ without: UsageCounts) -> Double {
        guard let slow = Self.mean(with.latencyMicroseconds, with.latencies),
            let base = Self.mean(without.latencyMicroseconds, without.latencies), base > 0
        else { return 0 }
        return slow / base - 1
    }
}
