internal import Synchronization

/// How many watches each organization with a quota has on this node, on all client loops together.
final class WatchCounts: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    /// Counts one more, unless that were more than `max`.
    func take(_ organization: String, max: Int) -> Bool {
        self.counts.withLock { counts in
            let count = counts[organization] ?? 0
            guard count < max else { return false }
            counts[organization] = count + 1
            return true
        }
    }

    /// One less.
    func giveBack(_ organization: String) {
        self.counts.withLock { counts in
            guard let count = counts[organization] else { return }
            counts[organization] = count > 1 ? count - 1 : nil
        }
    }
}
