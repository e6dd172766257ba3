internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import Replica
internal import Synchronization
internal import Usage

/// What a node counts until it is replicated: shared by its client loops, each of which adds to it
/// at once, so that a caller learns what there was no room for.
///
/// What it holds when the process is killed is lost: no more than some seconds' worth.
final class UsageDesk: Sendable {
    /// What is known of the delivery of an urgent change so far.
    private struct Delivery {
        var watchers: UInt64 = 0
        var acknowledged: UInt64 = 0
        var milliseconds: UInt32 = 0
        var loopCount = 0
    }

    private struct State {
        var aggregator: UsageAggregator
        var posting = UsagePosting()
        var deliveries: [Revision: Delivery] = [:]
        var reports = RecentReports()
        /// Whether it is known how an urgent change was delivered, and nobody was told.
        var hasDelivery = false
    }

    private let node: UInt64
    private let region: String
    /// How many client loops there are: each tells of every urgent change.
    private let loopCount: Int
    private let state: Mutex<State>

    init(node: UInt64, region: String, loopCount: Int) {
        self.node = node
        self.region = region
        self.loopCount = loopCount
        self.state = Mutex(State(aggregator: UsageAggregator(node: node)))
    }

    // MARK: What is counted

    /// Counts what an SDK reports; returns what there was no room for, or no flag.
    ///
    /// A variation that the flag does not have is counted as `UsageRow.others`: names that somebody
    /// makes up cost nothing. A report that was counted before is only answered.
    func report(_ report: UsageReport, _ store: FlagStore, now: Timestamp) -> UInt64 {
        let minute = UsageAggregator.minute(reported: report.start, now: now)
        let environment = report.environment
        let client = RecentReports.Client(environment: environment, number: report.client)
        // Looked up before the lock is taken.
        var names = VariationNames(store, environment)
        let entries = report.entries.map { ($0, names.known($0.flag, $0.variation)) }
        let sketches = report.sketches.compactMap { sketch -> UsageSketch? in
            guard sketch.environment == environment,
                let variation = names.known(sketch.flag, sketch.variation)
            else { return nil }
            var sketch = sketch
            sketch.variation = variation
            return sketch
        }
        return self.state.withLock { state in
            if report.client != 0, let answer = state.reports.answer(to: client, report.number) {
                return answer
            }
            var dropped: UInt64 = 0
            for (entry, variation) in entries {
                guard let variation else {
                    state.aggregator.drop(entry.counts.total)
                    dropped = dropped.addingCapped(entry.counts.total)
                    continue
                }
                let occasion = UsageAggregator.Occasion(entry, variation, in: environment)
                let lost = state.aggregator.add(occasion, entry.counts, at: minute)
                dropped = dropped.addingCapped(lost)
            }
            for sketch in sketches where !state.aggregator.add(sketch) {
                dropped = dropped.addingCapped(1)
            }
            state.aggregator.drop(min(report.dropped, NodeLimits.reportDroppedMax))
            if report.client != 0 {
                state.reports.counted(client, report.number, dropped: dropped, now: now)
            }
            return dropped
        }
    }

    /// Counts a call that was refused for lack of rights.
    func denied(_ attempt: DeniedAttempt) {
        self.state.withLock { $0.aggregator.add(attempt) }
    }

    /// Takes what one client loop knows of the delivery of an urgent change; the last loop's word
    /// completes the report.
    func delivered(_ delivery: UrgentDelivery) {
        self.state.withLock { state in
            var sum = state.deliveries[delivery.revision] ?? Delivery()
            sum.watchers += UInt64(delivery.watchers)
            sum.acknowledged += UInt64(delivery.acknowledged)
            sum.milliseconds = max(sum.milliseconds, delivery.milliseconds)
            sum.loopCount += 1
            state.deliveries[delivery.revision] = sum
            if sum.loopCount >= self.loopCount {
                self.complete(delivery.revision, &state)
            } else if state.deliveries.count > NodeLimits.deliveriesPendingMax,
                let oldest = state.deliveries.keys.min()
            {
                // A loop that was given a snapshot instead of the change never tells of it.
                self.complete(oldest, &state)
            }
        }
    }

    private func complete(_ revision: Revision, _ state: inout State) {
        guard let sum = state.deliveries.removeValue(forKey: revision) else { return }
        state.hasDelivery = true
        state.aggregator.add(
            DeliveryReport(
                alert: revision,
                delivery: Alert.Delivery(
                    region: self.region,
                    node: self.node,
                    watchers: UInt32(clamping: sum.watchers),
                    acknowledged: UInt32(clamping: sum.acknowledged),
                    milliseconds: sum.milliseconds
                )
            )
        )
    }

    // MARK: What is replicated

    /// What is to be written now, if anything.
    func next() -> WriteRequest? {
        self.state.withLock { state in
            let request = state.posting.next(&state.aggregator)
            if case .recordUsage(let batch)? = request?.command, !batch.deliveries.isEmpty {
                state.hasDelivery = false
            }
            return request
        }
    }

    /// Whether people wait for what is known: how an urgent change was delivered.
    var isPressing: Bool { self.state.withLock { $0.hasDelivery } }

    /// Whether more waits than one batch holds.
    var isBehind: Bool { self.state.withLock { $0.posting.isBehind } }

    /// Whether everything was replicated.
    var isEmpty: Bool {
        self.state.withLock { $0.posting.isEmpty && $0.aggregator.isEmpty }
    }

    /// Takes the answer to what `next` gave last.
    func answered(_ result: Reply.Result) {
        self.state.withLock { $0.posting.answered(result, &$0.aggregator) }
    }
}

/// Which names of variations may be counted apart.
private struct VariationNames {
    private let store: FlagStore
    private let environment: EnvironmentID
    /// What was asked last: reports name one flag after the other.
    private var last: (flag: FlagKey, variation: String, known: String?)?

    init(_ store: FlagStore, _ environment: EnvironmentID) {
        self.store = store
        self.environment = environment
    }

    /// The name, or the one for all others; `nil` when there is no such flag.
    mutating func known(_ flag: FlagKey, _ variation: String) -> String? {
        if let last, last.flag == flag, last.variation == variation { return last.known }
        var known: String?
        if let flag = self.store.flag(self.environment, flag)?.flag {
            let isIts =
                variation.isEmpty || flag.variations.contains { $0.name == variation }
            known = isIts ? variation : UsageRow.others
        }
        self.last = (flag, variation, known)
        return known
    }
}

extension UsageAggregator.Occasion {
    fileprivate init(
        _ entry: UsageReport.Entry,
        _ variation: String,
        in environment: EnvironmentID
    ) {
        self.init(
            environment: environment,
            flag: entry.flag,
            variation: variation,
            company: entry.company,
            plan: entry.plan,
            role: entry.role,
            region: entry.region
        )
    }
}

extension UInt64 {
    fileprivate func addingCapped(_ other: UInt64) -> UInt64 {
        let (sum, isOver) = self.addingReportingOverflow(other)
        return isOver ? .max : sum
    }
}
