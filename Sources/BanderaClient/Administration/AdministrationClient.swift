package import ClientProtocol
package import Flags
internal import NIOCore
internal import Synchronization
internal import Transport
internal import Wire

/// Asks a cluster to do and tell things: what the command-line program and the benches use.
///
/// Any node will do; a call that one cannot serve is repeated on another until its time is over.
/// Writes go out with a session and a sequence, so a repetition is applied once; a write whose fate
/// cannot be known fails with ``BanderaError/Code/outcomeUnknown``.
package final class AdministrationClient: Sendable {
    private struct State {
        var sessions = WriteSessions()
        /// The endpoint that answered last.
        var preferred = 0
    }

    private let configuration: AdministrationConfiguration
    private let endpoints: [Endpoint]
    private let pool: ConnectionPool
    private let state = Mutex(State())

    /// Reads the certificates; connects when the first call is made.
    package init(_ configuration: AdministrationConfiguration) throws(BanderaError) {
        guard !configuration.endpoints.isEmpty else {
            throw BanderaError(.invalidConfiguration, "endpoints is empty")
        }
        self.configuration = configuration
        let home = configuration.endpoints.filter { endpoint in
            !configuration.region.isEmpty && endpoint.region == configuration.region
        }
        self.endpoints = home + configuration.endpoints.filter { !home.contains($0) }
        let dialer = try Dialer(
            credentials: configuration.credentials,
            cluster: configuration.cluster,
            region: configuration.region,
            connectTimeout: min(configuration.timeout, .seconds(3))
        )
        self.pool = ConnectionPool(dialer: dialer, group: configuration.group)
    }

    // MARK: - Writes

    /// Makes a change; returns its revision once a majority has it on disk.
    package func write(
        _ command: Command,
        timeout: Duration? = nil
    ) async throws(BanderaError) -> Revision {
        try await self.write(command, on: WriteTerms(), timeout: timeout).revision
    }

    /// Makes a change on the terms, or only tries it; returns once a majority has it on disk.
    package func write(
        _ command: Command,
        on terms: WriteTerms,
        timeout: Duration? = nil
    ) async throws(BanderaError) -> WriteResponse {
        let deadline = self.deadline(timeout)
        var request = WriteRequest(
            command: command,
            reason: terms.reason,
            basedOn: terms.basedOn,
            isDryRun: terms.isDryRun
        )
        // What changes nothing may be repeated, and what opens a session has none yet. An emergency
        // does not wait behind ordinary writes for a session to be opened: repeated, it makes the
        // flag what it is already, and at worst raises a second alert. Upon a revision it would be
        // refused the second time. Going back to a revision could undo another's change instead.
        var needsNoSession = false
        if case .emergencyRollback = command { needsNoSession = terms.basedOn == nil }
        if command == .openSession || terms.isDryRun || needsNoSession {
            return try await self.send(request, until: deadline)
        }
        for _ in 0..<ClientLimits.sessionAttemptsMax {
            let lease = try await self.lease(until: deadline)
            request.session = lease.session
            request.sequence = lease.sequence
            do throws(BanderaError) {
                let response = try await self.send(request, until: deadline)
                self.state.withLock { $0.sessions.finished(lease) }
                return response
            } catch  where error.code == .sessionExpired {
                // The cluster forgot the session before it saw the write: another one will do.
            } catch {
                self.state.withLock { $0.sessions.finished(lease) }
                throw error
            }
        }
        throw BanderaError(.unavailable, "the cluster forgets its sessions: is it overloaded?")
    }

    private func lease(until deadline: Moment) async throws(BanderaError) -> WriteSessions.Lease {
        if let lease = self.state.withLock({ $0.sessions.lease() }) { return lease }
        let opening = WriteRequest(command: .openSession)
        let session = try await self.send(opening, until: deadline).revision
        return self.state.withLock { $0.sessions.opened(session) }
    }

    private func send(
        _ request: WriteRequest,
        until deadline: Moment
    ) async throws(BanderaError) -> WriteResponse {
        try await self.call(.write, request, until: deadline, as: WriteResponse.self)
    }

    // MARK: - Reads

    /// The flag named `key`, from a node that has applied `atLeast`.
    ///
    /// A linearizable read sees every change that was acknowledged to anybody before it began. With
    /// `asOf` it is the flag as it was then, as the history remembers it.
    package func getFlag(
        _ key: FlagKey,
        in environment: EnvironmentID,
        atLeast: Revision = .zero,
        isLinearizable: Bool = false,
        asOf: Revision = .zero
    ) async throws(BanderaError) -> GetFlagResponse {
        let request = GetFlagRequest(
            environment: environment,
            key: key,
            // A node that is behind waits until the past that is asked for is past there, too.
            atLeast: max(atLeast, asOf),
            isLinearizable: isLinearizable,
            asOf: asOf
        )
        return try await self.call(.getFlag, request, as: GetFlagResponse.self)
    }

    /// The flags of an environment, sorted by key, in as many portions as it takes.
    ///
    /// Each flag is at least as new as the answer's revision.
    package func listFlags(
        in environment: EnvironmentID,
        includeArchived: Bool = false,
        atLeast: Revision = .zero,
        isLinearizable: Bool = false
    ) async throws(BanderaError) -> ListFlagsResponse {
        let first = ListFlagsRequest(
            environment: environment,
            includeArchived: includeArchived,
            atLeast: atLeast,
            isLinearizable: isLinearizable
        )
        var rest = first
        rest.isLinearizable = false
        return try await self.portions(.listFlags, first, rest: rest, as: ListFlagsResponse.self)
    }

    /// What was done to a flag, newest first, in as many portions as it takes.
    ///
    /// - Parameters:
    ///   - revision: only what was done before it; zero means from the newest on.
    ///   - limit: at most so many rows; the answer says whether there are more.
    package func history(
        of key: FlagKey,
        in environment: EnvironmentID,
        before revision: Revision = .zero,
        limit: Int = .max,
        atLeast: Revision = .zero
    ) async throws(BanderaError) -> HistoryResponse {
        var request = HistoryRequest(
            environment: environment,
            key: key,
            limit: UInt32(clamping: limit),
            atLeast: atLeast,
            before: revision
        )
        var all = try await self.call(.history, request, as: HistoryResponse.self)
        request.atLeast = max(atLeast, all.revision)
        while all.rows.count < limit, let next = all.next {
            request.before = next
            request.limit = UInt32(clamping: limit - all.rows.count)
            let part = try await self.call(.history, request, as: HistoryResponse.self)
            request.atLeast = max(request.atLeast, part.revision)
            all.rows += part.rows
            all.hasMore = part.hasMore
        }
        return all
    }

    /// Lets a node evaluate, here or in the region that the request names.
    package func evaluate(
        _ request: EvaluateRequest
    ) async throws(BanderaError) -> EvaluateResponse {
        var request = request
        request.atLeast = max(request.atLeast, request.asOf)
        return try await self.call(.evaluate, request, as: EvaluateResponse.self)
    }

    /// The nodes, as the one that answers sees them.
    package func status() async throws(BanderaError) -> StatusResponse {
        try await self.call(.status, StatusRequest(), as: StatusResponse.self)
    }

    /// Where the nodes are, and how far from each other.
    package func topology() async throws(BanderaError) -> TopologyResponse {
        try await self.call(.topology, TopologyRequest(), as: TopologyResponse.self)
    }

    /// The tenants that the caller may see; all, or one organization's.
    ///
    /// With `companiesAfter`: only the companies after that one.
    package func tenancy(
        organization: String = "",
        companiesAfter: String = "",
        wantsCompanies: Bool = false
    ) async throws(BanderaError) -> TenancyResponse {
        let request = TenancyRequest(
            organization: organization,
            companiesAfter: companiesAfter,
            wantsCompanies: wantsCompanies
        )
        return try await self.call(.tenancy, request, as: TenancyResponse.self)
    }

    // MARK: - The cluster itself

    /// Changes who belongs to the cluster or who leads it; returns once the change is committed.
    ///
    /// Repeating it does no harm: what is so already is answered as done.
    package func administer(
        _ command: ClusterAction
    ) async throws(BanderaError) -> AdministerResponse {
        try await self.call(
            .administer,
            AdministerRequest(command),
            as: AdministerResponse.self
        )
    }

    /// Holds the recording of the node that answers, or digests what it has recorded.
    ///
    /// Only sensible with a client of one node, see ``AdministrationClient/only(_:timeout:)``.
    package func stateHash(
        _ request: StateHashRequest
    ) async throws(BanderaError) -> StateHashResponse {
        try await self.call(.stateHash, request, as: StateHashResponse.self)
    }

    /// A client of one node, with the same credentials; it is shut down on its own.
    package func only(
        _ endpoint: Endpoint,
        timeout: Duration? = nil
    ) throws(BanderaError) -> AdministrationClient {
        var configuration = self.configuration
        configuration.endpoints = [endpoint]
        configuration.timeout = min(timeout ?? configuration.timeout, configuration.timeout)
        return try AdministrationClient(configuration)
    }

    // MARK: - Watches

    /// Opens a watch on one node.
    ///
    /// It does not resume by itself: it ends when its connection does.
    package func watch(_ request: WatchRequest) async throws(BanderaError) -> WatchStream {
        try await self.attempt(isWrite: false, until: self.deadline(nil)) { connection, _ in
            try await WatchStream.open(on: connection, request: request)
        }
    }

    /// Closes the connections.
    ///
    /// Calls in flight fail, and so do later ones.
    package func shutdown() { self.pool.close() }
}

