/// Something that happened to somebody who was given a flag's variation.
///
/// Events are what a flag's metrics are made of: its error rate, its effect on performance, the score
/// that users give it. Count them with ``FlagEvaluating/track(_:_:variation:context:)``.
public enum UsageEvent: Hashable, Sendable {
    /// The feature was shown.
    case view
    /// The feature was used.
    case click
    /// The feature failed.
    case error
    /// The feature led to what it is for.
    case conversion
    /// The feature took this long; compared between those who have it and those who have not.
    case latency(Duration)
    /// A user's score, 0 through 5.
    ///
    /// Anything else is not counted.
    case feedback(Double)
}

/// Whether a client counts what flags are used for, and how often it reports that to its node.
public enum UsageReporting: Hashable, Sendable {
    /// Nothing is counted.
    case off
    /// What was counted is reported about this often, a little sooner or later by chance so that
    /// clients that start together do not report together.
    case on(interval: Duration)

    /// Every five seconds.
    public static let standard = UsageReporting.on(interval: .seconds(5))
}

/// What became of the evaluations and events that a client counted.
public struct UsageStatistics: Hashable, Sendable {
    /// Evaluations and events that a node has taken in.
    public var reported: UInt64 = 0
    /// Evaluations, events and users that there was no room to count, here or on the node.
    public var dropped: UInt64 = 0
    /// Evaluations and events that were reported to another node after the first did not answer: if
    /// that has counted them all the same, they are counted twice.
    public var uncertain: UInt64 = 0

    /// Nothing was counted yet.
    public init() {}
}
