package import ClientProtocol
internal import FlagStore
internal import Flags
package import Replica
package import Usage
internal import Wire

/// How what a node counted gets into the replicated state: batch after batch, each once.
///
/// Batches are written within a session of the node's own, so that one whose outcome is not known
/// is repeated and counted once. Only when the session is gone meanwhile (after an hour without a
/// leader) nobody can tell: then the batch counts as dropped, never twice. While there is no leader
/// one batch waits here and the aggregator fills up to its limits. Performs no I/O.
package struct UsagePosting: Sendable {
    private var session: Revision?
    private var sequence: UInt64 = 0
    /// What is being written.
    private var batch: UsageBatch?
    /// Whether an earlier try may have been written.
    private var mayBeLogged = false
    /// Whether an answer is awaited.
    private var isWaiting = false
    /// Whether there was more to write than went into the last batch, or nothing could be yet.
    package private(set) var isBehind = false

    package init() {}

    /// What is to be written now; `nil` when there is nothing, or an answer is awaited.
    package mutating func next(_ aggregator: inout UsageAggregator) -> WriteRequest? {
        guard !self.isWaiting, self.batch != nil || !aggregator.isEmpty else { return nil }
        self.isWaiting = true
        guard let session else {
            self.isBehind = true
            return WriteRequest(command: .openSession)
        }
        if self.batch == nil {
            self.batch = aggregator.drain()
            self.isBehind = !aggregator.isEmpty
            self.sequence += 1
        }
        guard let batch else { return nil }
        return WriteRequest(
            session: session,
            sequence: self.sequence,
            command: .recordUsage(batch)
        )
    }

    /// Whether nothing is being written.
    package var isEmpty: Bool { self.batch == nil }

    /// Takes the answer to what `next` gave last.
    package mutating func answered(
        _ result: Reply.Result,
        _ aggregator: inout UsageAggregator
    ) {
        self.isWaiting = false
        switch result {
        case .judged(.done(let revision)):
            if self.session == nil {
                self.session = revision
                self.sequence = 0
            } else {
                self.forgetBatch()
            }
        case .judged(.refused(let refusal)):
            let isSessionGone =
                refusal.code == .sessionExpired || refusal.code == .sequenceTooOld
            if isSessionGone { self.session = nil }
            if let batch {
                if isSessionGone, !self.mayBeLogged {
                    aggregator.putBack(batch)
                } else {
                    aggregator.drop(batch.total)
                }
            }
            self.forgetBatch()
        case .failed(let status) where status.code == .invalidArgument:
            // It can never be written: what comes after it must not wait for it.
            if let batch { aggregator.drop(batch.total) }
            self.forgetBatch()
        case .failed(let status):
            // The same again, under the same number.
            if self.batch != nil, status.code == .unknown { self.mayBeLogged = true }
        case .routed, .routeUnavailable, .readable, .administered:
            preconditionFailure("a batch of usage was answered with something else")
        }
    }

    private mutating func forgetBatch() {
        self.batch = nil
        self.mayBeLogged = false
    }
}

extension UsageBatch {
    /// How many evaluations and events it counts.
    fileprivate var total: UInt64 {
        self.rows.lazy.filter { $0.dimension == .total }.reduce(self.dropped) { sum, row in
            let (next, isOver) = sum.addingReportingOverflow(row.counts.total)
            return isOver ? .max : next
        }
    }
}
