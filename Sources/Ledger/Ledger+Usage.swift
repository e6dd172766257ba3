package import Flags
internal import GRDB
internal import Usage

/// Which usage is wanted.
package struct UsageSelection: Hashable, Sendable {
    package var environment: EnvironmentID
    /// The only flag; empty means all.
    package var flag: String
    /// The first period's beginning, inclusive.
    package var from: Timestamp
    /// Exclusive.
    package var to: Timestamp
    package var resolution: UsageResolution
    package var dimension: UsageDimension
    /// The only value of the dimension; empty means all.
    package var value: String

    /// Selects usage; by default everything together.
    package init(
        environment: EnvironmentID,
        flag: String = "",
        from: Timestamp,
        to: Timestamp,
        resolution: UsageResolution,
        dimension: UsageDimension = .total,
        value: String = ""
    ) {
        self.environment = environment
        self.flag = flag
        self.from = from
        self.to = to
        self.resolution = resolution
        self.dimension = dimension
        self.value = value
    }
}

/// What was used when, sorted by start, flag, variation and value.
package struct UsagePage: Hashable, Sendable {
    /// The revision that the rows are of.
    package let revision: Revision
    package let rows: [UsageRow]
    /// Whether there was more than `usageRowsMax`: ask for less.
    package let isCut: Bool
}

extension Ledger {
    /// What was used when, at most `usageRowsMax` rows.
    ///
    /// Periods that are over by the store's clock are not given, whether they have been removed or
    /// not. May be called from any thread.
    package func usage(_ selection: UsageSelection) throws(LedgerError) -> UsagePage {
        let most = self.limits.usageRowsMax
        return try self.read { database in
            let revision = try Self.applied(database)
            let periods = selection.periods(at: try Self.time(database))
            let statement = try database.cachedStatement(sql: selection.query)
            var page: [UsageRow] = []
            var start = periods.lowerBound
            // One search for each period, and retention leaves only some thousand of them.
            while start < periods.upperBound {
                let arguments = selection.arguments(start, limit: most + 1 - page.count)
                for row in try Row.fetchAll(statement, arguments: arguments) {
                    page.append(try selection.row(row))
                }
                guard page.count <= most else {
                    return UsagePage(revision: revision, rows: page.dropLast(), isCut: true)
                }
                start += selection.resolution.milliseconds
            }
            return UsagePage(revision: revision, rows: page, isCut: false)
        }
    }
}

extension UsageSelection {
    /// Far enough from what a number holds that periods can be counted without overflow.
    private static let timeMax: Int64 = 1 << 60

    /// The beginnings of the periods that are asked for and kept; reports may be a little ahead of
    /// the clock.
    fileprivate func periods(at clock: Timestamp) -> Range<Int64> {
        func bounded(_ time: Timestamp) -> Int64 {
            min(max(time.milliseconds, -Self.timeMax), Self.timeMax)
        }
        let length = self.resolution.milliseconds
        let now = Timestamp(milliseconds: bounded(clock))
        let last = self.resolution.start(of: now).milliseconds + UsageResolution.day.milliseconds
        let end = min(bounded(self.to), last)
        let from = max(bounded(self.from), self.resolution.oldestKept(at: now).milliseconds)
        var first = self.resolution.start(of: Timestamp(milliseconds: from)).milliseconds
        if first < from { first += length }
        return first..<max(first, end)
    }

    fileprivate var query: String {
        """
        SELECT * FROM feature_usage
        WHERE resolution = ? AND start_ms = ? AND organization = ? AND environment = ?
            AND dimension = ?\(self.flag.isEmpty ? "" : " AND flag = ?")\
        \(self.value.isEmpty ? "" : " AND value = ?")
        ORDER BY flag, variation, value LIMIT ?
        """
    }

    fileprivate func arguments(_ start: Int64, limit: Int) -> StatementArguments {
        var arguments: StatementArguments = [
            self.resolution.rawValue, start, self.environment.organization,
            self.environment.environment, self.dimension.rawValue,
        ]
        if !self.flag.isEmpty { arguments += [self.flag] }
        if !self.value.isEmpty { arguments += [self.value] }
        return arguments + [limit]
    }

    fileprivate func row(_ row: Row) throws -> UsageRow {
        func count(_ column: String) throws -> UInt64 {
            UInt64(clamping: try row.integer(column))
        }
        var counts = UsageCounts()
        counts.evaluations = try count("evaluations")
        counts.views = try count("views")
        counts.clicks = try count("clicks")
        counts.errors = try count("errors")
        counts.conversions = try count("conversions")
        counts.latencies = try count("latencies")
        counts.latencyMicroseconds = try count("latency_us")
        counts.feedbacks = try count("feedbacks")
        counts.feedbackThousandths = try count("feedback_thousandths")
        return UsageRow(
            environment: self.environment,
            flag: FlagKey(try row.text("flag")),
            variation: try row.text("variation"),
            dimension: self.dimension,
            value: try row.text("value"),
            start: try row.timestamp("start_ms"),
            counts: counts
        )
    }
}
