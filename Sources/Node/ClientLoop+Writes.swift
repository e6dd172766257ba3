internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import Ledger
internal import NIOCore
internal import PeerProtocol
internal import Raft
internal import Replica
internal import Transport
internal import Wire

extension ClientLoop {
    /// Hands a write to the consensus loop, or says what it would change.
    func write(
        _ call: ServerCall,
        _ write: WriteRequest,
        body: [UInt8],
        _ caller: Caller
    ) throws(Status) {
        try write.command.checkOrigin()
        guard case .restoreFlag(let environment, let key, _, let from) = write.command else {
            try self.hand(on: write, body: body, call, caller)
            return
        }
        // What the flag was is in the records: nobody is trusted to say so.
        self.readPast(call, environment, key, at: from) { past throws(Status) in
            var restored = write
            restored.command = .restoreFlag(environment, key, FlagDefinition(past), from: from)
            try self.hand(on: restored, body: restored.encode(), call, caller)
        }
    }

    private func hand(
        on write: WriteRequest,
        body: [UInt8],
        _ call: ServerCall,
        _ caller: Caller
    ) throws(Status) {
        do throws(FlagsError) {
            try write.command.checkPatterns()
        } catch {
            throw Status(
                code: .invalidArgument,
                message: error.message,
                detail: ErrorDetail(reason: Refusal.Code.invalid.rawValue)
            )
        }
        guard !write.isDryRun else {
            call.answer(try self.preview(write, caller))
            return
        }
        let surroundings = self.surroundings
        let attempt = DeniedAttempt(
            actor: caller.actor,
            organization: MethodCall.write(write).namedOrganization,
            method: call.method,
            count: 1
        )
        // It travels as the bytes that the client packed.
        self.ask(.write(call, attempt)) { id in
            .submit(
                surroundings.submission(id, of: write, body: body, in: caller)
            )
        }
    }

    /// Hands `proceed` what a flag was at `revision`; ends the call with what it throws.
    private func readPast(
        _ call: ServerCall,
        _ environment: EnvironmentID,
        _ key: FlagKey,
        at revision: Revision,
        _ proceed: @escaping (Flag) throws(Status) -> Void
    ) {
        guard revision <= self.store.applied else {
            call.end(.notYet(revision, self.store.applied))
            return
        }
        self.readRecords(call, of: environment.organization) { ledger, _ throws(Status) in
            let flag = try Status.reading { () throws(LedgerError) in
                try ledger.flag(environment, key, asOf: revision)
            }
            guard let flag else {
                throw Status(
                    code: .notFound,
                    message: "there was no flag \(key) in \(environment) at revision \(revision)"
                )
            }
            return flag
        } then: { flag in
            do throws(Status) {
                try proceed(flag)
            } catch {
                call.end(error)
            }
        }
    }

    /// Judges a write on a copy of the state, which costs nothing, and says what it would change.
    private func preview(_ write: WriteRequest, _ caller: Caller) throws(Status) -> WriteResponse {
        var copy = self.store
        let stamp = CommandStamp(
            revision: Revision(copy.applied.rawValue + 1),
            time: Self.wallTime,
            actor: caller.actor,
            authority: caller.authority,
            token: caller.token,
            reason: write.reason,
            basedOn: write.basedOn
        )
        let applied = copy.apply(write.command, stamp: stamp)
        if case .refused(let refusal) = applied.outcome { throw Status(refusal) }
        return WriteResponse(
            revision: self.store.applied,
            previews: applied.effects.compactMap { WritePreview($0) }
        )
    }

    // MARK: What the node writes itself

    /// Writes the next batch of what was counted.
    func postUsage() {
        guard let write = self.surroundings.usage.next() else { return }
        let surroundings = self.surroundings
        self.ask(.usage) { id in
            .submit(
                surroundings.submission(
                    id,
                    of: write,
                    body: write.encode(),
                    in: Caller(node: surroundings.local.id.rawValue)
                )
            )
        }
    }

    /// Writes everything that was counted, because the node stops; waits no longer than a moment.
    func postLastUsage() -> EventLoopFuture<Void> {
        self.reportDeliveries()
        guard self.lastUsage == nil, !self.surroundings.usage.isEmpty else {
            return self.eventLoop.makeSucceededVoidFuture()
        }
        let promise = self.eventLoop.makePromise(of: Void.self)
        self.lastUsage = promise
        let bound = NIOLoopBound(self, eventLoop: self.eventLoop)
        let timeout = self.eventLoop.scheduleTask(in: NodeLimits.usageLastTimeout) {
            bound.value.endLastUsage()
        }
        promise.futureResult.whenComplete { _ in timeout.cancel() }
        // One that is being written already is answered too.
        self.postUsage()
        return promise.futureResult
    }

    /// Goes on to the next batch, unless nobody takes any.
    func continueLastUsage(after result: Reply.Result) {
        guard self.lastUsage != nil else { return }
        if case .judged = result, !self.surroundings.usage.isEmpty {
            self.postUsage()
        } else {
            self.endLastUsage()
        }
    }

    private func endLastUsage() {
        self.lastUsage?.succeed(())
        self.lastUsage = nil
    }

    /// Tells of the urgent changes whose delivery is known.
    func reportDeliveries() {
        guard self.hub.hasDeliveries else { return }
        self.hub.now = Self.wallTime
        for delivery in self.hub.takeDeliveries() { self.surroundings.usage.delivered(delivery) }
    }
}

extension ClientLoop.Surroundings {
    fileprivate func submission(
        _ id: CallID,
        of write: WriteRequest,
        body: [UInt8],
        in caller: Caller
    ) -> Submission {
        let command = LogCommand(
            origin: self.local.id,
            incarnation: self.incarnation,
            proposal: id.rawValue,
            time: WallClock.milliseconds(),
            actor: caller.actor,
            authority: caller.authority,
            token: caller.token ?? "",
            request: body
        )
        return Submission(
            call: id,
            payload: command.encode(),
            isRepeatable: write.session != .zero,
            isUrgent: write.command.isUrgent
        )
    }
}

extension Command {
    /// Refuses what only the cluster itself writes.
    fileprivate func checkOrigin() throws(Status) {
        switch self {
        case .recordSchedule, .advanceRelease, .recordUsage:
            throw Status(
                code: .permissionDenied,
                message: "only the cluster itself writes this; nobody has to ask for it",
                detail: ErrorDetail(reason: "permission_denied")
            )
        default:
            return
        }
    }
}

extension WritePreview {
    /// What an effect changes for people; `nil` for what is only counted.
    fileprivate init?(_ effect: Effect) {
        switch effect {
        case .flag(let row):
            self.init(
                kind: "flag",
                subject: row.after.key.rawValue,
                before: row.before?.document ?? .null,
                after: row.after.document
            )
        case .history(let row):
            self.init(
                kind: row.kind.rawValue,
                subject: row.subject,
                before: row.before,
                after: row.after
            )
        default:
            return nil
        }
    }
}
