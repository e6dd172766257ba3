package import Flags

/// What a node counts between two of its batches: the reports of all its SDKs, added up.
///
/// Counted by flag, variation, minute and one dimension at a time. Everything is bounded
/// (``UsageLimits``), for each organization on its own, so that none takes the others' room; what
/// there is no room for is counted in `dropped`. Performs no I/O and reads no clock.
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
    /// By organization.
    private var shares: [String: UsageShare] = [:]
    /// Rows that wait, over all organizations.
    package private(set) var pendingRows = 0
    /// Flags and minutes that are counted, and sketches that are kept, over all organizations.
    private var periodCount = 0
    private var sketchCount = 0
    /// Whether sketches were passed on, and none was forgotten since.
    private var hasPassedOn = false
    /// The organization that was last given room in a batch: the next one comes first.
    private var servedLast = ""
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
        guard self.hasRoom(for: period, rows: UsageDimension.allCases.count) else {
            self.drop(counts.total)
            return counts.total
        }
        self.change(period.environment.organization) { $0.add(occasion, counts, in: period) }
        return 0
    }

    /// Whether the organization's share leaves room for some rows more.
    private func hasRoom(for period: Period, rows: Int) -> Bool {
        let share = self.shares[period.environment.organization]
        let free = UsageLimits.rowsPendingMax - self.pendingRows
        guard share?.pendingRows ?? 0 <= free - rows else { return false }
        return share?.isCounted(period) == true
            || share?.periodCount ?? 0 < UsageLimits.periodsMax - self.periodCount
    }

    /// Changes an organization's share in place, and what is known of all.
    private mutating func change<Found>(
        _ organization: String,
        _ body: (inout UsageShare) -> Found
    ) -> Found {
        let before = self.shares[organization]?.extent ?? UsageShare.Extent()
        let found = body(&self.shares[organization, default: UsageShare()])
        let after = self.shares[organization]?.extent ?? before
        self.pendingRows += after.rows - before.rows
        self.periodCount += after.periods - before.periods
        self.sketchCount += after.sketches - before.sketches
        return found
    }

    /// Takes in who used a variation; only registers that grew will be replicated.
    ///
    /// - Returns: whether there was room for it; if not, it counts as dropped.
    @discardableResult
    package mutating func add(_ sketch: UsageSketch) -> Bool {
        if self.keep(sketch) { return true }
        guard self.hasPassedOn else {
            self.drop(1)
            return false
        }
        self.hasPassedOn = false
        for organization in self.shares.keys {
            self.change(organization) { $0.sketches.forgetPassedOn() }
        }
        if self.keep(sketch) { return true }
        self.drop(1)
        return false
    }

    private mutating func keep(_ sketch: UsageSketch) -> Bool {
        let organization = sketch.environment.organization
        let own = self.shares[organization]?.sketches.count ?? 0
        let isTight = own >= UsageLimits.sketchesMax - self.sketchCount
        return self.change(organization) { $0.sketches.add(sketch, max: own + (isTight ? 0 : 1)) }
    }

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
        self.denied.isEmpty && self.deliveries.isEmpty && self.dropped == 0
            && !self.shares.values.contains(where: \.isPending)
    }

    /// Takes back a batch that was not replicated, to try again with what comes next.
    package mutating func putBack(_ batch: UsageBatch) {
        for row in batch.rows {
            let period = Period(environment: row.environment, flag: row.flag, start: row.start)
            guard self.hasRoom(for: period, rows: 1) else {
                if row.dimension == .total { self.drop(row.counts.total) }
                continue
            }
            self.change(row.environment.organization) { $0.add(row, in: period) }
        }
        for sketch in batch.sketches {
            self.change(sketch.environment.organization) { $0.sketches.putBack(sketch) }
        }
        for attempt in batch.denied { self.add(attempt) }
        for delivery in batch.deliveries { self.add(delivery) }
        self.drop(batch.dropped)
    }
}

// MARK: Draining

extension UsageAggregator {
    /// Takes out what is to be replicated next: of each organization the earliest minutes first, in
    /// an order that does not depend on the order of the reports.
    ///
    /// What does not fit into `maxRows` and `maxBytes` stays for the next batch; the organizations
    /// take turns. Give a batch that came to nothing back with ``putBack(_:)``.
    package mutating func drain(
        maxRows: Int = UsageLimits.rowsPerBatchMax,
        maxBytes: Int = UsageLimits.batchBytesMax
    ) -> UsageBatch {
        var batch = UsageBatch(node: self.node)
        var size = UsageBatchSize()
        self.drainDenied(into: &batch, &size)
        self.drainDeliveries(into: &batch, &size)
        batch.dropped = self.dropped
        self.dropped = 0
        let whole = UsageShare.Room(
            rows: maxRows,
            sketches: UsageLimits.sketchesPerBatchMax,
            registers: UsageLimits.registersPerBatchMax,
            bytes: maxBytes
        )
        self.drainShares(whole, into: &batch, &size)
        for organization in self.shares.keys { self.change(organization) { $0.forgetPast() } }
        self.shares = self.shares.filter { !$0.value.isForgotten }
        if !batch.sketches.isEmpty { self.hasPassedOn = true }
        return batch
    }

    /// Gives each organization as much room as every other, and what was not used to the first.
    private mutating func drainShares(
        _ whole: UsageShare.Room,
        into batch: inout UsageBatch,
        _ size: inout UsageBatchSize
    ) {
        let pending = self.shares.filter { $0.value.isPending }.keys.sorted()
        let next = pending.firstIndex { $0 > self.servedLast } ?? 0
        let order = pending[next...] + pending[..<next]
        var rest = whole
        for (index, organization) in order.enumerated() {
            guard index == 0 || rest.isEnough(after: batch, size) else {
                // Whoever comes next begins the next batch.
                return
            }
            let room = rest.turn(of: order.count, after: batch, size)
            self.drain(organization, room, &rest, into: &batch, &size)
            self.servedLast = organization
        }
        guard order.count > 1 else { return }
        for organization in order {
            self.drain(organization, rest, &rest, into: &batch, &size)
        }
    }

    private mutating func drain(
        _ organization: String,
        _ room: UsageShare.Room,
        _ rest: inout UsageShare.Room,
        into batch: inout UsageBatch,
        _ size: inout UsageBatchSize
    ) {
        let before = batch.sketches.count
        self.change(organization) { $0.drain(room, into: &batch, size: &size) }
        for sketch in batch.sketches[before...] { rest.registers -= sketch.registers.count }
    }

    private mutating func drainDenied(into batch: inout UsageBatch, _ size: inout UsageBatchSize) {
        let limit = size.bytes + UsageLimits.sideBytesPerBatchMax
        let order = self.denied.keys.sorted {
            ($0.actor, $0.organization, $0.method) < ($1.actor, $1.organization, $1.method)
        }
        for key in order {
            let attempt = DeniedAttempt(
                actor: key.actor,
                organization: key.organization,
                method: key.method,
                count: self.denied[key] ?? 0
            )
            guard size.admit(attempt, limit: limit) else { return }
            self.denied[key] = nil
            batch.denied.append(attempt)
        }
    }

    private mutating func drainDeliveries(
        into batch: inout UsageBatch,
        _ size: inout UsageBatchSize
    ) {
        let limit = size.bytes + UsageLimits.sideBytesPerBatchMax
        var count = 0
        for delivery in self.deliveries {
            guard size.admit(delivery, limit: limit) else { break }
            count += 1
        }
        batch.deliveries = Array(self.deliveries.prefix(count))
        self.deliveries.removeFirst(count)
    }
}
