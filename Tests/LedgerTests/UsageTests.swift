import FlagStore
import Flags
import Ledger
import Testing
import Usage

@Suite struct UsageTests {
    private struct Key: Hashable, Comparable {
        var start: Int64
        var variation: String
        var value: String

        static func < (lhs: Key, rhs: Key) -> Bool {
            (lhs.start, lhs.variation, lhs.value) < (rhs.start, rhs.variation, rhs.value)
        }
    }

    @Test func sumsAreThoseOfAllThatWasReported() throws {
        let seed: UInt64 = 51
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var wanderer = Wanderer(seed: seed)
        for _ in 0..<400 { wanderer.step() }
        let records = wanderer.log.pending
        try wanderer.log.record(in: ledger)
        let clock = wanderer.log.store.time
        for resolution in UsageResolution.allCases {
            for dimension in UsageDimension.allCases {
                let selection = UsageSelection(
                    environment: RecordedLog.production,
                    flag: "a",
                    from: Timestamp(milliseconds: .min),
                    to: Timestamp(milliseconds: .max),
                    resolution: resolution,
                    dimension: dimension
                )
                let expected = Self.sums(of: records, selection, at: clock)
                let page = try ledger.usage(selection)
                let keys = page.rows.map {
                    Key(start: $0.start.milliseconds, variation: $0.variation, value: $0.value)
                }
                #expect(keys == expected.keys.sorted(), "seed \(seed), \(resolution) \(dimension)")
                #expect(page.rows.map(\.counts) == keys.compactMap { expected[$0] }, "seed \(seed)")
                #expect(!page.isCut && page.revision == wanderer.log.store.applied)
            }
        }
    }

    private static func sums(
        of records: [LedgerRecord],
        _ selection: UsageSelection,
        at clock: Timestamp
    ) -> [Key: UsageCounts] {
        var sums: [Key: UsageCounts] = [:]
        for record in records {
            for case .usage(let rows) in record.effects {
                for row in rows
                where row.environment == selection.environment
                    && row.flag.rawValue == selection.flag && row.dimension == selection.dimension
                {
                    let start = selection.resolution.start(of: row.start)
                    guard start >= selection.resolution.oldestKept(at: clock) else { continue }
                    let key = Key(
                        start: start.milliseconds,
                        variation: row.variation,
                        value: row.value
                    )
                    sums[key, default: UsageCounts()].add(row.counts)
                }
            }
        }
        return sums
    }

