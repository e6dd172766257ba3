internal import Simulation

/// What many runs came to, in one line.
struct RunSummary {
    private(set) var seeds = 0
    private(set) var failures = 0
    private var simulatedMilliseconds: UInt64 = 0
    private var counts = SimulationCounts()

    mutating func add(_ result: SimulationResult) {
        self.seeds += 1
        if !result.violations.isEmpty { self.failures += 1 }
        self.simulatedMilliseconds += result.simulatedMilliseconds
        self.counts += result.counts
    }

    /// One seed's line.
    static func line(_ result: SimulationResult) -> String {
        "seed \(result.seed) \(result.profile.rawValue): \(result.simulatedMilliseconds) ms, "
            + "\(result.counts.events) events, \(result.counts.committed) committed, trace "
            + String(result.trace, radix: 16)
    }

    /// The line about all of them.
    func line(seconds: Double) -> String {
        let simulated = Double(self.simulatedMilliseconds) / 1_000
        let ratio = Int(simulated / max(seconds, 0.001))
        let counts = self.counts
        var parts = [
            "\(self.seeds) seeds, \(self.failures) failed, \(counts.forgiven) forgiven",
            "\(Self.rounded(simulated / 3_600)) simulated hours in \(Int(seconds)) s "
                + "(\(ratio) times real time per core)",
            "\(counts.events) events", "\(counts.committed) entries",
            "\(counts.elections) elections", "\(counts.restarts) starts",
            "\(counts.scheduleEdges) dates", "\(counts.releaseSteps) steps of releases",
            "\(counts.snapshots) snapshots", "\(counts.membershipChanges) membership changes",
            "\(counts.replacements) replacements", "\(counts.transfers) transfers",
            "\(counts.writesAcknowledged) writes acknowledged, \(counts.writesUnknown) unknown",
            "\(counts.reads) linearizable reads", "\(counts.watchEvents) watch events",
            "\(counts.stateComparisons) state comparisons",
        ]
        let faults = FaultKind.allCases.map { "\($0) \(counts.faults[$0.rawValue])" }
        let ambushes = Ambush.allCases.map { "\($0) \(counts.ambushes[$0.rawValue])" }
        parts.append("faults: " + (faults + ambushes).joined(separator: ", "))
        return parts.joined(separator: "; ")
    }

    private static func rounded(_ number: Double) -> String {
        let hundredths = Int(number * 100)
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
