/// The bounds of a measurement: every load ends by itself.
enum BenchLimits {
    static let clientsMax = 10_000
    static let subscribersMax = 50_000
    static let writesMax = 10_000_000
    static let flagsMax = 19_000
    /// Writes in flight while a tenant is filled.
    static let fillersMax = 64
    static let reportersMax = 1_000
    static let evaluationsPerSecondMax = 10_000_000
    static let changesMax = 100_000
    static let roundsMax = 1_000
    /// TLS handshakes in flight at once.
    static let dialsMax = 64
    /// One attempt of a write, and of preparing for one.
    static let attemptMilliseconds: Int64 = 10_000
    /// Attempts of one write before the measurement is given up.
    static let attemptsMax = 200
    /// Between two attempts of one write.
    static let retryMilliseconds: Int64 = 5
    /// Filling a cluster, and bringing one node up to date, may each take so long.
    static let fillSecondsMax: Int64 = 150
    static let catchUpSecondsMax: Int64 = 150
    /// Without any progress for this long, a measurement fails.
    static let stallSeconds: Int64 = 30
    /// Writes of the failover measurement that one environment takes.
    static let writesPerEnvironmentMax: UInt64 = 2_000
    static let environmentsMax: UInt64 = 100
}

/// Why a measurement has no result.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
