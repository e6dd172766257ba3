package import Flags

extension AdministrationClient {
    /// What a followed environment tells.
    package enum News: Sendable {
        /// All flags, as they are at a revision: at the start, and after too long an absence.
        case snapshot([Flag], Revision)
        /// One change, each exactly once, in order.
        case change(Change)
    }

    /// Follows an environment across reconnects until `body` answers false.
    ///
    /// Begins with a snapshot, or with what changed after `basis`. Returns when the task is cancelled;
    /// throws when no node can be reached within the configured time, or the watch is refused.
    package func follow(
        _ environment: EnvironmentID,
        after basis: Revision? = nil,
        _ body: (News) throws -> Bool
    ) async throws {
        var receiver =
            basis.map { WatchReceiver(environment: environment, after: $0) }
            ?? WatchReceiver(environment: environment)
        let backoff = Backoff(millisecondsMin: 20, millisecondsMax: 1_000)
        var generator = SystemRandomNumberGenerator()
        var failures = 0
        while !Task.isCancelled {
            do {
                receiver.reopened()
                for try await event in try await self.watch(receiver.request) {
                    failures = 0
                    switch receiver.received(event) {
                    case .nothing, .advanced, .valuesChanged: continue
                    case .broken(let reason): throw BanderaError(.unavailable, reason)
                    case .replaced:
                        let ruleset = receiver.ruleset
                        guard try body(.snapshot(ruleset.flags, ruleset.revision)) else { return }
                    case .changed(let changes):
                        for change in changes {
                            guard try body(.change(change)) else { return }
                        }
                    }
                }
            } catch let error as BanderaError where error.code == .unavailable {
                // Opening has its own attempts and deadline; a watch that keeps breaking has this one.
                guard failures < ClientLimits.attemptsMax, !Task.isCancelled else { throw error }
            }
            failures += 1
            let pause = backoff.delay(after: failures, using: &generator)
            try? await Task.sleep(for: .milliseconds(pause))
        }
    }
}
