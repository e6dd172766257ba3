/// How long to wait after the nth failure in a row: doubling, capped, jittered.
///
/// The jitter takes up to half away, so that clients that failed together do not return together,
/// and none returns at once.
package struct Backoff: Hashable, Sendable {
    /// The wait after the first failure, before jitter.
    package let millisecondsMin: Int64
    /// The longest wait.
    package let millisecondsMax: Int64

    /// A back-off between the two bounds.
    package init(millisecondsMin: Int64, millisecondsMax: Int64) {
        precondition(millisecondsMin > 0 && millisecondsMax >= millisecondsMin)
        self.millisecondsMin = millisecondsMin
        self.millisecondsMax = millisecondsMax
    }

    /// The wait after `failures` failures in a row; none without a failure.
    package func delay(
        after failures: Int,
        using generator: inout some RandomNumberGenerator
    ) -> Int64 {
        guard failures > 0 else { return 0 }
        let doublings = min(failures - 1, ClientLimits.backoffDoublingsMax)
        let (grown, overflow) = self.millisecondsMin.multipliedReportingOverflow(by: 1 << doublings)
        let full = overflow ? self.millisecondsMax : min(grown, self.millisecondsMax)
        return Int64.random(in: (full - full / 2)...full, using: &generator)
    }
}
