internal import NIOPosix
internal import Synchronization

/// A thread that works through items in order, taking at each turn everything that has gathered.
///
/// That is what makes one fdatasync or one transaction carry many: whatever arrives while the last
/// batch is being written goes together into the next one.
final class SerialWorker<Item: Sendable>: Sendable {
    private struct State {
        var items: [Item] = []
        var isRunning = false
        var isStopped = false
    }

    private let state = Mutex(State())
    private let pool = NIOThreadPool(numberOfThreads: 1)
    private let work: @Sendable ([Item]) -> Void

    /// - Parameter work: called on the thread, never twice at once.
    init(work: @escaping @Sendable ([Item]) -> Void) {
        self.work = work
        self.pool.start()
    }

    /// Whether it will be worked through: not once the worker was stopped.
    @discardableResult
    func submit(_ item: Item) -> Bool {
        let mustStart = self.state.withLock { state -> Bool? in
            guard !state.isStopped else { return nil }
            state.items.append(item)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard mustStart == true else { return mustStart != nil }
        self.pool.submit { [self] workState in
            guard case .active = workState else { return }
            self.run()
        }
        return true
    }

    /// Finishes what was submitted and ends the thread.
    ///
    /// Later submissions are dropped.
    func stop() async {
        self.state.withLock { $0.isStopped = true }
        // The pool has one thread: this runs after everything submitted before it.
        _ = try? await self.pool.runIfActive {}
        try? await self.pool.shutdownGracefully()
    }

    private func run() {
        while true {
            let items = self.state.withLock { state in
                let items = state.items
                state.items = []
                if items.isEmpty { state.isRunning = false }
                return items
            }
            guard !items.isEmpty else { return }
            self.work(items)
        }
    }
}
