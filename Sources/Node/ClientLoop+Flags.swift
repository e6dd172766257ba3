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

/// Flags and segments as they are or were, and what flags are for a context.
extension ClientLoop {
    func getFlag(_ call: ServerCall, _ request: GetFlagRequest) {
        guard request.asOf == .zero else {
            self.getPastFlag(call, request)
            return
        }
        guard let stored = self.store.flag(request.environment, request.key) else {
            call.end(.noFlag(request.key, request.environment))
            return
        }
        call.answer(GetFlagResponse(flag: stored.flag, revision: self.store.applied))
    }

    func listFlags(_ call: ServerCall, _ request: ListFlagsRequest) {
        let stored = self.store.flags(
            in: request.environment,
            includeArchived: request.includeArchived
        )
        guard let stored else {
            call.end(.noEnvironment(request.environment))
            return
        }
        let revision = self.store.applied
        let after = FlagKey(request.after)
        let page = AnswerPage(
            stored.lazy.map(\.flag).filter { request.after.isEmpty || $0.key > after },
            for: call
        ) { ListFlagsResponse(revision: revision, flags: [$0]) }
        call.answer(
            ListFlagsResponse(revision: revision, flags: page.elements, hasMore: page.hasMore)
        )
    }

    func segments(_ call: ServerCall, _ request: SegmentsRequest) {
        guard let segments = self.store.segments(in: request.environment) else {
            call.end(.noEnvironment(request.environment))
            return
        }
        let revision = self.store.applied
        let page = AnswerPage(
            segments.lazy.filter { request.after.isEmpty || $0.key > request.after },
            for: call
        ) { SegmentsResponse(revision: revision, segments: [$0]) }
        call.answer(
            SegmentsResponse(
                revision: revision,
                segments: page.elements,
                hasMore: page.hasMore
            )
        )
    }

    // MARK: Evaluation

    func evaluate(_ call: ServerCall, _ request: EvaluateRequest, body: [UInt8]) {
        guard !request.isLinearizable else {
            // The revision is found out here, so that whoever evaluates only has to have it.
            self.whenAnswerable(for: call) { revision in
                var fresh = request
                fresh.atLeast = max(request.atLeast, revision)
                fresh.isLinearizable = false
                self.evaluate(call, fresh, body: fresh.encode())
            }
            return
        }
        // The past is the same everywhere.
        guard request.asOf == .zero else {
            self.whenApplied(request.atLeast, for: call) { self.evaluatePast(request, for: call) }
            return
        }
        let isHere = request.region.isEmpty || request.region == self.surroundings.local.region
        guard !isHere else {
            self.evaluateHere(request, for: call)
            return
        }
        // Half of what is left, so that the evaluation can still be made here in time.
        let remaining = max(0, call.timeRemaining.nanoseconds / 2_000_000)
        let timeout = UInt32(
            min(remaining, Int64(NodeLimits.routeTimeoutMillisecondsMax))
        )
        self.ask(.routed(call, request)) { id in
            .route(
                RoutedCall(
                    call: id,
                    region: request.region,
                    body: body,
                    timeoutMilliseconds: timeout
                )
            )
        }
    }

    /// Evaluates on what this node has applied, once that is recent enough for the caller.
    func evaluateHere(_ request: EvaluateRequest, for call: ServerCall) {
        self.whenApplied(request.atLeast, for: call) {
            let response = EvaluateResponse(
                request,
                in: self.store,
                by: self.surroundings.local,
                now: Self.wallTime
            )
            call.answer(response)
        }
    }

    // MARK: The past

    private func getPastFlag(_ call: ServerCall, _ request: GetFlagRequest) {
        guard request.asOf <= self.store.applied else {
            call.end(.notYet(request.asOf, self.store.applied))
            return
        }
        self.readRecords(call, of: request.environment.organization) {
            ledger,
            revision throws(Status) in
            let flag = try Status.reading { () throws(LedgerError) in
                try ledger.flag(request.environment, request.key, asOf: request.asOf)
            }
            guard let flag else { throw .noFlag(request.key, request.environment) }
            return GetFlagResponse(flag: flag, revision: revision)
        }
    }

    private func evaluatePast(_ request: EvaluateRequest, for call: ServerCall) {
        guard request.asOf <= self.store.applied else {
            call.end(.notYet(request.asOf, self.store.applied))
            return
        }
        let node = self.surroundings.local
        let wallTime = Self.wallTime
        self.readRecords(call, of: request.environment.organization) {
            ledger,
            revision throws(Status) in
            let (past, then) = try Status.reading { () throws(LedgerError) in
                (
                    try ledger.contents(of: request.environment, asOf: request.asOf),
                    try ledger.time(of: request.asOf)
                )
            }
            let now = request.time ?? then ?? wallTime
            let rules = Ruleset(
                environment: request.environment,
                revision: request.asOf,
                flags: past.flags,
                segments: past.segments
            )
            let explanation = rules.explain(request.key, request.context, now: now)
            return EvaluateResponse(
                evaluation: explanation.evaluation,
                revision: revision,
                node: node.id.rawValue,
                region: node.region,
                routed: false,
                explanation: request.wantsExplanation ? explanation : nil
            )
        }
    }
}

extension Status {
    static func noFlag(_ key: FlagKey, _ environment: EnvironmentID) -> Status {
        Status(code: .notFound, message: "there is no flag \(key) in \(environment)")
    }

    static func notYet(_ asked: Revision, _ applied: Revision) -> Status {
        Status(
            code: .outOfRange,
            message: "revision \(asked) is in the future: this node is at \(applied)"
        )
    }
}
