package import Flags
internal import GRDB

/// Changes of a flag, newest first.
package struct HistoryPage: Hashable, Sendable {
    package let rows: [HistoryRow]
    /// Whether there are older ones before the last.
    package let hasMore: Bool
}

extension Ledger {
    /// The last changes of a flag, newest first; empty when there is no such flag.
    ///
    /// Rows hold only the fields that changed, so the states are found by going back from the flag
    /// as it is now. May be called from any thread.
    ///
    /// - Parameter revision: only changes before it; zero means from the newest on.
    package func history(
        _ environment: EnvironmentID,
        _ key: FlagKey,
        before revision: Revision = .zero,
        limit: Int
    ) throws(LedgerError) -> HistoryPage {
        let count = min(max(limit, 0), self.limits.historyRowsMax)
        return try self.read { database in
            guard let flag = try Self.flag(database, environment, key) else {
                return HistoryPage(rows: [], hasMore: false)
            }
            var history: [HistoryRow] = []
            var after = flag
            var past = PastFlag(flag)
            var row = try Self.historyRow(database, environment, key, flag.revision)
            while let current = row, history.count < count {
                var before: Flag?
                row = nil
                if try past.undo(current) {
                    // The row before says when and by whom this state was made.
                    row = try Self.historyRow(database, environment, key, past.revision)
                    guard let row else { throw Self.gap(past.revision) }
                    before = try past.flag(row)
                }
                if revision == .zero || after.revision < revision {
                    history.append(
                        try Self.row(current, in: environment, before: before, after: after)
                    )
                }
                if let before { after = before }
            }
            return HistoryPage(rows: history, hasMore: row != nil)
        }
    }

    /// The row with which the flag came to `revision`.
    static func historyRow(
        _ database: Database,
        _ environment: EnvironmentID,
        _ key: FlagKey,
        _ revision: Revision
    ) throws -> Row? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT * FROM release_history
                WHERE id >= ? AND id < ? AND organization = ? AND environment = ?
                    AND kind = 'flag' AND subject = ?
                """
        )
        let first = HistoryHeads.id(revision, 0)
        return try Row.fetchOne(
            statement,
            arguments: [
                Int64(bitPattern: first), Ledger.historyEnd(revision), environment.organization,
                environment.environment, key.rawValue,
            ]
        )
    }

    private static func row(
        _ row: Row,
        in environment: EnvironmentID,
        before: Flag?,
        after: Flag
    ) throws -> HistoryRow {
        let name = try row.text("action")
        guard let action = HistoryAction(rawValue: name) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "history action \(name)")
        }
        return HistoryRow(
            environment: environment,
            revision: try row.revision("revision"),
            time: try row.timestamp("time_ms"),
            actor: try row.text("actor"),
            action: action,
            reason: try row.text("reason"),
            before: before,
            after: after
        )
    }
}
