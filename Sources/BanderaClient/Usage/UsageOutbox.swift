package import ClientProtocol
package import Flags
internal import Usage

/// What was counted and is still to be reported: one report at a time, bounded, honest about drops.
///
/// Performs no I/O. A report that was not answered goes out again as it was, under its number, so
/// that a node that has it counts it once. Another node does not know that: after a failover what
/// was in one report may be counted twice, which `UsageStatistics.uncertain` tells. Users never are.
package struct UsageOutbox: Sendable {
    private let environment: EnvironmentID
    /// By which nodes tell clients apart.
    private let client: UInt64
    private var number: UInt64 = 0
    private var counts: [UsageCounter.Key: UsageCounts] = [:]
    private var desk = SketchDesk()
    private var dropped: UInt64 = 0
    /// When the first of what waits may have happened.
    private var start: Timestamp
    private var inFlight: UsageReport?
    /// The report that was not answered.
    private var unanswered: UsageReport?
    /// Whether another node was connected to since that went out first.
    private var isElsewhere = false
    /// The node that takes the reports.
    private var node = ""
    /// What became of what was reported.
    package private(set) var statistics = UsageStatistics()

    /// An outbox with nothing in it, for what happens from `start` on.
    ///
    /// - Parameter client: drawn at random, and not 0.
    package init(
        environment: EnvironmentID,
        start: Timestamp,
        client: UInt64 = .random(in: 1 ... .max)
    ) {
        self.environment = environment
        self.client = client
        self.start = start
    }

    /// Whether a report is under way.
    package var isReporting: Bool { self.inFlight != nil }

    /// Adds what a recorder has counted.
    package mutating func add(_ drained: UsageCounter.Drained) {
        for (key, counts) in drained.counts { self.add(key, counts) }
        for (use, registers) in drained.sketches {
            guard let sketch = HyperLogLog(registers: registers) else { continue }
            let hasRoom = self.desk.add(
                UsageSketch(
                    environment: self.environment,
                    flag: use.flag,
                    variation: use.variation,
                    registers: sketch.sparse
                )
            )
            if !hasRoom { self.drop(1) }
        }
        self.drop(drained.dropped)
    }

    /// Takes out the next report; `nil` while one is under way, or when there is nothing to say.
    ///
    /// Tell what became of it: ``delivered(_:)``, ``refused()`` or ``failed()``.
    package mutating func next(now: Timestamp) -> UsageReport? {
        guard self.inFlight == nil else { return nil }
        if let unanswered {
            if self.isElsewhere { self.statistics.uncertain &+= unanswered.total }
            self.isElsewhere = false
            self.unanswered = nil
            self.inFlight = unanswered
            return unanswered
        }
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
        self.number += 1
        let report = UsageReport(
            environment: self.environment,
            start: self.start,
            entries: entries,
            sketches: sketches,
            dropped: self.dropped,
            client: self.client,
            number: self.number
        )
        self.dropped = 0
        self.isElsewhere = false
        if self.counts.isEmpty { self.start = now }
        self.inFlight = report
        return report
    }

    /// The node has taken the report in.
    package mutating func delivered(_ receipt: UsageReceipt) {
        guard let report = self.inFlight else { return }
        self.inFlight = nil
        let sum = report.total
        self.statistics.reported &+= sum &- min(sum, receipt.dropped)
        self.statistics.dropped &+= receipt.dropped
    }

    /// The report did not arrive, as far as is known: the same goes out again.
    package mutating func failed() {
        self.unanswered = self.inFlight ?? self.unanswered
        self.inFlight = nil
    }

    /// No node will ever take the report: what it counted is lost.
    package mutating func refused() {
        guard let report = self.inFlight else { return }
        self.inFlight = nil
        self.drop(report.total)
        self.dropped &+= report.dropped
    }

    /// A node takes the reports, another one or the same: it is told of all users, since the last one may be lost with
    /// what it was told.
    package mutating func reconnected(to node: String) {
        if node != self.node { self.isElsewhere = true }
        self.node = node
        self.desk.repeatAll()
    }

    /// Nothing is reported any more: what is left counts as dropped.
    package mutating func abandon() {
        for report in [self.inFlight, self.unanswered] { self.drop(report?.total ?? 0) }
        for counts in self.counts.values { self.drop(counts.total) }
        self.inFlight = nil
        self.unanswered = nil
        self.counts = [:]
        self.dropped = 0
    }

    private mutating func add(_ key: UsageCounter.Key, _ counts: UsageCounts) {
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

extension UsageReport {
    /// Evaluations and events that it counts.
    fileprivate var total: UInt64 { self.entries.reduce(0) { $0 &+ $1.counts.total } }
}