// MARK: - Attempts

extension AdministrationClient {
    private func deadline(_ timeout: Duration?) -> Moment {
        .now + (timeout ?? self.configuration.timeout).wholeMilliseconds
    }

    func call<Answer: WireMessage>(
        _ method: ClientMethod,
        _ request: some WireMessage,
        until deadline: Moment? = nil,
        as answer: Answer.Type
    ) async throws(BanderaError) -> Answer {
        let body = request.encode()
        let limit = deadline ?? self.deadline(nil)
        let isWrite = method == .write || method == .administer
        let bytes = try await self.attempt(isWrite: isWrite, until: limit) {
            (connection, timeout) in
            try await connection.unary(
                method.rawValue,
                body: body,
                timeout: .milliseconds(timeout)
            )
        }
        do throws(WireError) {
            return try Answer.decode(bytes)
        } catch {
            throw BanderaError(.protocolViolation, "\(method.rawValue): \(error.message)")
        }
    }

    /// Does `body` on one endpoint after the other as the plan says.
    private func attempt<Success: Sendable>(
        isWrite: Bool,
        until deadline: Moment,
        _ body: @Sendable (TransportConnection, Int64) async throws -> Success
    ) async throws(BanderaError) -> Success {
        var generator = SystemRandomNumberGenerator()
        var index = self.state.withLock { $0.preferred }
        var plan = CallPlan(
            isWrite: isWrite,
            endpointCount: self.endpoints.count,
            first: index,
            deadline: deadline
        )
        while true {
            let endpoint = self.endpoints[index]
            let failure: CallFailure
            do {
                let connection = try await self.pool.connection(to: endpoint)
                let success = try await body(connection, plan.attemptTimeout(now: .now))
                self.state.withLock { $0.preferred = index }
                return success
            } catch let error as BanderaError {
                throw error
            } catch let status as Status {
                failure = .ended(status)
            } catch {
                failure = CallFailure(error, dialing: endpoint)
            }
            switch plan.failed(failure, now: .now, using: &generator) {
            case .giveUp(let error):
                throw error
            case .retry(let next, let moment):
                index = next
                let pause = moment - Moment.now
                if pause > 0 { try? await Task.sleep(for: .milliseconds(pause)) }
            }
            if Task.isCancelled { throw plan.cancelled() }
        }
    }
}
