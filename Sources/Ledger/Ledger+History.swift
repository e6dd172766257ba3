package import Flags
internal import FoundationEssentials
internal import GRDB

extension Ledger {
    /// The last changes of a flag, newest first; empty when there is no such flag.
    ///
    /// Rows hold only the fields that changed, so the states are found by going back from the flag
    /// as it is now. May be called from any thread.
    package func history(
        _ environment: EnvironmentID,
        _ key: FlagKey,
        limit: Int
    ) throws(LedgerError) -> [HistoryRow] {
        let count = min(max(limit, 0), self.limits.historyRowsMax)
        return try self.read { database in
            guard var flag = try Self.flag(database, environment, key) else { return [] }
            let decoder = JSONDecoder()
            var history: [HistoryRow] = []
            var row = try Self.historyRow(database, environment, key, flag.revision)
            while let current = row, history.count < count {
                let after = flag
                var before: Flag?
                row = nil
                let old = try current.text("old_value")
                if !old.isEmpty {
                    let fields = try decoder.decode(RecordedFields.self, from: Data(old.utf8))
                    fields.restore(&flag)
                    // The row before says when and by whom this state was made.
                    let previous = try current.revision("previous_revision")
                    row = try Self.historyRow(database, environment, key, previous)
                    if let row { try flag.setChange(row) }
                    before = flag
                }
                history.append(try Self.row(current, in: environment, before: before, after: after))
            }
            return history
        }
    }

    private static func historyRow(
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

extension Flag {
    /// Puts back what the change of history row `row` set.
    fileprivate mutating func setChange(_ row: Row) throws {
        self.updatedAt = try row.timestamp("time_ms")
        self.updatedBy = try row.text("actor")
        self.revision = try row.revision("revision")
    }
}
