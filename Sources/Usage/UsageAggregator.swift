package import Flags

/// What a node counts between two of its batches: the reports of all its SDKs, added up.
///
/// Counted by flag, variation, minute and one dimension at a time. Everything is bounded
/// (``UsageLimits``); what there is no room for is counted in `dropped`. Performs no I/O and reads no
/// clock.
package struct UsageAggregator: Sendable {
    /// Who used a flag for what, as an SDK reports it; empty texts are not known.
    package struct Occasion: Hashable, Sendable {
        /// Where the flag lives.
        package var environment: EnvironmentID
        /// Which flag.
        package var flag: FlagKey
        /// Empty for evaluations that gave none.
        package var variation: String
        package var company: String
        package var plan: String
        package var role: String
        package var region: String

        package init(
            environment: EnvironmentID,
            flag: FlagKey,
            variation: String,
            company: String = "",
            plan: String = "",
            role: String = "",
            region: String = ""
        ) {
            self.environment = environment
            self.flag = flag
            self.variation = variation
            self.company = company
            self.plan = plan
            self.role = role
            self.region = region
        }
    }

    /// A flag's minute.
    struct Period: Hashable {
        var environment: EnvironmentID
        var flag: FlagKey
        var start: Timestamp
    }

    private let node: UInt64
    private var periods: [Period: UsagePeriod] = [:]
    /// Rows that wait, over all periods.
    package private(set) var pendingRows = 0
    /// The latest minute that was counted in: values seen in earlier ones are forgotten.
    private var latest = Timestamp(milliseconds: .min)
    private var sketches = SketchDesk()
    private var denied: [DeniedKey: UInt64] = [:]
    private var deliveries: [DeliveryReport] = []
    private var dropped: UInt64 = 0

    private struct DeniedKey: Hashable {
        var actor: String
        var organization: String
        var method: String
    }

    /// An aggregator of `node` that has counted nothing.
    package init(node: UInt64) { self.node = node }

    /// The minute to count a report in: the SDK's own when its clock and the report's age can be
    /// believed, else the node's.
    package static func minute(reported: Timestamp, now: Timestamp) -> Timestamp {
        let (age, isOver) = now.milliseconds.subtractingReportingOverflow(reported.milliseconds)
        let credible =
            -UsageLimits.reportAheadMillisecondsMax...UsageLimits.reportAgeMillisecondsMax
        let time = !isOver && credible.contains(age) ? reported : now
        return UsageResolution.minute.start(of: time)
    }

    /// Counts `counts` in the minute of `time`: once in all, and once by each dimension that is
    /// known.
    ///
    /// - Returns: what there was no room for.
    @discardableResult
    package mutating func add(
        _ occasion: Occasion,
        _ counts: UsageCounts,
        at time: Timestamp
    ) -> UInt64 {
        guard !counts.isEmpty else { return 0 }
        let period = Period(
            environment: occasion.environment,
            flag: occasion.flag,
            start: UsageResolution.minute.start(of: time)
        )
        let isFull =
            self.pendingRows > UsageLimits.rowsPendingMax - UsageDimension.allCases.count
            || self.periods[period] == nil && self.periods.count >= UsageLimits.periodsMax
        guard !isFull else {
            self.drop(counts.total)
            return counts.total
        }
        self.latest = max(self.latest, period.start)
        self.pendingRows += self.periods[period, default: UsagePeriod()].add(occasion, counts)
        return 0
    }

    /// Takes in who used a variation; only registers that grew will be replicated.
    package mutating func add(_ sketch: UsageSketch) { self.sketches.add(sketch) }

    /// Counts what an SDK had no room for.
    package mutating func drop(_ count: UInt64) {
        let (sum, isOver) = self.dropped.addingReportingOverflow(count)
        self.dropped = isOver ? .max : sum
    }

    /// Counts calls that were refused for lack of rights.
    package mutating func add(_ attempt: DeniedAttempt) {
        var key = DeniedKey(
            actor: attempt.actor,
            organization: attempt.organization,
            method: attempt.method
        )
        if self.denied[key] == nil, self.denied.count >= UsageLimits.deniedPendingMax - 1 {
            key = DeniedKey(actor: UsageRow.others, organization: "", method: UsageRow.others)
        }
        let (sum, isOver) = self.denied[key, default: 0].addingReportingOverflow(attempt.count)
        self.denied[key] = isOver ? .max : sum
    }

    /// Keeps how an alert was delivered for the next batch; the oldest gives way when there are too
    /// many.
    package mutating func add(_ delivery: DeliveryReport) {
        if self.deliveries.count >= UsageLimits.deliveriesPendingMax {
            self.deliveries.removeFirst()
        }
        self.deliveries.append(delivery)
    }

    /// Whether there is nothing to replicate.
    package var isEmpty: Bool {
        self.pendingRows == 0 && !self.sketches.isPending && self.denied.isEmpty
            && self.deliveries.isEmpty && self.dropped == 0
    }

    /// Takes out what is to be replicated next, earliest minutes first, in an order that does not
    /// depend on the order of the reports.
    ///
    /// Rows beyond `maxRows` stay for the next batch. Give a batch that came to nothing back with
    /// ``putBack(_:)``.
    package mutating func drain(maxRows: Int = UsageLimits.rowsPerBatchMax) -> UsageBatch {
        var batch = UsageBatch(node: self.node)
        let order = self.periods.filter { $0.value.hasRows }.keys.sorted {
            ($0.start, $0.environment, $0.flag) < ($1.start, $1.environment, $1.flag)
        }
        for period in order where batch.rows.count < maxRows {
            let rows = self.periods[period]?.take(maxRows - batch.rows.count, of: period) ?? []
            self.pendingRows -= rows.count
            batch.rows.append(contentsOf: rows)
        }
        // What an earlier minute has seen no longer bounds anything.
        let latest = self.latest
        self.periods = self.periods.filter { $0.value.hasRows || $0.key.start >= latest }
        batch.sketches = self.sketches.drain()
        batch.denied = self.denied
            .map { key, count in
                DeniedAttempt(
                    actor: key.actor,
                    organization: key.organization,
                    method: key.method,
                    count: count
                )
            }
            .sorted {
                ($0.actor, $0.organization, $0.method) < ($1.actor, $1.organization, $1.method)
            }
        self.denied = [:]
        batch.deliveries = self.deliveries
        self.deliveries = []
        batch.dropped = self.dropped
        self.dropped = 0
        return batch
    }

    /// Takes back a batch that was not replicated, to try again with what comes next.
    package mutating func putBack(_ batch: UsageBatch) {
        for row in batch.rows {
            let period = Period(environment: row.environment, flag: row.flag, start: row.start)
            guard self.pendingRows < UsageLimits.rowsPendingMax,
                self.periods[period] != nil || self.periods.count < UsageLimits.periodsMax
            else {
                if row.dimension == .total { self.drop(row.counts.total) }
                continue
            }
            self.pendingRows += self.periods[period, default: UsagePeriod()].add(row)
        }
        for sketch in batch.sketches { self.sketches.putBack(sketch) }
        for attempt in batch.denied { self.add(attempt) }
        for delivery in batch.deliveries { self.add(delivery) }
        self.drop(batch.dropped)
    }
}
