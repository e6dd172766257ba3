internal import FlagStore
package import Flags
internal import GRDB

/// What an environment held at an earlier revision.
package struct PastEnvironment: Hashable, Sendable {
    /// The revision that it is of.
    package let revision: Revision
    /// Sorted by key; archived ones too.
    package let flags: [Flag]
    /// Sorted by key.
    package let segments: [Segment]
}

extension Ledger {
    /// The flag as it was at `revision`; `nil` when it was not there yet.
    ///
    /// Undoes its changes since, one by one. Throws `outOfOrder` when the ledger is not there yet.
    /// May be called from any thread.
    package func flag(
        _ environment: EnvironmentID,
        _ key: FlagKey,
        asOf revision: Revision
    ) throws(LedgerError) -> Flag? {
        let path = self.path
        return try self.read { database in
            try Self.expect(revision, in: database, path: path)
            guard let flag = try Self.flag(database, environment, key) else { return nil }
            guard flag.revision > revision else { return flag }
            var past = PastFlag(flag)
            while past.revision > revision {
                let row = try Self.historyRow(database, environment, key, past.revision)
                guard let row else { throw Self.gap(past.revision) }
                guard try past.undo(row) else { return nil }
            }
            return try Self.flag(past, environment, key, in: database)
        }
    }

    /// The segment as it was at `revision`; `nil` when there was none.
    ///
    /// Throws `outOfOrder` when the ledger is not there yet. May be called from any thread.
    package func segment(
        _ environment: EnvironmentID,
        _ key: String,
        asOf revision: Revision
    ) throws(LedgerError) -> Segment? {
        let path = self.path
        return try self.read { database in
            try Self.expect(revision, in: database, path: path)
            let document = try String.fetchOne(
                database,
                sql: """
                    SELECT new_value FROM release_history
                    WHERE organization = ? AND environment = ? AND kind = 'segment'
                        AND kind <> 'flag' AND subject = ? AND id < ?
                    ORDER BY id DESC LIMIT 1
                    """,
                arguments: [
                    environment.organization, environment.environment, key,
                    Self.historyEnd(revision),
                ]
            )
            guard let document, !document.isEmpty else { return nil }
            return try Segment(document: try JSONReader.value(document))
        }
    }

    /// When the last change up to `revision` was made; `nil` when nothing was changed by then.
    ///
    /// May be called from any thread.
    package func time(of revision: Revision) throws(LedgerError) -> Timestamp? {
        try self.read { database in
            let row = try Row.fetchOne(
                database,
                sql: "SELECT time_ms FROM release_history WHERE id < ? ORDER BY id DESC LIMIT 1",
                arguments: [Self.historyEnd(revision)]
            )
            return try row?.timestamp("time_ms")
        }
    }

    /// The flags and segments of an environment as they were at `revision`.
    ///
    /// Undoes the organization's changes since, newest first. Throws `outOfOrder` when the ledger is
    /// not there yet, and `tooFarBack` when there are more than `historyUndoneMax` of them. May be
    /// called from any thread.
    package func contents(
        of environment: EnvironmentID,
        asOf revision: Revision
    ) throws(LedgerError) -> PastEnvironment {
        let (path, limits) = (self.path, self.limits)
        return try self.read { database in
            try Self.expect(revision, in: database, path: path)
            var undoing = try EnvironmentUndoing(database, environment)
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT * FROM release_history WHERE organization = ? AND id >= ?
                    ORDER BY id DESC
                    """,
                arguments: [environment.organization, Self.historyEnd(revision)]
            )
            var count = 0
            while let row = try rows.next() {
                count += 1
                guard count <= limits.historyUndoneMax else {
                    throw LedgerError(
                        .tooFarBack,
                        "\(path): more than \(limits.historyUndoneMax) changes lie between "
                            + "revision \(revision) and now: ask for single flags, or a later one"
                    )
                }
                if try row.text("environment") == environment.environment { try undoing.undo(row) }
            }
            return PastEnvironment(
                revision: revision,
                flags: try undoing.flags(in: database),
                segments: undoing.segments.values.sorted { $0.key < $1.key }
            )
        }
    }

    /// Says when and by whom `past` was made what it is.
    fileprivate static func flag(
        _ past: PastFlag,
        _ environment: EnvironmentID,
        _ key: FlagKey,
        in database: Database
    ) throws -> Flag {
        let row = try Self.historyRow(database, environment, key, past.revision)
        guard let row else { throw Self.gap(past.revision) }
        return try past.flag(row)
    }

    static func gap(_ revision: Revision) -> DatabaseError {
        DatabaseError(
            resultCode: .SQLITE_CORRUPT,
            message: "the history has no row of revision \(revision)"
        )
    }

    private static func expect(
        _ revision: Revision,
        in database: Database,
        path: String
    ) throws {
        let applied = try Self.applied(database)
        guard revision <= applied else { throw Self.notThereYet(revision, applied, path: path) }
    }
}

/// An environment that is being taken back, row by row.
private struct EnvironmentUndoing {
    private let environment: EnvironmentID
    private var current: [String: Flag] = [:]
    /// The flags that changed meanwhile.
    private var past: [String: PastFlag] = [:]
    private(set) var segments: [String: Segment] = [:]

    init(_ database: Database, _ environment: EnvironmentID) throws {
        self.environment = environment
        for flag in try Ledger.flags(database, in: environment) {
            self.current[flag.key.rawValue] = flag
        }
        for placed in try database.objects(FlagStoreContents.PlacedSegment.self)
        where placed.environment == environment {
            self.segments[placed.segment.key] = placed.segment
        }
    }

    /// Undoes the change that `row` tells of, the last one that has not been.
    mutating func undo(_ row: Row) throws {
        let subject = try row.text("subject")
        switch try row.text("kind") {
        case HistoryHeads.flagKind:
            var flag = self.past.removeValue(forKey: subject)
            if flag == nil { flag = self.current.removeValue(forKey: subject).map(PastFlag.init) }
            guard var flag, flag.revision == (try row.revision("revision")) else {
                throw Ledger.gap(try row.revision("revision"))
            }
            if try flag.undo(row) { self.past[subject] = flag }
        case ObjectHistoryRow.Kind.segment.rawValue:
            let old = try row.text("old_value")
            self.segments[subject] =
                old.isEmpty ? nil : try Segment(document: try JSONReader.value(old))
        default:
            break
        }
    }

    /// All flags, sorted by key.
    func flags(in database: Database) throws -> [Flag] {
        var flags = Array(self.current.values)
        for (key, past) in self.past {
            flags.append(try Ledger.flag(past, self.environment, FlagKey(key), in: database))
        }
        return flags.sorted { $0.key.rawValue < $1.key.rawValue }
    }
}
