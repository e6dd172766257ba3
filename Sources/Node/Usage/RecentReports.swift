package import Flags

/// The last report of each client that was counted a short while ago: the same report that comes
/// again, because its answer was lost, is recognised.
///
/// Bounded in number and time: whoever is forgotten may be counted twice. Performs no I/O.
package struct RecentReports: Sendable {
    /// A client of an environment.
    package struct Client: Hashable, Sendable {
        private let environment: EnvironmentID
        private let number: UInt64

        /// - Parameter number: what the client drew at random.
        package init(environment: EnvironmentID, number: UInt64) {
            self.environment = environment
            self.number = number
        }
    }

    private struct Last {
        let number: UInt64
        let dropped: UInt64
    }

    private var newer: [Client: Last] = [:]
    private var older: [Client: Last] = [:]
    /// When `newer` was begun.
    private var begun = Timestamp(milliseconds: 0)

    /// Nobody has reported.
    package init() {}

    /// What was answered when the client's report was counted; `nil` when that is not known.
    package func answer(to client: Client, _ number: UInt64) -> UInt64? {
        guard let last = self.newer[client] ?? self.older[client] else { return nil }
        // An earlier one was counted too: a client sends one at a time.
        return last.number < number ? nil : last.number == number ? last.dropped : 0
    }

    /// Remembers that the report was counted.
    package mutating func counted(
        _ client: Client,
        _ number: UInt64,
        dropped: UInt64,
        now: Timestamp
    ) {
        let age = now.milliseconds &- self.begun.milliseconds
        let isOld = !(0..<NodeLimits.recentReportsMilliseconds).contains(age)
        if isOld || self.newer.count >= NodeLimits.recentReportsMax {
            self.older = self.newer
            self.newer = [:]
            self.begun = now
        }
        self.newer[client] = Last(number: number, dropped: dropped)
    }
}
