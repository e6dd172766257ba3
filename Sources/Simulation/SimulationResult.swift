/// What a run found.
package struct SimulationResult: Hashable, Sendable {
    package let seed: UInt64
    package let profile: SimulationProfile
    /// Empty when everything held.
    package let violations: [String]
    package let simulatedMilliseconds: UInt64
    /// Mixed from every event and what came of it, so that two runs can be compared.
    package let trace: UInt64
    package let counts: SimulationCounts
}

/// What happened in one run, or in many.
package struct SimulationCounts: Hashable, Sendable {
    package var events = 0
    package var committed = 0
    package var elections = 0
    package var restarts = 0
    /// Injected faults by the raw value of their kind.
    package var faults = [Int](repeating: 0, count: FaultKind.allCases.count)
    /// Ambushes by their raw value.
    package var ambushes = [Int](repeating: 0, count: Ambush.allCases.count)
    package var batches = 0
    package var writesAcknowledged = 0
    package var writesUnknown = 0
    package var reads = 0
    package var watchEvents = 0
    package var stateComparisons = 0
    package var snapshots = 0
    /// Dates of flags that leaders recorded.
    package var scheduleEdges = 0
    /// Steps of releases that leaders began.
    package var releaseSteps = 0
    package var membershipChanges = 0
    package var replacements = 0
    package var transfers = 0
    /// Runs that were not held to the liveness phase: what they had lost nobody could bring back.
    package var forgiven = 0

    package init() {}

    package static func += (total: inout SimulationCounts, run: SimulationCounts) {
        let numbers: [WritableKeyPath<SimulationCounts, Int>] = [
            \.events, \.committed, \.elections, \.restarts, \.batches, \.writesAcknowledged,
            \.writesUnknown, \.reads, \.watchEvents, \.stateComparisons, \.snapshots,
            \.scheduleEdges, \.releaseSteps, \.membershipChanges, \.replacements,
            \.transfers, \.forgiven,
        ]
        for number in numbers { total[keyPath: number] += run[keyPath: number] }
        for kind in total.faults.indices { total.faults[kind] += run.faults[kind] }
        for kind in total.ambushes.indices { total.ambushes[kind] += run.ambushes[kind] }
    }
}
