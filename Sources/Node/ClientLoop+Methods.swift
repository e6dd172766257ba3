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
    /// Finds the method, checks the caller's right to it, and serves it.
    func dispatch(_ call: ServerCall, _ request: Request) {
        do throws(Status) {
            guard let method = ClientMethod(rawValue: call.method) else {
                throw Status(
                    code: .unimplemented,
                    message: "this node has no method \(call.method)"
                )
            }
            let principal = try self.surroundings.access.principal(
                certificate: call.connection.identity,
                token: call.connection.settings.sessionToken
            )
            try self.serve(method, call, request, principal)
        } catch {
            call.end(error)
        }
    }

    private func serve(
        _ method: ClientMethod,
        _ call: ServerCall,
        _ request: Request,
        _ principal: Principal
    ) throws(Status) {
        let access = self.surroundings.access
        switch method {
        case .write:
            try access.check(principal, calls: method, on: nil)
            try self.write(call, request, principal)
        case .getFlag:
            let read = try decoded { () throws(WireError) in
                try GetFlagRequest.decode(request.body)
            }
            try access.check(principal, calls: method, on: read.environment)
            self.whenReadable(read.atLeast, read.isLinearizable, for: call) {
                self.getFlag(call, read)
            }
        case .listFlags:
            let read = try decoded { () throws(WireError) in
                try ListFlagsRequest.decode(request.body)
            }
            try access.check(principal, calls: method, on: read.environment)
            self.whenReadable(read.atLeast, read.isLinearizable, for: call) {
                self.listFlags(call, read)
            }
        case .history:
            let read = try decoded { () throws(WireError) in
                try HistoryRequest.decode(request.body)
            }
            try access.check(principal, calls: method, on: read.environment)
            self.whenReadable(read.atLeast, read.isLinearizable, for: call) {
                self.history(call, read)
            }
        case .evaluate:
            let read = try decoded { () throws(WireError) in
                try EvaluateRequest.decode(request.body)
            }
            try access.check(principal, calls: method, on: read.environment)
            self.evaluate(call, read, body: request.body)
        case .watch:
            let watch = try decoded { () throws(WireError) in
                try WatchRequest.decode(request.body)
            }
            try access.check(principal, calls: method, on: watch.environment)
            try self.openWatch(call, watch)
        case .status, .topology, .administer, .stateHash:
            try access.check(principal, calls: method, on: nil)
            try self.serveCluster(method, call, request)
        case .tenancy:
            try access.check(principal, calls: method, on: nil)
            let read = try decoded { () throws(WireError) in
                try TenancyRequest.decode(request.body)
            }
            call.answer(self.tenancy(read))
        default:
            throw Status(code: .unimplemented, message: "not served yet")
        }
    }

    /// What is about the nodes and not about flags; the caller may call it.
    private func serveCluster(
        _ method: ClientMethod,
        _ call: ServerCall,
        _ request: Request
    ) throws(Status) {
        switch method {
        case .status:
            self.ask(.status(call)) { .nodes($0) }
        case .topology:
            self.ask(.topology(call)) { .nodes($0) }
        case .administer:
            let change = try decoded { () throws(WireError) in
                try AdministerRequest.decode(request.body)
            }
            self.administer(call, change.command)
        case .stateHash:
            let digest = try decoded { () throws(WireError) in
                try StateHashRequest.decode(request.body)
            }
            try self.stateHash(call, digest)
        default:
            preconditionFailure("\(method) is not about the cluster")
        }
    }

    // MARK: Writes

    private func write(
        _ call: ServerCall,
        _ request: Request,
        _ principal: Principal
    ) throws(Status) {
        // Decoded here only to refuse what could never be applied; it travels as the bytes it is.
        let write = try decoded { () throws(WireError) in try WriteRequest.decode(request.body) }
        let surroundings = self.surroundings
        self.ask(.write(call)) { id in
            let command = LogCommand(
                origin: surroundings.local.id,
                incarnation: surroundings.incarnation,
                proposal: id.rawValue,
                time: WallClock.milliseconds(),
                actor: principal.actor,
                organization: "",
                request: request.body
            )
            return .submit(
                Submission(
                    call: id,
                    payload: command.encode(),
                    isRepeatable: write.session != .zero
                )
            )
        }
    }

    // MARK: Reads

    private func getFlag(_ call: ServerCall, _ request: GetFlagRequest) {
        guard let stored = self.store.flag(request.environment, request.key) else {
            call.end(
                Status(
                    code: .notFound,
                    message: "there is no flag \(request.key) in \(request.environment)"
                )
            )
            return
        }
        let response = GetFlagResponse(flag: stored.flag, revision: self.store.applied)
        call.answer(response)
    }

    private func listFlags(_ call: ServerCall, _ request: ListFlagsRequest) {
        let stored = self.store.flags(
            in: request.environment,
            includeArchived: request.includeArchived
        )
        guard let stored else {
            call.end(.noEnvironment(request.environment))
            return
        }
        let response = ListFlagsResponse(
            revision: self.store.applied,
            flags: stored.map(\.flag)
        )
        call.answer(response)
    }

    /// The rows are in the record store, which trails the state machine: it is read on its own
    /// thread, and only once it holds what this loop has already shown.
    private func history(_ call: ServerCall, _ request: HistoryRequest) {
        let limit =
            request.limit == 0
            ? NodeLimits.historyRowsMax : min(Int(request.limit), NodeLimits.historyRowsMax)
        let revision = self.store.applied
        let bound = NIOLoopBound(call, eventLoop: self.eventLoop)
        let promise = self.eventLoop.makePromise(of: HistoryResponse.self)
        let read = LedgerThread.Read(atLeast: revision) { ledger in
            promise.completeWith(
                Result {
                    HistoryResponse(
                        rows: try ledger.history(
                            request.environment,
                            request.key,
                            limit: limit
                        ),
                        revision: revision
                    )
                }
            )
        }
        self.surroundings.ledger.submit(.read(read))
        promise.futureResult.whenComplete { result in
            switch result {
            case .success(let response): bound.value.answer(response)
            case .failure(let error):
                bound.value.end(
                    Status(code: .unavailable, message: "the history cannot be read: \(error)")
                )
            }
        }
    }

    private func tenancy(_ request: TenancyRequest) -> TenancyResponse {
        let only = request.organization.isEmpty ? nil : request.organization
        return TenancyResponse(
            revision: self.store.applied,
            organizations: self.store.organizations.filter { only == nil || $0.id == only },
            environments: self.store.environments(of: only),
            plans: self.store.plans(of: only),
            companies: self.store.companies(of: only)
        )
    }

    // MARK: Evaluation

    private func evaluate(_ call: ServerCall, _ request: EvaluateRequest, body: [UInt8]) {
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
            let evaluation = self.store.evaluate(
                request.environment,
                request.key,
                request.context,
                now: Timestamp(milliseconds: WallClock.milliseconds())
            )
            let response = EvaluateResponse(
                evaluation: evaluation,
                revision: self.store.applied,
                node: self.surroundings.local.id.rawValue,
                region: self.surroundings.local.region,
                routed: false
            )
            call.answer(response)
        }
    }
}

/// Runs a decoder; what it refuses is the caller's mistake.
private func decoded<Message>(
    _ decode: () throws(WireError) -> Message
) throws(Status) -> Message {
    do throws(WireError) {
        return try decode()
    } catch {
        throw Status(code: .invalidArgument, message: "the request cannot be read: \(error)")
    }
}

extension ServerCall {
    /// Ends the call with its answer, or says that the answer is larger than the caller takes.
    func answer(_ message: some WireMessage) {
        let body = message.encode()
        let max = Int(self.connection.settings.frameBytesMax) - NodeLimits.answerOverheadBytesMax
        guard body.count <= max else {
            self.end(
                Status(
                    code: .resourceExhausted,
                    message: "the answer has \(body.count) bytes, but the caller takes "
                        + "\(max); ask for less, or watch the environment, which comes in parts"
                )
            )
            return
        }
        self.end(.ok, body: body)
    }
}

extension Status {
    static func noEnvironment(_ environment: EnvironmentID) -> Status {
        Status(code: .notFound, message: "there is no environment \(environment)")
    }
}
