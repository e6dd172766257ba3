package import Checksum
package import Flags
internal import GRDB

/// Which rows of history are wanted.
package struct AuditSelection: Hashable, Sendable {
    /// Whose; empty means the platform's own rows only.
    package var organization: String
    /// The only environment; empty means all, and what belongs to none.
    package var environment: String
    /// `flag` or an `ObjectHistoryRow.Kind`; empty means all.
    package var kind: String
    /// The key or id of one thing; empty means all.
    package var subject: String
    /// Rows after the one with this id.
    package var after: UInt64
    /// At most so many rows; 0 means as many as the ledger gives at once.
    package var limit: Int

    /// Selects rows; by default all of an organization.
    package init(
        organization: String,
        environment: String = "",
        kind: String = "",
        subject: String = "",
        after: UInt64 = 0,
        limit: Int = 0
    ) {
        self.organization = organization
        self.environment = environment
        self.kind = kind
        self.subject = subject
        self.after = after
        self.limit = limit
    }
}

/// Rows of history, oldest first.
package struct AuditPage: Hashable, Sendable {
    /// The revision that the rows are complete up to, unless there are more.
    package let revision: Revision
    package let rows: [ChainedRow]
    /// Whether there are more after the last row.
    package let hasMore: Bool
}

extension Ledger {
    /// Rows of history exactly as they are recorded, oldest first, at most `historyRowsMax` and
    /// about `auditBytesMax` at once.
    ///
    /// Rows of one thing are found among all of its organization: those of a flag in a second when
    /// there are a million. May be called from any thread.
    package func audit(_ selection: AuditSelection) throws(LedgerError) -> AuditPage {
        let most = self.limits.historyRowsMax
        let count = selection.limit > 0 ? min(selection.limit, most) : most
        let bytesMax = self.limits.auditBytesMax
        return try self.read { database in
            let revision = try Self.applied(database)
            var page: [ChainedRow] = []
            var bytes = 0
            let (sql, arguments) = selection.query
            let statement = try database.cachedStatement(sql: sql)
            let rows = try Row.fetchCursor(statement, arguments: arguments)
            while let row = try rows.next() {
                guard page.count < count, bytes < bytesMax else {
                    return AuditPage(revision: revision, rows: page, hasMore: true)
                }
                let chained = try ChainedRow(row)
                bytes += chained.link.before.utf8.count + chained.link.after.utf8.count
                page.append(chained)
            }
            return AuditPage(revision: revision, rows: page, hasMore: false)
        }
    }
}

extension AuditSelection {
    fileprivate var query: (sql: String, arguments: StatementArguments) {
        var conditions = ["organization = ?", "id > ?"]
        var arguments: StatementArguments = [self.organization, Int64(clamping: self.after)]
        if !self.environment.isEmpty {
            conditions.append("environment = ?")
            arguments += [self.environment]
        }
        if !self.kind.isEmpty {
            conditions.append("kind = ?")
            arguments += [self.kind]
            // Word for word what the index of everything but flags is for.
            if self.kind != HistoryHeads.flagKind { conditions.append("kind <> 'flag'") }
        }
        if !self.subject.isEmpty {
            conditions.append("subject = ?")
            arguments += [self.subject]
        }
        let sql = """
            SELECT * FROM release_history WHERE \(conditions.joined(separator: " AND ")) ORDER BY id
            """
        return (sql, arguments)
    }
}

extension ChainedRow {
    init(_ row: Row) throws {
        let id = UInt64(bitPattern: try row.integer("id"))
        self.init(
            link: HistoryLink(
                id: id,
                revision: id >> 3,
                organization: try row.text("organization"),
                environment: try row.text("environment"),
                kind: try row.text("kind"),
                subject: try row.text("subject"),
                time: try row.integer("time_ms"),
                actor: try row.text("actor"),
                action: try row.text("action"),
                reason: try row.text("reason"),
                before: try row.text("old_value"),
                after: try row.text("new_value")
            ),
            previousHash: try row.text("previous_hash"),
            hash: try row.text("hash")
        )
    }
}
