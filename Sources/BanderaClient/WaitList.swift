internal import Flags
internal import NIOCore
internal import Synchronization

/// Callers that wait for the client to have got somewhere.
final class WaitList: Sendable {
    /// What is waited for.
    enum Goal: Sendable {
        /// A ruleset that came from the cluster.
        case live
        /// A ruleset of at least this revision.
        case revision(Revision)
        /// What the cluster says for the context of this number, or a later one.
        case context(UInt64)
    }

    private struct Waiter {
        let goal: Goal
        let continuation: CheckedContinuation<Result<Void, BanderaError>, Never>
    }

    private struct State {
        var waiters: [UInt64: Waiter] = [:]
        var nextID: UInt64 = 0
        var isLive = false
        var revision = Revision.zero
        var context: UInt64?
        var isShutDown = false

        func verdict(_ goal: Goal) -> Result<Void, BanderaError>? {
            if self.isShutDown {
                return .failure(BanderaError(.shutDown, "the client was shut down"))
            }
            switch goal {
            case .live: return self.isLive ? .success(()) : nil
            case .revision(let revision): return self.revision >= revision ? .success(()) : nil
            case .context(let number):
                guard let reached = self.context else { return nil }
                return reached >= number ? .success(()) : nil
            }
        }
    }

    private let state = Mutex(State())
    private let eventLoop: any EventLoop

    init(eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    /// Waits until the goal is reached, or throws `timedOut` or `shutDown`.
    func wait(for goal: Goal, timeout: Duration) async throws(BanderaError) {
        let id = self.state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let timer = self.eventLoop.scheduleTask(in: .milliseconds(timeout.wholeMilliseconds)) {
            self.resolve(id, BanderaError(.timedOut, "waited for \(timeout)"))
        }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let immediate = self.state.withLock { state -> Result<Void, BanderaError>? in
                    if let verdict = state.verdict(goal) { return verdict }
                    guard state.waiters.count < ClientLimits.waitersMax else {
                        return .failure(BanderaError(.refused, "too many callers wait"))
                    }
                    state.waiters[id] = Waiter(goal: goal, continuation: continuation)
                    return nil
                }
                if let immediate { continuation.resume(returning: immediate) }
                // The cancellation may have come before there was anything to resolve.
                if immediate == nil, Task.isCancelled {
                    self.resolve(id, BanderaError(.timedOut, "the wait was cancelled"))
                }
            }
        } onCancel: {
            self.resolve(id, BanderaError(.timedOut, "the wait was cancelled"))
        }
        timer.cancel()
        try result.get()
    }

    /// The client got to `revision`; `isLive` says that the cluster said so, `context` for which of
    /// the client's contexts.
    func reached(_ revision: Revision, isLive: Bool, context: UInt64?) {
        self.settle { state in
            state.revision = revision
            state.isLive = state.isLive || isLive
            state.context = context ?? state.context
        }
    }

    /// Nobody has to wait any longer.
    func shutDown() { self.settle { $0.isShutDown = true } }

    private func settle(_ change: (inout State) -> Void) {
        let settled = self.state.withLock { state in
            change(&state)
            var settled: [(Waiter, Result<Void, BanderaError>)] = []
            for (id, waiter) in state.waiters {
                guard let verdict = state.verdict(waiter.goal) else { continue }
                settled.append((waiter, verdict))
                state.waiters[id] = nil
            }
            return settled
        }
        for (waiter, verdict) in settled { waiter.continuation.resume(returning: verdict) }
    }

    private func resolve(_ id: UInt64, _ error: BanderaError) {
        let waiter = self.state.withLock { $0.waiters.removeValue(forKey: id) }
        waiter?.continuation.resume(returning: .failure(error))
    }
}
