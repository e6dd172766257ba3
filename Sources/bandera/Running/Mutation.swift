internal import BanderaClient
internal import ClientProtocol
internal import Flags

/// One change of one object: done, only tried, or refused with what came between.
struct Mutation: Sendable {
    /// In the infinitive, such as `create`.
    let action: String
    /// `flag` or an `ObjectHistoryRow.Kind`.
    let kind: String
    /// Its key or id.
    let name: String
    /// Whose it is; empty for the platform's own.
    let organization: String
    /// Where it lives; `nil` for what belongs to no environment.
    let environment: EnvironmentID?
    let command: Command
    /// What the history calls it, where that is not its name.
    var recordedName: String?
    /// The revision of it that the command was made from; `nil` when nothing was read before.
    var basis: Revision?

    /// A change of an environment's flag, segment or release.
    init(
        _ action: String,
        _ kind: String = "flag",
        _ name: String,
        in environment: EnvironmentID,
        _ command: Command
    ) {
        self.action = action
        self.kind = kind
        self.name = name
        self.organization = environment.organization
        self.environment = environment
        self.command = command
    }

    /// A change of what belongs to an organization as a whole.
    init(
        _ action: String,
        _ kind: String,
        _ name: String,
        of organization: String,
        _ command: Command
    ) {
        self.action = action
        self.kind = kind
        self.name = name
        self.organization = organization
        self.environment = nil
        self.command = command
    }

    /// Makes or tries the change, and answers what came of it; the revision of what was done.
    @discardableResult
    func run(in session: ClusterSession, on terms: WriteTerms) async throws -> Revision {
        let response = try await self.write(in: session, on: terms)
        if terms.isDryRun {
            session.answer(PreviewRendering.document(response))
        } else {
            session.answer(
                WriteRendering.document(
                    self.action,
                    self.kind,
                    self.name,
                    at: response.revision,
                    in: self.environment
                )
            )
        }
        return response.revision
    }

    /// Makes or tries the change; one that came too late is refused with what changed meanwhile.
    func write(in session: ClusterSession, on terms: WriteTerms) async throws -> WriteResponse {
        do throws(FlagsError) {
            try self.command.checkPatterns()
        } catch {
            throw CommandFailure.usage(error.message)
        }
        var terms = terms
        terms.basedOn = terms.basedOn ?? self.basis
        do throws(BanderaError) {
            return try await session.client.write(self.command, on: terms)
        } catch {
            guard error.code == .stale, let basis = terms.basedOn else { throw error }
            let rows = await self.changes(since: basis, in: session)
            throw CommandFailure(
                .failed,
                Texts.stale(self.action, self.kind, self.name, error.message)
                    + rows.map { "\n" + AuditRendering.line($0) }.joined(),
                next: Texts.nextStale(self.kind)
            )
        }
    }

    /// What was done to the object after `basis`; nothing when that cannot be found out.
    private func changes(since basis: Revision, in session: ClusterSession) async -> [AuditRow] {
        let request = AuditRequest(
            organization: self.organization,
            environment: self.environment?.environment ?? "",
            kind: self.recordedKind,
            subject: self.recordedName ?? self.name,
            after: AuditRow.lastID(of: basis),
            limit: ProgramLimits.staleRowsMax
        )
        return (try? await session.client.audit(request).rows) ?? []
    }

    /// A release is started upon its flag as that was seen.
    private var recordedKind: String {
        if case .startRelease = self.command { "flag" } else { self.kind }
    }

    /// Runs one command's only change: connects, makes it, answers.
    static func run(
        _ options: ConnectionOptions,
        doing what: String,
        on terms: WriteTerms,
        _ make: (ClusterSession) async throws -> Mutation
    ) async throws {
        try await ClusterSession.run(options, doing: what) { session in
            try await make(session).run(in: session, on: terms)
        }
    }
}

extension AuditRow {
    /// The id after which rows are later than `revision`.
    static func lastID(of revision: Revision) -> UInt64 {
        let (id, isOver) = revision.rawValue.multipliedReportingOverflow(by: 8)
        return isOver ? .max : id | 7
    }
}
