internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import Replica
internal import Synchronization
internal import Usage

/// What a node counts until it is replicated: shared by its client loops, each of which adds to it
/// at once, so that a caller learns what there was no room for.
///
/// What it holds when the process ends is lost: no more than some seconds' worth.
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
    func report(_ report: UsageReport, _ store: FlagStore, now: Timestamp) -> UInt64 {
        let minute = UsageAggregator.minute(reported: report.start, now: now)
        let environment = report.environment
        // Looked up before the lock is taken.
        let entries = report.entries.map { entry in
            (entry, store.flag(environment, entry.flag) != nil)
        }
        let sketches = report.sketches.filter {
            $0.environment == environment && store.flag(environment, $0.flag) != nil
        }
        return self.state.withLock { state in
            var dropped: UInt64 = 0
            for (entry, isKnown) in entries {
                guard isKnown else {
                    state.aggregator.drop(entry.counts.total)
                    dropped = dropped.addingCapped(entry.counts.total)
                    continue
                }
                let occasion = UsageAggregator.Occasion(entry, in: environment)
                let lost = state.aggregator.add(occasion, entry.counts, at: minute)
                dropped = dropped.addingCapped(lost)
            }
            for sketch in sketches { state.aggregator.add(sketch) }
            state.aggregator.drop(report.dropped)
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
        self.state.withLock { $0.posting.next(&$0.aggregator) }
    }

    /// Takes the answer to what `next` gave last.
    func answered(_ result: Reply.Result) {
        self.state.withLock { $0.posting.answered(result, &$0.aggregator) }
    }
}

extension UsageAggregator.Occasion {
    fileprivate init(_ entry: UsageReport.Entry, in environment: EnvironmentID) {
        self.init(
            environment: environment,
            flag: entry.flag,
            variation: entry.variation,
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
