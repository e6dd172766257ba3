internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import Ledger
internal import NIOCore
internal import Transport
internal import Wire

extension ClientLoop {
    /// Finds the method, checks the caller's right to it, and serves it.
    func dispatch(_ call: ServerCall, _ request: Request) {
        var actor = "anonymous"
        var organization = ""
        do throws(Status) {
            guard let method = ClientMethod(rawValue: call.method) else {
                throw Status(
                    code: .unimplemented,
                    message: "this node has no method \(call.method)"
                )
            }
            let caller = try self.caller(of: call)
            actor = caller.actor
            let asked = try MethodCall(method, request.body)
            organization = asked.namedOrganization
            try self.surroundings.access.check(caller, makes: asked)
            try self.serve(asked, call, request, caller)
        } catch {
            if error.code == .permissionDenied || error.code == .unauthenticated {
                self.surroundings.usage.denied(
                    DeniedAttempt(
                        actor: actor,
                        organization: organization,
                        method: call.method,
                        count: 1
                    )
                )
            }
            call.end(error)
        }
    }

    /// Who makes a call, as the replicated state and the clock are now.
    func caller(of call: ServerCall) throws(Status) -> Caller {
        try self.surroundings.access.caller(
            certificate: call.connection.identity,
            token: call.connection.settings.sessionToken,
            store: self.store,
            now: Self.wallTime
        )
    }

    /// Serves what the caller may ask for.
    private func serve(
        _ asked: MethodCall,
        _ call: ServerCall,
        _ request: Request,
        _ caller: Caller
    ) throws(Status) {
        switch asked {
        case .write(let write):
            try self.write(call, write, body: request.body, caller)
        case .getFlag(let read):
            self.whenReadable(read.atLeast, read.isLinearizable, for: call) {
                self.getFlag(call, read)
            }
        case .listFlags(let read):
            self.whenReadable(read.atLeast, read.isLinearizable, for: call) {
                self.listFlags(call, read)
            }
        case .segments(let read):
            self.whenApplied(read.atLeast, for: call) { self.segments(call, read) }
        case .evaluate(let evaluate):
            self.evaluate(call, evaluate, body: request.body)
        case .watch(let watch):
            try self.openWatch(call, watch)
        case .history, .audit, .verifyHistory:
            self.serveHistory(asked, call)
        case .releases(let read):
            self.whenApplied(read.atLeast, for: call) { self.releases(call, read) }
        case .alerts(let read):
            self.whenApplied(read.atLeast, for: call) { self.alerts(call, read, caller) }
        case .reportUsage, .queryUsage, .metrics, .overview:
            self.serveUsage(asked, call, caller)
        case .tenancy(let read):
            call.answer(try self.tenancy(read, caller))
        case .whoAmI:
            call.answer(WhoAmIResponse(actor: caller.actor, authority: caller.authority))
        case .status:
            self.ask(.status(call)) { .nodes($0) }
        case .topology:
            self.ask(.topology(call)) { .nodes($0) }
        case .administer(let change):
            self.administer(call, change.command)
        case .stateHash(let digest):
            try self.stateHash(call, digest)
        }
    }
}

extension ServerCall {
    /// Ends the call with its answer, or says that the answer is larger than the caller takes.
    func answer(_ message: some WireMessage) {
        let body = message.encode()
        let max = self.answerBytesMax
        guard body.count <= max else {
            self.end(
                Status(
                    code: .resourceExhausted,
                    message: "the answer has \(body.count) bytes, but the caller takes "
                        + "\(max); ask for less, or take larger frames"
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
