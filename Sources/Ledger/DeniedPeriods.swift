internal import Flags
internal import GRDB
internal import Usage

/// Refused calls, counted by the hour: who asked for what of whom, how often.
///
/// Who has no rights chooses the names, so an hour has only so many rows; the calls beyond them are
/// counted together. Which rows these are depends on the order of the commands alone.
struct DeniedPeriods {
    private static let resolution = UsageResolution.hour
    /// Rows of one hour before all others are counted together.
    static let rowsPerHourMax = 10_000

    private let database: Database
    /// The hour that was written last, and how many rows it has.
    private var hour: (start: Timestamp, rows: Int)?

    init(_ database: Database) { self.database = database }

    /// The first hour that is kept at `clock`.
    static func oldestKept(at clock: Timestamp) -> Timestamp {
        Self.resolution.oldestKept(at: clock)
    }

    mutating func add(_ attempts: [DeniedAttempt], at time: Timestamp) throws {
        let start = Self.resolution.start(of: time)
        for attempt in attempts {
            let count = Int64(clamping: attempt.count)
            let key = [attempt.organization, attempt.actor, attempt.method]
            if try self.add(count, start, key, time) { continue }
            if try self.rows(of: start) < Self.rowsPerHourMax {
                try self.insert(count, start, key, time)
            } else {
                let others = [String](repeating: UsageRow.others, count: 3)
                if try !self.add(count, start, others, time) {
                    try self.insert(count, start, others, time)
                }
            }
        }
    }

    /// Adds to the row with the key; answers whether there is one.
    private func add(
        _ count: Int64,
        _ start: Timestamp,
        _ key: [String],
        _ time: Timestamp
    ) throws -> Bool {
        let statement = try self.database.cachedStatement(
            sql: """
                UPDATE denied_attempts
                SET count = min(count, \(Int64.max) - ?1) + ?1, last_ms = max(last_ms, ?2)
                WHERE start_ms = ?3 AND organization = ?4 AND actor = ?5 AND method = ?6
                """
        )
        let times: [any DatabaseValueConvertible] = [
            count, time.milliseconds, start.milliseconds,
        ]
        try statement.execute(arguments: StatementArguments(times) + StatementArguments(key))
        return self.database.changesCount > 0
    }

    private mutating func insert(
        _ count: Int64,
        _ start: Timestamp,
        _ key: [String],
        _ time: Timestamp
    ) throws {
        let statement = try self.database.cachedStatement(
            sql: "INSERT INTO denied_attempts VALUES (?, ?, ?, ?, ?, ?)"
        )
        try statement.execute(
            arguments: [start.milliseconds, key[0], key[1], key[2], count, time.milliseconds]
        )
        self.hour?.rows += 1
    }

    private mutating func rows(of start: Timestamp) throws -> Int {
        if let hour = self.hour, hour.start == start { return hour.rows }
        let statement = try self.database.cachedStatement(
            sql: "SELECT count(*) FROM denied_attempts WHERE start_ms = ?"
        )
        let rows = try Int.fetchOne(statement, arguments: [start.milliseconds]) ?? 0
        self.hour = (start, rows)
        return rows
    }
}
