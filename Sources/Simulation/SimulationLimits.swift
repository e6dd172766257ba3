/// Every bound of the simulator.
enum SimulationLimits {
    /// Nodes that one run may ever have, the lost and the removed ones too.
    static let nodesMax = 16
    /// After healing, a cluster that has not converged by then has stalled.
    static let convergenceMicrosecondsMax: SimulatedTime = 30_000_000
    /// A run that is longer by events than any sensible one: something runs in circles.
    static let eventsMax = 3_000_000
    /// How many states of the record store are kept as candidates.
    static let recordableMax = 64
    /// How many states of the record store may be lost by one power failure.
    static let unsyncedRecordsMax = 8
    /// Steps that the check of one run's history may take.
    static let linearizabilityStepsMax = 500_000
    /// Violations that are kept: the first one says the most.
    static let violationsMax = 20
    /// Revisions between two whole-state hashes of a run.
    static let hashInterval: UInt64 = 24
}
