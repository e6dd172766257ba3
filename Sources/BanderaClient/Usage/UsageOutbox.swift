package import ClientProtocol
package import Flags
internal import Usage

/// What was counted and is still to be reported: one report at a time, bounded, honest about drops.
///
/// Performs no I/O. A report that failed is added to what came since; since a node may have counted
/// it all the same, counts may be too high after a connection breaks, and users never are.
package struct UsageOutbox: Sendable {
    private let environment: EnvironmentID
    private var counts: [UsageTable.Key: UsageCounts] = [:]
    private var desk = SketchDesk()
    private var dropped: UInt64 = 0
    /// When the first of what waits may have happened.
    private var start: Timestamp
    private var inFlight: UsageReport?
    /// What became of what was reported.
    package private(set) var statistics = UsageStatistics()

    /// An outbox with nothing in it, for what happens from `start` on.
    package init(environment: EnvironmentID, start: Timestamp) {
        self.environment = environment
        self.start = start
    }

    /// Whether a report is under way.
    package var isReporting: Bool { self.inFlight != nil }

    /// Adds what a recorder has counted.
    package mutating func add(_ drained: UsageTable.Drained) {
        for (key, counts) in drained.counts { self.add(key, counts) }
        for (use, registers) in drained.sketches {
            guard let sketch = HyperLogLog(registers: registers) else { continue }
            self.desk.add(
                UsageSketch(
                    environment: self.environment,
                    flag: use.flag,
                    variation: use.variation,
                    registers: sketch.sparse
                )
            )
        }
        self.drop(drained.dropped)
    }

    /// Takes out the next report; `nil` while one is under way, or when there is nothing to say.
    ///
    /// Tell what became of it: ``delivered(_:)`` or ``failed()``.
    package mutating func next(now: Timestamp) -> UsageReport? {
        guard self.inFlight == nil else { return nil }
        let keys = self.counts.keys.sorted().prefix(ClientLimits.usageEntriesPerReportMax)
        let entries = keys.map { key in
            UsageReport.Entry(
                flag: key.flag,
                variation: key.variation,
                company: key.company,
                plan: key.plan,
                role: key.role,
                region: key.region,
                counts: self.counts.removeValue(forKey: key) ?? UsageCounts()
            )
        }
        let sketches = self.desk.drain(sketchesMax: ClientLimits.usageSketchesPerReportMax)
        guard !entries.isEmpty || !sketches.isEmpty || self.dropped > 0 else {
            self.start = now
            return nil
        }
        let report = UsageReport(
            environment: self.environment,
            start: self.start,
            entries: entries,
            sketches: sketches,
            dropped: self.dropped
        )
        self.dropped = 0
        if self.counts.isEmpty { self.start = now }
        self.inFlight = report
        return report
    }

    /// The node has taken the report in.
    package mutating func delivered(_ receipt: UsageReceipt) {
        guard let report = self.inFlight else { return }
        self.inFlight = nil
        let sum = report.entries.reduce(UInt64(0)) { $0 &+ $1.counts.total }
        self.statistics.reported &+= sum &- min(sum, receipt.dropped)
        self.statistics.dropped &+= receipt.dropped
    }

    /// The report did not arrive, as far as is known: it goes out again with the next.
    package mutating func failed() {
        guard let report = self.inFlight else { return }
        self.inFlight = nil
        self.start = min(self.start, report.start)
        for entry in report.entries {
            let key = UsageTable.Key(
                flag: entry.flag,
                variation: entry.variation,
                company: entry.company,
                plan: entry.plan,
                role: entry.role,
                region: entry.region
            )
            self.add(key, entry.counts)
        }
        for sketch in report.sketches { self.desk.putBack(sketch) }
        // Those were added to the statistics before.
        self.dropped &+= report.dropped
    }

    /// Another node takes the reports: it is told of all users, since the last one may be lost with
    /// what it was told.
    package mutating func reconnected() { self.desk.repeatAll() }

    private mutating func add(_ key: UsageTable.Key, _ counts: UsageCounts) {
        if self.counts[key] != nil || self.counts.count < ClientLimits.usagePendingMax {
            self.counts[key, default: UsageCounts()].add(counts)
        } else if self.counts[key.withoutDimensions] != nil {
            self.counts[key.withoutDimensions]?.add(counts)
        } else {
            self.drop(counts.total)
        }
    }

    private mutating func drop(_ count: UInt64) {
        self.dropped &+= count
        self.statistics.dropped &+= count
    }
}
