internal import FlagStore
internal import Flags
internal import GRDB
internal import Usage

/// What is counted, by period: minutes as they are reported, and the hours and days that they are in.
///
/// Nodes record in batches of their own, and must hold the same in the end. So each row is added to
/// all three resolutions when it comes, and nothing is added up later; and what is over is forgotten
/// by the store's clock for whoever reads, at once, while its rows are removed a few at a time.
extension Database {
    /// Adds what records counted, in order, each judged by the clock of its own command.
    func write(counted: [(effect: Effect, clock: Timestamp)]) throws {
        var denied = DeniedPeriods(self)
        for (effect, clock) in counted {
            switch effect {
            case .usage(let rows): try self.add(rows, at: clock)
            case .denied(let attempts, let time): try denied.add(attempts, at: time)
            default: preconditionFailure("nothing is counted by it")
            }
        }
    }

    private func add(_ rows: [UsageRow], at clock: Timestamp) throws {
        guard !rows.isEmpty else { return }
        var statement = try RowStatement(self, sql: Self.usageAddition)
        for resolution in UsageResolution.allCases {
            let oldest = resolution.oldestKept(at: clock)
            for row in rows {
                let start = resolution.start(of: row.start)
                // What would be forgotten at once is not written: a batch may end here or later.
                guard start >= oldest else { continue }
                statement.fill(row, in: resolution, from: start)
                try statement.run()
            }
        }
    }

    /// Removes rows of periods that are over at `clock`, at most `countMax` of each resolution.
    func forgetUsage(at clock: Timestamp, countMax: Int) throws {
        for resolution in UsageResolution.allCases {
            let statement = try self.cachedStatement(sql: Self.usageRemoval)
            let oldest = resolution.oldestKept(at: clock).milliseconds
            try statement.execute(arguments: [resolution.rawValue, oldest, countMax])
        }
        let statement = try self.cachedStatement(sql: Self.deniedRemoval)
        let oldest = DeniedPeriods.oldestKept(at: clock).milliseconds
        try statement.execute(arguments: [oldest, countMax])
    }

    private static let counters = [
        "evaluations", "views", "clicks", "errors", "conversions", "latencies", "latency_us",
        "feedbacks", "feedback_thousandths",
    ]

    /// A sum that does not fit stays at the greatest number, whatever was added in which order.
    private static let usageAddition: String = {
        let sums = Database.counters.map { counter in
            "\(counter) = min(\(counter), \(Int64.max) - excluded.\(counter)) + excluded.\(counter)"
        }
        return """
            INSERT INTO feature_usage VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET \(sums.joined(separator: ", "))
            """
    }()

    private static let usageKey =
        "resolution, start_ms, organization, environment, dimension, flag, variation, value"

    private static let usageRemoval = """
        DELETE FROM feature_usage WHERE (\(Database.usageKey)) IN
            (SELECT \(Database.usageKey) FROM feature_usage
            WHERE resolution = ? AND start_ms < ? LIMIT ?)
        """

    private static let deniedRemoval = """
        DELETE FROM denied_attempts WHERE (start_ms, organization, actor, method) IN
            (SELECT start_ms, organization, actor, method FROM denied_attempts
            WHERE start_ms < ? LIMIT ?)
        """
}

extension RowStatement {
    fileprivate mutating func fill(
        _ row: UsageRow,
        in resolution: UsageResolution,
        from start: Timestamp
    ) {
        self.text(resolution.rawValue)
        self.integer(start)
        self.text(row.environment.organization)
        self.text(row.environment.environment)
        self.text(row.dimension.rawValue)
        self.text(row.flag.rawValue)
        self.text(row.variation)
        self.text(row.value)
        for count in [
            row.counts.evaluations, row.counts.views, row.counts.clicks, row.counts.errors,
            row.counts.conversions, row.counts.latencies, row.counts.latencyMicroseconds,
            row.counts.feedbacks, row.counts.feedbackThousandths,
        ] {
            self.integer(Int64(clamping: count))
        }
    }
}
