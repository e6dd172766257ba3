internal import Histogram

/// Times of many like things, in nanoseconds.
struct Latencies {
    /// An hour: more than any measurement here may take.
    private static let nanosecondsMax: UInt64 = 3_600_000_000_000

    private var histogram = Histogram<UInt64>(
        highestTrackableValue: Self.nanosecondsMax,
        numberOfSignificantValueDigits: .three
    )

    /// Notes one time.
    mutating func record(nanoseconds: UInt64) {
        _ = self.histogram.record(min(max(1, nanoseconds), Self.nanosecondsMax))
    }

    /// How many times were noted.
    var count: Int { Int(clamping: self.histogram.totalCount) }

    /// The time that `percentile` percent of all did not exceed, in milliseconds.
    func milliseconds(_ percentile: Double) -> Double? {
        guard self.count > 0 else { return nil }
        return Double(self.histogram.valueAtPercentile(percentile)) / 1e6
    }

    /// The longest time, in milliseconds.
    var maxMilliseconds: Double? { self.milliseconds(100) }

    /// The shortest time, in milliseconds.
    var minMilliseconds: Double? {
        self.count > 0 ? Double(self.histogram.min) / 1e6 : nil
    }
}
