internal import NIOCore

/// Writes that are begun at fixed times, however long those before take.
struct SteadyWrites {
    /// Clients without a write in flight.
    var resting: [WriteLoadCore.Client]
    /// When writes should have begun that found no client at rest.
    var waiting: [UInt64] = []
    var timer: RepeatedTask?
    let startedAt: UInt64
    /// When the next write is due.
    var due: UInt64
    let interval: UInt64

    /// Lets everything begin that is due.
    mutating func catchUp() {
        let now = BenchProcess.nanoseconds()
        while self.due <= now {
            self.waiting.append(self.due)
            self.due += self.interval
        }
    }
}

extension WriteLoadCore {
    /// Begins a write every so often, until ``endSteady()``.
    ///
    /// A write's time counts from when it should have begun: a server that stands still for a second
    /// makes all the writes of that second late, not one.
    func beginSteady(every interval: TimeAmount) -> EventLoopFuture<WriteOutcome> {
        // The last answer is that of the end itself.
        let future = self.begin(count: 1)
        self.steady = SteadyWrites(
            resting: self.clients,
            startedAt: BenchProcess.nanoseconds(),
            due: BenchProcess.nanoseconds(),
            interval: UInt64(interval.nanoseconds)
        )
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.steady?.timer = self.eventLoop.scheduleRepeatedTask(
            initialDelay: .zero,
            delay: min(interval, .milliseconds(1))
        ) { _ in
            bound.value.steady?.catchUp()
            bound.value.writeSteadily()
        }
        return future
    }

    /// Begins no more writes; what was measured is there once those in flight are over.
    func endSteady() {
        self.steady?.timer?.cancel()
        self.steady?.timer = nil
        self.finishSteady()
    }

    private func writeSteadily() {
        while let steady = self.steady, !steady.waiting.isEmpty, let client = steady.resting.last {
            self.steady?.resting.removeLast()
            let startedAt = self.steady?.waiting.removeFirst() ?? 0
            self.write(of: client, startedAt: startedAt) {
                self.steady?.resting.append(client)
                self.writeSteadily()
                self.finishSteady()
            }
        }
    }

    private func finishSteady() {
        guard let steady = self.steady, steady.timer == nil, steady.waiting.isEmpty,
            steady.resting.count == self.clients.count
        else { return }
        self.steady = nil
        self.outcome.seconds = Double(BenchProcess.nanoseconds() - steady.startedAt) / 1e9
        self.answered()
    }
}
