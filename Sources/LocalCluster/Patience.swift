/// Waits for something to become true, for a bounded time, and says what it was when it did not.
package enum Patience {
    /// Asks `probe` until it gives a value; `what` completes the sentence "waited for …".
    package static func wait<Value: Sendable>(
        _ limit: Duration,
        for what: @autoclosure () -> String,
        every interval: Duration = LocalClusterLimits.pollInterval,
        _ probe: () async throws(LocalClusterError) -> Value?
    ) async throws(LocalClusterError) -> Value {
        let clock = ContinuousClock()
        let deadline = clock.now + limit
        while true {
            if let value = try await probe() { return value }
            guard clock.now < deadline, !Task.isCancelled else {
                throw LocalClusterError(.timedOut, "waited \(limit) in vain for \(what())")
            }
            // Not a guess at how long it takes: only the pause between two looks.
            try? await clock.sleep(for: interval)
        }
    }
}