    @Test func rangesFlagsAndValuesAreSelected() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var desk = Desk()
        for minute in 0..<10 {
            for flag in ["a", "b"] {
                for value in ["x", "y"] { desk.report(flag, value, minute) }
            }
        }
        try desk.log.record(in: ledger)
        func rows(_ change: (inout UsageSelection) -> Void) throws -> [UsageRow] {
            var selection = desk.everything
            change(&selection)
            return try ledger.usage(selection).rows
        }
        #expect(try rows { _ in }.count == 40)
        #expect(try rows { $0.flag = "a" }.count == 20)
        #expect(try rows { ($0.flag, $0.value) = ("b", "y") }.count == 10)
        #expect(try rows { $0.dimension = .region }.isEmpty)
        let (from, to) = (desk.minute(2), desk.minute(4))
        let some = try rows { ($0.from, $0.to) = (from, to) }
        #expect(Set(some.map(\.start)) == [desk.minute(2), desk.minute(3)])
        // A period that began before `from` is not part of it.
        let late = Timestamp(milliseconds: from.milliseconds + 1)
        let rest = try rows { ($0.from, $0.to) = (late, to) }
        #expect(rest.count == 4 && rest.allSatisfy { $0.start == desk.minute(3) })
        #expect(try rows { ($0.from, $0.to) = (to, from) }.isEmpty)
        let hours = try rows { $0.resolution = .hour }
        #expect(hours.count == 4 && hours.allSatisfy { $0.counts.evaluations == 10 })
    }

    @Test func whatIsTooMuchIsCutAndSaysSo() throws {
        let folder = try TemporaryFolder()
        var limits = LedgerLimits()
        limits.usageRowsMax = 7
        let ledger = try folder.open(limits: limits)
        var desk = Desk()
        for minute in 0..<7 { desk.report("a", "x", minute) }
        try desk.log.record(in: ledger)
        #expect(try ledger.usage(desk.everything).isCut == false)
        desk.report("a", "y", 6)
        try desk.log.record(in: ledger)
        let page = try ledger.usage(desk.everything)
        #expect(page.isCut && page.rows.count == 7)
    }

    @Test func aSumThatDoesNotFitStaysAtTheGreatest() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var desk = Desk()
        for _ in 0..<3 { desk.report("a", "x", 0, count: .max) }
        try desk.log.record(in: ledger)
        let row = try #require(try ledger.usage(desk.everything).rows.first)
        #expect(row.counts.evaluations == UInt64(Int64.max))
    }

    @Test func whatIsOverIsForgottenAtOnceAndRemovedLittleByLittle() throws {
        let folder = try TemporaryFolder()
        var limits = LedgerLimits()
        limits.usageForgottenMin = 3
        let ledger = try folder.open(limits: limits)
        var desk = Desk()
        for minute in 0..<10 { desk.report("a", "x", minute) }
        try desk.log.record(in: ledger)
        let everything = desk.everything
        // Two days and an hour later no minute is kept; the hour and the day are.
        desk.log.apply(.openSession, after: 49 * 3_600_000)
        try desk.log.record(in: ledger)
        #expect(try ledger.usage(everything).rows.isEmpty)
        func stored() throws -> Int {
            try folder.count("SELECT count(*) FROM feature_usage WHERE resolution = 'minute'")
        }
        #expect(try stored() == 7)
        var hours = everything
        hours.resolution = .hour
        #expect(try ledger.usage(hours).rows.count == 1)
        for left in [4, 1, 0] {
            desk.log.apply(.openSession, after: 1)
            try desk.log.record(in: ledger)
            #expect(try stored() == left)
        }
    }

    @Test func whatWaitsToBeRemovedIsInNoDigest() throws {
        var limits = LedgerLimits()
        limits.usageForgottenMin = 1
        let folders = [try TemporaryFolder(), try TemporaryFolder()]
        let slow = try folders[0].open(limits: limits)
        let quick = try folders[1].open()
        var desk = Desk()
        for minute in 0..<10 { desk.report("a", "x", minute) }
        for wait: Int64 in [0, 200 * 86_400_000] {
            desk.log.apply(.openSession, after: 1 + wait)
            for ledger in [slow, quick] {
                try ledger.record(desk.log.pending, applied: desk.log.store.applied)
            }
            desk.log.pending = []
        }
        let left = try folders.map { try $0.count("SELECT count(*) FROM feature_usage") }
        #expect(left[1] < left[0])
        #expect(try slow.digest() == (try quick.digest()))
    }

    @Test func anHourHasOnlySoManyRowsOfRefusedCalls() throws {
        let folder = try TemporaryFolder()
        let ledger = try folder.open()
        var desk = Desk()
        for block in 0..<45 {
            var batch = UsageBatch(node: 1)
            batch.denied = (0..<250).map {
                DeniedAttempt(actor: "a\(block)-\($0)", organization: "", method: "m", count: 2)
            }
            desk.log.apply(.recordUsage(batch))
        }
        try desk.log.record(in: ledger)
        #expect(try folder.count("SELECT count(*) FROM denied_attempts") <= 10_001)
        let sum = try folder.count("SELECT sum(count) FROM denied_attempts")
        #expect(sum == 45 * 250 * 2)
    }
}

/// Reports of usage in one hour.
private struct Desk {
    var log: RecordedLog
    private let hour: Int64

    init() {
        self.log = RecordedLog.furnished()
        for key in ["a", "b"] {
            self.log.apply(.createFlag(RecordedLog.production, FlagDefinition(key: FlagKey(key))))
        }
        self.hour = UsageResolution.hour.start(of: self.log.store.time).milliseconds
    }

    var everything: UsageSelection {
        UsageSelection(
            environment: RecordedLog.production,
            from: self.minute(0),
            to: self.minute(60),
            resolution: .minute,
            dimension: .company
        )
    }

    func minute(_ minute: Int) -> Timestamp {
        Timestamp(milliseconds: self.hour + Int64(minute) * 60_000)
    }

    mutating func report(_ flag: String, _ value: String, _ minute: Int, count: UInt64 = 1) {
        var counts = UsageCounts()
        counts.evaluations = count
        let row = UsageRow(
            environment: RecordedLog.production,
            flag: FlagKey(flag),
            variation: "on",
            dimension: .company,
            value: value,
            start: self.minute(minute),
            counts: counts
        )
        self.log.apply(.recordUsage(UsageBatch(node: 1, rows: [row])))
    }
}
