import BanderaClient
import ClientProtocol
import Flags
import Testing
import Usage

@Suite struct UsageOutboxTests {
    private var outbox = UsageOutbox(environment: acme, start: Timestamp(milliseconds: 1_000))

    private func drained(
        _ keys: Range<Int>,
        users: [String] = [],
        dropped: UInt64 = 0
    ) -> UsageCounter.Drained {
        let recorder = UsageRecorder()
        for index in keys {
            let context = EvaluationContext(targetingKey: "", company: "company-\(index)")
            recorder.evaluated(FlagKey("flag"), "on", context)
        }
        for user in users {
            recorder.evaluated(FlagKey("flag"), "on", EvaluationContext(targetingKey: user))
        }
        var all = UsageCounter.Drained()
        recorder.drain { part in
            all.counts += part.counts
            all.sketches += part.sketches
        }
        all.dropped = dropped
        return all
    }

    private func now(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1_000) }

    @Test mutating func nothingIsNoReport() {
        #expect(self.outbox.next(now: self.now(5)) == nil)
        #expect(!self.outbox.isReporting)
    }

    @Test mutating func aReportSaysSinceWhen() {
        _ = self.outbox.next(now: self.now(4))
        self.outbox.add(self.drained(0..<2, dropped: 3))
        let report = self.outbox.next(now: self.now(9))
        #expect(report?.start == self.now(4))
        #expect(report?.entries.map(\.company) == ["company-0", "company-1"])
        #expect(report?.dropped == 3)
        #expect(self.outbox.next(now: self.now(9)) == nil, "one at a time")
        self.outbox.delivered(UsageReceipt(dropped: 1))
        #expect(self.outbox.next(now: self.now(10)) == nil)
        var expected = UsageStatistics()
        (expected.reported, expected.dropped) = (1, 4)
        #expect(self.outbox.statistics == expected)
    }

    @Test("a node that has it already recognises it by its number")
    mutating func aReportThatFailedGoesOutAgainAsItWas() {
        self.outbox.reconnected(to: "a")
        self.outbox.add(self.drained(0..<1, users: ["ana"], dropped: 2))
        let lost = self.outbox.next(now: self.now(5))
        #expect(lost?.number == 1 && lost?.client != 0)
        self.outbox.add(self.drained(0..<1, users: ["ben"]))
        self.outbox.failed()
        self.outbox.reconnected(to: "a")
        #expect(self.outbox.next(now: self.now(10)) == lost)
        self.outbox.delivered(UsageReceipt(dropped: 0))
        let next = self.outbox.next(now: self.now(10))
        #expect(next?.number == 2 && next?.client == lost?.client)
        #expect(next?.entries.first { $0.company == "company-0" }?.counts.evaluations == 1)
        #expect(self.outbox.statistics.dropped == 2, "told once, whatever the attempts")
        #expect(self.outbox.statistics.uncertain == 0)
    }

    @Test mutating func whatAnotherNodeMayCountTwiceIsTold() {
        self.outbox.reconnected(to: "a")
        self.outbox.add(self.drained(0..<3))
        let lost = self.outbox.next(now: self.now(5))
        self.outbox.failed()
        self.outbox.reconnected(to: "b")
        #expect(self.outbox.next(now: self.now(10)) == lost)
        #expect(self.outbox.statistics.uncertain == 3)
        self.outbox.failed()
        #expect(self.outbox.next(now: self.now(11)) == lost)
        #expect(self.outbox.statistics.uncertain == 3)
    }

    @Test mutating func whatCannotBeReportedAnyMoreCountsAsDropped() {
        self.outbox.add(self.drained(0..<3))
        _ = self.outbox.next(now: self.now(5))
        self.outbox.add(self.drained(3..<5))
        self.outbox.abandon()
        #expect(self.outbox.statistics.dropped == 5 && self.outbox.statistics.reported == 0)
        #expect(self.outbox.next(now: self.now(6)) == nil)
    }

    @Test mutating func aReportThatNoNodeTakesDoesNotHoldTheOthersUp() {
        self.outbox.add(self.drained(0..<3))
        _ = self.outbox.next(now: self.now(5))
        self.outbox.refused()
        self.outbox.add(self.drained(0..<1))
        let next = self.outbox.next(now: self.now(6))
        #expect(next?.entries.count == 1 && next?.dropped == 3)
        #expect(self.outbox.statistics.dropped == 3)
    }

    @Test mutating func muchIsReportedInPortions() {
        let count = ClientLimits.usageEntriesPerReportMax * 2 + 5
        self.outbox.add(self.drained(0..<count))
        var seen: [String] = []
        while let report = self.outbox.next(now: self.now(5)) {
            #expect(report.entries.count <= ClientLimits.usageEntriesPerReportMax)
            seen += report.entries.map(\.company)
            self.outbox.delivered(UsageReceipt(dropped: 0))
        }
        #expect(seen.count == count && Set(seen).count == count)
    }

    @Test mutating func withoutANodeItKeepsABoundedNumberAndCountsTheRest() {
        var evaluations: UInt64 = 0
        for round in 0..<10 {
            let first = round * 3_000
            self.outbox.add(self.drained(first..<first + 3_000))
            evaluations += 3_000
        }
        var reported: UInt64 = 0
        var entries = 0
        while let report = self.outbox.next(now: self.now(50)) {
            reported += report.entries.reduce(report.dropped) { $0 + $1.counts.evaluations }
            entries += report.entries.count
            self.outbox.delivered(UsageReceipt(dropped: 0))
        }
        #expect(entries <= ClientLimits.usagePendingMax)
        #expect(reported == evaluations, "counted or said to be dropped")
    }

    @Test mutating func anotherNodeIsToldOfAllUsersOnceMore() {
        self.outbox.add(self.drained(0..<0, users: ["ana", "ben"]))
        let first = self.outbox.next(now: self.now(5))
        self.outbox.delivered(UsageReceipt(dropped: 0))
        #expect(self.outbox.next(now: self.now(6)) == nil)
        self.outbox.reconnected(to: "b")
        #expect(self.outbox.next(now: self.now(7))?.sketches == first?.sketches)
    }
}
