package import Wire

/// How one attempt of a call went wrong.
package enum CallFailure: Equatable, Sendable {
    /// No connection: nothing was sent.
    case unreachable(String)
    /// TLS or the greeting failed: this side and that node do not accept each other.
    case rejected(String)
    /// The call ended with this status, said by the node or by the connection breaking.
    case ended(Status)
}

/// Decides where and when a call is tried again, and what to say when it is not.
///
/// A read is repeated freely. A write is repeated too, because a repetition has the same session and
/// sequence; but once an attempt may have reached the log, giving up means the outcome is unknown.
package struct CallPlan: Sendable {
    /// What follows a failed attempt.
    package enum Decision: Equatable, Sendable {
        /// Try this endpoint, not before this moment.
        case retry(endpoint: Int, at: Moment)
        /// Tell the caller.
        case giveUp(BanderaError)
    }

    private let isWrite: Bool
    private let endpointCount: Int
    private let deadline: Moment
    private let backoff: Backoff
    private var endpoint: Int
    private var attempts = 0
    /// Why a node did not accept us, if none has since.
    private var rejection: String?
    private var mayHaveHappened = false

    /// A plan for a call that starts at `first` of `endpointCount` endpoints.
    package init(
        isWrite: Bool,
        endpointCount: Int,
        first: Int,
        deadline: Moment,
        backoff: Backoff = Backoff(millisecondsMin: 20, millisecondsMax: 500)
    ) {
        precondition(endpointCount > 0 && first >= 0 && first < endpointCount)
        self.isWrite = isWrite
        self.endpointCount = endpointCount
        self.endpoint = first
        self.deadline = deadline
        self.backoff = backoff
    }

    /// How long the next attempt may take: what is left, but for a reserve to ask another node.
    package func attemptTimeout(now: Moment) -> Int64 {
        let left = max(1, self.deadline - now)
        guard self.endpointCount > 1 else { return left }
        return min(left, max(1_000, left / 2))
    }

    /// The attempt failed: decides what follows.
    package mutating func failed(
        _ failure: CallFailure,
        now: Moment,
        using generator: inout some RandomNumberGenerator
    ) -> Decision {
        self.attempts += 1
        var asked: Int64 = 0
        switch failure {
        case .unreachable: break
        case .rejected(let message): self.rejection = self.rejection ?? message
        case .ended(let status):
            // Whoever answers calls has accepted us.
            self.rejection = nil
            guard Self.isTransient(status) else { return .giveUp(self.judgement(status)) }
            self.mayHaveHappened = self.mayHaveHappened || !Self.isCertainlyNotDone(status)
            asked = Int64(status.detail?.retryAfterMilliseconds ?? 0)
        }
        self.endpoint = (self.endpoint + 1) % self.endpointCount
        // The other nodes are asked at once; only a whole round of failures earns a pause.
        let rounds = self.attempts / self.endpointCount
        let isRoundOver = self.attempts % self.endpointCount == 0
        // Nodes of one cluster agree on whom to accept: asking again would give the same answer.
        if isRoundOver, let message = self.rejection {
            return .giveUp(self.final(.unauthorized, message))
        }
        let pause = isRoundOver ? self.backoff.delay(after: rounds, using: &generator) : 0
        let moment = now + max(pause, asked)
        guard moment < self.deadline, self.attempts < ClientLimits.attemptsMax else {
            return .giveUp(self.exhausted(failure))
        }
        return .retry(endpoint: self.endpoint, at: moment)
    }

    /// The caller stopped waiting.
    package func cancelled() -> BanderaError { self.final(.timedOut, "the call was cancelled") }

    private func exhausted(_ failure: CallFailure) -> BanderaError {
        switch failure {
        case .unreachable(let message), .rejected(let message):
            self.final(.unavailable, message)
        case .ended(let status) where status.code == .deadlineExceeded:
            self.final(.timedOut, Self.text(status, otherwise: "no answer in time"))
        case .ended(let status):
            self.final(.unavailable, Self.text(status, otherwise: "the node could not serve"))
        }
    }

    private func final(_ code: BanderaError.Code, _ message: String) -> BanderaError {
        guard self.isWrite, self.mayHaveHappened else { return BanderaError(code, message) }
        return BanderaError(.outcomeUnknown, "no node confirmed it in time: \(message)")
    }

    /// What a status that no repetition would change means to the caller.
    private func judgement(_ status: Status) -> BanderaError {
        let message = Self.text(status, otherwise: "\(status.code)")
        if Self.isSessionLost(status) {
            // The replicated memory of this write is gone: an earlier attempt may have been applied.
            return self.final(.sessionExpired, message)
        }
        return BanderaError(Self.code(of: status), message)
    }

    /// Whether the write's session is not known to the cluster any more.
    package static func isSessionLost(_ status: Status) -> Bool {
        status.detail?.reason.uppercased() == "SESSION_EXPIRED"
    }

    /// What kind of failure a final status is.
    package static func code(of status: Status) -> BanderaError.Code {
        if status.detail?.reason.uppercased() == "STALE" { return .stale }
        return switch status.code {
        case .unauthenticated, .permissionDenied: .unauthorized
        case .notFound: .notFound
        case .alreadyExists: .alreadyExists
        case .unavailable, .cancelled, .unknown: .unavailable
        case .deadlineExceeded: .timedOut
        case .unimplemented, .dataLoss, .internal: .protocolViolation
        default: .refused
        }
    }

    private static func isTransient(_ status: Status) -> Bool {
        switch status.code {
        case .unavailable, .deadlineExceeded, .cancelled, .unknown: true
        // A limit that passes says when; one of the tenant's own limits does not.
        case .resourceExhausted: (status.detail?.retryAfterMilliseconds ?? 0) > 0
        default: false
        }
    }

    /// Whether the node said that the write never reached the log.
    private static func isCertainlyNotDone(_ status: Status) -> Bool {
        switch status.detail?.reason.uppercased() {
        case "NO_LEADER", "NOT_LEADER", "OVERLOADED", "SHUTTING_DOWN", "QUOTA_EXCEEDED": true
        default: false
        }
    }

    private static func text(_ status: Status, otherwise fallback: String) -> String {
        status.message.isEmpty ? fallback : status.message
    }
}
