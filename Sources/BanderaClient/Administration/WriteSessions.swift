package import Flags

/// Which session and sequence each write goes out with, so that a repetition is applied once.
///
/// A session has one write in flight (dissertation §6.3), so concurrent writes lease different
/// sessions; a session is opened when a write finds none at rest. A write whose outcome stayed
/// unknown does not spoil its session: should it arrive after all, its sequence is too old.
package struct WriteSessions: Sendable {
    /// The right to send one write: the same for each of its attempts.
    package struct Lease: Hashable, Sendable {
        /// The session.
        package let session: Revision
        /// The write's number in it.
        package let sequence: UInt64

        /// The write numbered `sequence` of `session`.
        package init(session: Revision, sequence: UInt64) {
            self.session = session
            self.sequence = sequence
        }
    }

    /// Sessions without a write in flight, with the number of their next write.
    private var resting: [Lease] = []

    /// No session is open at first.
    package init() {}

    /// Takes a session for one write; `nil` means that one is to be opened first.
    package mutating func lease() -> Lease? { self.resting.popLast() }

    /// The first lease of a session that was just opened.
    package func opened(_ session: Revision) -> Lease { Lease(session: session, sequence: 1) }

    /// The write is over, whatever came of it.
    ///
    /// Not called for a session that the cluster forgot.
    package mutating func finished(_ lease: Lease) {
        guard self.resting.count < ClientLimits.sessionsRestingMax else { return }
        self.resting.append(Lease(session: lease.session, sequence: lease.sequence + 1))
    }

    /// How many sessions are at rest.
    package var restingCount: Int { self.resting.count }
}
