internal import Checksum
internal import ClientProtocol
internal import FlagStore
internal import Flags
internal import Ledger
internal import NIOCore
internal import PeerProtocol
internal import Raft
internal import Transport
internal import Wire

/// What the record store remembers.
///
/// It trails the state machine: it is read on threads of its own, and only once it holds what this
/// loop has already shown.
extension ClientLoop {
    func serveHistory(_ asked: MethodCall, _ call: ServerCall) {
        switch asked {
        case .history(let read):
            self.whenReadable(read.atLeast, read.isLinearizable, for: call) {
                self.history(call, read)
            }
        case .audit(let read):
            self.whenApplied(read.atLeast, for: call) { self.audit(call, read) }
        case .verifyHistory(let read):
            self.whenApplied(read.atLeast, for: call) { self.verifyHistory(call, read) }
        default:
            preconditionFailure("\(asked) is not about history")
        }
    }

    private func history(_ call: ServerCall, _ request: HistoryRequest) {
        let limit = NodeLimits.rows(request.limit)
        let bytesMax = min(call.answerBytesMax, NodeLimits.pageBytesMax)
        self.readRecords(call, of: request.environment.organization) {
            ledger,
            revision throws(Status) in
            let found = try Status.reading { () throws(LedgerError) in
                try ledger.history(
                    request.environment,
                    request.key,
                    before: request.before,
                    limit: limit
                )
            }
            let page = AnswerPage(found.rows, bytesMax: bytesMax) {
                HistoryResponse(rows: [$0], revision: revision)
            }
            return HistoryResponse(
                rows: page.elements,
                revision: revision,
                hasMore: page.hasMore || found.hasMore
            )
        }
    }

    private func audit(_ call: ServerCall, _ request: AuditRequest) {
        let selection = AuditSelection(
            organization: request.organization,
            environment: request.environment,
            kind: request.kind,
            subject: request.subject,
            after: request.after,
            limit: NodeLimits.rows(request.limit)
        )
        self.readRecords(call, of: request.organization) { ledger, revision throws(Status) in
            let page = try Status.reading { () throws(LedgerError) in
                try ledger.audit(selection)
            }
            return AuditResponse(
                revision: page.revision,
                rows: page.rows.map { AuditRow($0) },
                hasMore: page.hasMore
            )
        }
    }

    private func verifyHistory(_ call: ServerCall, _ request: VerifyHistoryRequest) {
        let node = self.surroundings.local.id.rawValue
        self.readRecords(call, of: request.organization) { ledger, revision throws(Status) in
            let found = try Status.reading { () throws(LedgerError) in
                try ledger.verifyHistory(
                    request.organization,
                    through: request.through > .zero ? request.through : nil
                )
            }
            return VerifyHistoryResponse(
                revision: found.revision,
                rows: found.rows,
                firstBad: found.firstBad ?? 0,
                head: found.head.description,
                node: node
            )
        }
    }

    /// Answers with what `read` finds in an organization's records, once the record store holds what
    /// was shown here.
    func readRecords<Response: WireMessage & Sendable>(
        _ call: ServerCall,
        of organization: String,
        _ read: @escaping @Sendable (Ledger, Revision) throws(Status) -> Response
    ) {
        self.readRecords(call, of: organization, read) { call.answer($0) }
    }

    /// Hands `proceed`, on this loop, what `read` finds in an organization's records, once the record
    /// store holds what was shown here; ends the call when that fails.
    func readRecords<Found: Sendable>(
        _ call: ServerCall,
        of organization: String,
        _ read: @escaping @Sendable (Ledger, Revision) throws(Status) -> Found,
        then proceed: @escaping (Found) -> Void
    ) {
        let revision = self.store.applied
        let ledger = self.surroundings.ledger
        guard ledger.reads.begin(organization) else {
            call.end(.tooManyReads)
            return
        }
        let ticket = RecordTicket()
        call.userState = ticket
        let promise = self.eventLoop.makePromise(of: Result<Found, Status>.self)
        let bound = NIOLoopBound((call, proceed), eventLoop: self.eventLoop)
        let job = LedgerThread.Read(atLeast: revision) { found in
            defer { ledger.reads.end(organization) }
            guard let found, ticket.isWaitedFor else {
                promise.succeed(.failure(.recordsClosed))
                return
            }
            do throws(Status) {
                promise.succeed(.success(try read(found, revision)))
            } catch {
                promise.succeed(.failure(error))
            }
        }
        promise.futureResult.whenSuccess { result in
            bound.value.0.userState = nil
            switch result {
            case .success(let found): bound.value.1(found)
            case .failure(let status): bound.value.0.end(status)
            }
        }
        if !ledger.submit(.read(job)) { job.perform(nil) }
    }
}

extension AuditRow {
    fileprivate init(_ row: ChainedRow) {
        let link = row.link
        self.init(
            id: link.id,
            revision: Revision(link.revision),
            organization: link.organization,
            environment: link.environment,
            kind: link.kind,
            subject: link.subject,
            time: Timestamp(milliseconds: link.time),
            actor: link.actor,
            action: link.action,
            reason: link.reason,
            before: link.before,
            after: link.after,
            previousHash: row.previousHash,
            hash: row.hash
        )
    }
}

extension NodeLimits {
    /// How many rows of history an answer has at most, as the caller asked or as the node allows.
    static func rows(_ limit: UInt32) -> Int {
        limit == 0 ? Self.historyRowsMax : min(Int(limit), Self.historyRowsMax)
    }
}

extension Status {
    fileprivate static let tooManyReads = Status(
        code: .unavailable,
        message: "too many reads of the records wait on this node; try again, or ask another node",
        detail: ErrorDetail(
            reason: "OVERLOADED",
            retryAfterMilliseconds: NodeLimits.recordReadRetryMilliseconds
        )
    )

    fileprivate static let recordsClosed = Status(
        code: .unavailable,
        message: "the record store of this node is being replaced, or the node stops; try again, "
            + "or ask another node",
        detail: ErrorDetail(
            reason: "RECORDS_CLOSED",
            retryAfterMilliseconds: NodeLimits.recordReadRetryMilliseconds
        )
    )

    /// Runs a read of the record store and words its failure.
    static func reading<Found>(
        _ read: () throws(LedgerError) -> Found
    ) throws(Status) -> Found {
        do throws(LedgerError) {
            return try read()
        } catch {
            let code: StatusCode = error.code == .tooFarBack ? .outOfRange : .unavailable
            throw Status(code: code, message: "the records cannot be read: \(error)")
        }
    }
}
