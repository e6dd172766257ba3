internal import ClientProtocol
internal import Flags
internal import Ledger
internal import NIOCore
internal import PeerProtocol
internal import Raft
internal import Replica
internal import Transport
internal import Wire

// MARK: - Linearizable reads

extension ClientLoop {
    /// Runs `proceed` once this node has applied `revision` and, if the read is linearizable,
    /// everything that was acknowledged before now.
    func whenReadable(
        _ revision: Revision,
        _ isLinearizable: Bool,
        for call: ServerCall,
        _ proceed: @escaping () -> Void
    ) {
        guard isLinearizable else {
            self.whenApplied(revision, for: call, proceed)
            return
        }
        self.whenAnswerable(for: call) { readable in
            self.whenApplied(max(revision, readable), for: call, proceed)
        }
    }

    /// Runs `proceed` with a revision that holds everything acknowledged before now.
    func whenAnswerable(for call: ServerCall, _ proceed: @escaping (Revision) -> Void) {
        self.ask(.read(call, proceed)) { .read($0) }
    }
}

// MARK: - The cluster itself

extension ClientLoop {
    /// Hands a change of the cluster to whoever leads.
    func administer(_ call: ServerCall, _ command: ClusterAction) {
        self.ask(.administer(call)) { .administer($0, command) }
    }

    /// Holds the recording, or digests what is recorded.
    func stateHash(_ call: ServerCall, _ request: StateHashRequest) throws(Status) {
        switch request {
        case .hold: try self.holdRecords(call)
        case .digest(let revision): self.digestRecords(call, at: revision)
        }
    }

    private func holdRecords(_ call: ServerCall) throws(Status) {
        guard self.recordHolds.count < NodeLimits.recordHoldsMax else {
            throw Status(
                code: .resourceExhausted,
                message: "too many comparisons of this node are going on; try again later",
                detail: ErrorDetail(
                    reason: "OVERLOADED",
                    retryAfterMilliseconds: NodeLimits.recordHoldRetryMilliseconds
                )
            )
        }
        let ledger = self.surroundings.ledger
        let id = ledger.nextHold()
        self.recordHolds.append(id)
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        self.eventLoop.scheduleTask(in: NodeLimits.recordHoldTimeout) {
            bound.value.recordHolds.removeAll { $0 == id }
            ledger.submit(.release(id))
        }
        let promise = self.eventLoop.makePromise(of: Revision.self)
        ledger.submit(.hold(LedgerThread.Hold(id: id) { promise.succeed($0) }))
        self.answer(call, promise.futureResult) { revision, node in
            StateHashResponse(revision: revision, hash: 0, node: node)
        }
    }

    private func digestRecords(_ call: ServerCall, at revision: Revision) {
        let promise = self.eventLoop.makePromise(of: UInt64.self)
        let hold = self.recordHolds.isEmpty ? nil : self.recordHolds.removeFirst()
        self.surroundings.ledger.submit(
            .digest(
                LedgerThread.Digest(hold: hold, revision: revision) {
                    promise.completeWith($0.mapError { $0 as any Error })
                }
            )
        )
        self.answer(call, promise.futureResult) { hash, node in
            StateHashResponse(revision: revision, hash: hash, node: node)
        }
    }

    private func answer<Value: Sendable>(
        _ call: ServerCall,
        _ future: EventLoopFuture<Value>,
        _ response: @escaping @Sendable (Value, UInt64) -> StateHashResponse
    ) {
        let node = self.surroundings.local.id.rawValue
        let bound = NIOLoopBound(call, eventLoop: self.eventLoop)
        future.whenComplete { result in
            switch result {
            case .success(let value): bound.value.answer(response(value, node))
            case .failure(let error): bound.value.end(Status(digest: error))
            }
        }
    }
}

extension Status {
    /// Why there is no digest.
    fileprivate init(digest error: any Error) {
        switch error as? LedgerThread.DigestFailure {
        case .passed(let recorded):
            self.init(
                code: .failedPrecondition,
                message: "this node has recorded up to revision \(recorded) already",
                detail: ErrorDetail(reason: "PASSED")
            )
        case .unreadable(let error):
            self.init(code: .dataLoss, message: "the records cannot be read: \(error)")
        case nil:
            self.init(code: .unavailable, message: "the records cannot be digested: \(error)")
        }
    }
}
