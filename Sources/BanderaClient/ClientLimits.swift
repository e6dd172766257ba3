/// Every bound of this module, in one place.
package enum ClientLimits {
    /// Endpoints that a configuration or a topology may name.
    package static let endpointsMax = 256
    /// Flags of one environment that a client keeps.
    package static let flagsMax = 100_000
    /// Changes that wait for one consumer of `changes` before the oldest are dropped.
    package static let changesBufferedMax = 1_024
    /// Consumers of `changes` at one time.
    package static let changeConsumersMax = 1_024
    /// Callers that may wait for readiness or a revision at one time.
    package static let waitersMax = 10_000
    /// Watch messages that the server may send before it is granted more.
    package static let watchCredit: UInt32 = 256
    /// Credit is given back in portions of this many messages.
    package static let watchCreditPortion: UInt32 = 64
    /// Revisions received before an acknowledgement is sent without waiting for its timer.
    package static let acknowledgementBatchMax = 64
    /// Bytes of a last-known-good file that are read back.
    package static let lastKnownGoodBytesMax = 256 << 20
    /// Attempts of one administrative call, over all endpoints.
    package static let attemptsMax = 64
    /// Write sessions that are kept for later; more are opened while more writes are in flight.
    package static let sessionsRestingMax = 1_024
    /// Sessions that one write tries before it is given up.
    package static let sessionAttemptsMax = 4
    /// Doublings of a back-off before it stays at its maximum.
    package static let backoffDoublingsMax = 16
    /// How often all nodes are compared again when one could not hold its recording long enough.
    package static let verificationRoundsMax = 3
    /// How long one node may take for each step of a comparison; meanwhile the others hold.
    package static let verificationTimeout = Duration.seconds(4)
    /// Segments of one environment that a client keeps.
    package static let segmentsMax = 20_000
    /// Tables that evaluations are counted in: threads that evaluate at one time find a free one.
    package static let usageStripes = 8
    /// Combinations of flag, variation, company, plan, role and region that one of those tables
    /// counts.
    package static let usageEntriesMax = 4_096
    /// Of those, combinations that are left for what had no room by itself.
    package static let usageOthersMax = 512
    /// Variations whose distinct users one of those tables keeps, 1 kB each.
    package static let usageSketchesMax = 1_024
    /// Combinations that wait to be reported.
    package static let usagePendingMax = 16_384
    /// Combinations of one report.
    package static let usageEntriesPerReportMax = 1_000
    /// Sketches of one report.
    package static let usageSketchesPerReportMax = 500
    /// The shortest time between two reports.
    package static let usageIntervalMin = Duration.milliseconds(10)
    /// How long a client that shuts down waits for its last report.
    package static let usageLastReportTimeout = Duration.seconds(1)
}
