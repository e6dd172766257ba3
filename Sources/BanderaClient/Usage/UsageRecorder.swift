package import Flags
internal import Glibc
internal import Synchronization
internal import Usage

/// Counts evaluations and events from any thread, for the driver to report.
///
/// A thread counts in its own stripe, and in another one when that is taken: it never waits. What
/// cannot be counted is counted as dropped.
package final class UsageRecorder: Sendable {
    private final class Stripe: Sendable {
        let table = Mutex(UsageCounter())
    }

    private let stripes: [Stripe]
    /// Drawn at random: nobody outside can choose names that fall together.
    private let seed: UInt64
    private let dropped = Atomic<UInt64>(0)
    private let current = Mutex(UsageStatistics())

    /// A recorder that has counted nothing.
    package init() {
        self.stripes = (0..<ClientLimits.usageStripes).map { _ in Stripe() }
        self.seed = UInt64.random(in: .min ... .max)
    }

    /// What became of it all; written by the driver.
    package var statistics: UsageStatistics {
        get { self.current.withLock { $0 } }
        set { self.current.withLock { $0 = newValue } }
    }

    /// Counts an evaluation that gave `variation`, or none.
    package func evaluated(
        _ flag: FlagKey,
        _ variation: String?,
        _ context: borrowing EvaluationContext
    ) {
        self.count(flag, variation ?? "", context) { $0.evaluations &+= 1 }
    }

    /// Counts an event.
    package func happened(
        _ event: UsageEvent,
        _ flag: FlagKey,
        _ variation: String?,
        _ context: borrowing EvaluationContext
    ) {
        var counts = UsageCounts()
        switch event {
        case .view: counts.views = 1
        case .click: counts.clicks = 1
        case .error: counts.errors = 1
        case .conversion: counts.conversions = 1
        case .latency(let duration):
            let (seconds, attoseconds) = duration.components
            // What is negative, or longer than a month, is a clock that went wrong.
            guard (0..<2_592_000).contains(seconds), attoseconds >= 0 else { return self.drop() }
            counts.latencies = 1
            counts.latencyMicroseconds =
                UInt64(seconds) * 1_000_000 + UInt64(attoseconds / 1_000_000_000_000)
        case .feedback(let score):
            guard (0...5).contains(score) else { return self.drop() }
            counts.feedbacks = 1
            counts.feedbackThousandths = UInt64((score * 1_000).rounded())
        }
        self.count(flag, variation ?? "", context) { $0.add(counts) }
    }

    /// Takes out what all threads have counted, one stripe after the other.
    package func drain(_ take: (UsageCounter.Drained) -> Void) {
        for stripe in self.stripes { take(stripe.table.withLock { $0.drain() }) }
        var rest = UsageCounter.Drained()
        rest.dropped = self.dropped.exchange(0, ordering: .relaxed)
        if rest.dropped > 0 { take(rest) }
    }

    @inline(__always)
    private func count(
        _ flag: FlagKey,
        _ variation: String,
        _ context: borrowing EvaluationContext,
        _ change: (inout UsageCounts) -> Void
    ) {
        var hash = HyperLogLog.hash(flag.rawValue, seed: self.seed)
        hash = HyperLogLog.hash(variation, seed: hash)
        hash = HyperLogLog.hash(context.company, seed: hash)
        hash = HyperLogLog.hash(context.plan, seed: hash)
        hash = HyperLogLog.hash(context.role, seed: hash)
        hash = HyperLogLog.hash(context.region, seed: hash)
        var user: HyperLogLog.Position?
        if !context.targetingKey.isEmpty {
            user = HyperLogLog.Position(hash: HyperLogLog.hash(context.targetingKey))
        }
        // Threads' descriptors are pages apart: their page numbers tell threads apart.
        let thread = (UInt64(pthread_self()) >> 12) &* 0x9E37_79B9_7F4A_7C15
        let first = Int(truncatingIfNeeded: thread >> 32)
        for offset in 0..<self.stripes.count {
            let stripe = self.stripes[(first &+ offset) % self.stripes.count]
            let counted: Void? = stripe.table.withLockIfAvailable { table in
                table.count(flag, variation, context, hash: hash, user: user, change)
            }
            if counted != nil { return }
        }
        self.drop()
    }

    private func drop() { self.dropped.add(1, ordering: .relaxed) }
}
