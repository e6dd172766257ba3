import BanderaClient
import Flags
import Testing
import Usage

@Suite struct UsageRecorderTests {
    private let flag = FlagKey("search")

    private func context(_ user: String, company: String = "globex") -> EvaluationContext {
        EvaluationContext(targetingKey: user, company: company, plan: "gold")
    }

    private func drain(_ recorder: UsageRecorder) -> UsageCounter.Drained {
        var all = UsageCounter.Drained()
        recorder.drain { part in
            all.counts += part.counts
            all.sketches += part.sketches
            all.dropped += part.dropped
        }
        return all
    }

    @Test func whatIsTheSameIsCountedTogether() {
        let recorder = UsageRecorder()
        for index in 0..<10 {
            recorder.evaluated(self.flag, "on", self.context("user-\(index % 4)"))
        }
        recorder.evaluated(self.flag, nil, self.context("user-1"))
        recorder.evaluated(self.flag, "on", self.context("user-9", company: "initech"))
        let drained = self.drain(recorder)
        let counts = drained.counts.sorted { $0.key < $1.key }
        #expect(counts.map(\.key.variation) == ["", "on", "on"])
        #expect(counts.map(\.key.company) == ["globex", "globex", "initech"])
        #expect(counts.map(\.counts.evaluations) == [1, 10, 1])
        let users = drained.sketches.first { $0.use.variation == "on" }?.registers ?? []
        #expect(HyperLogLog(registers: users)?.estimate == 5)
        #expect(self.drain(recorder).counts.isEmpty, "counts are taken out")
        #expect(self.drain(recorder).sketches.isEmpty, "no register has grown since")
    }

    @Test func everyEventIsCountedAsWhatItIs() {
        let recorder = UsageRecorder()
        let events: [UsageEvent] = [
            .view, .view, .click, .error, .conversion, .latency(.milliseconds(5)),
            .latency(.microseconds(7)), .feedback(4.5), .feedback(0),
            .latency(.milliseconds(-1)), .latency(.seconds(Int64.max)), .feedback(.nan),
            .feedback(5.1), .feedback(-.infinity),
        ]
        for event in events { recorder.happened(event, self.flag, "on", self.context("ana")) }
        var expected = UsageCounts()
        (expected.views, expected.clicks, expected.errors, expected.conversions) = (2, 1, 1, 1)
        (expected.latencies, expected.latencyMicroseconds) = (2, 5_007)
        (expected.feedbacks, expected.feedbackThousandths) = (2, 4_500)
        let drained = self.drain(recorder)
        #expect(drained.counts.map(\.counts) == [expected])
        #expect(drained.dropped == 5, "what cannot be is said to be dropped")
    }

    @Test func thereIsABoundAndWhatIsBeyondItIsStillCountedInAll() {
        let recorder = UsageRecorder()
        let count = ClientLimits.usageEntriesMax * 2
        for index in 0..<count {
            recorder.evaluated(self.flag, "on", self.context("ana", company: "company-\(index)"))
        }
        let drained = self.drain(recorder)
        #expect(drained.counts.count <= ClientLimits.usageEntriesMax)
        #expect(drained.counts.contains { $0.key.company == UsageRow.others })
        #expect(drained.counts.reduce(0) { $0 + $1.counts.evaluations } == UInt64(count))
        #expect(drained.dropped == 0)
    }

    @Test func whatHasNoRoomAtAllIsCountedAsDropped() {
        let recorder = UsageRecorder()
        let count = ClientLimits.usageEntriesMax * 2
        for index in 0..<count {
            recorder.evaluated(FlagKey("flag-\(index)"), "on", self.context(""))
        }
        let drained = self.drain(recorder)
        let counted = drained.counts.reduce(0) { $0 + $1.counts.evaluations }
        #expect(drained.counts.count == ClientLimits.usageEntriesMax)
        #expect(counted + drained.dropped == UInt64(count) && drained.dropped > 0)
    }

    @Test func aFullTableMakesRoomForWhatIsUsedNow() {
        let recorder = UsageRecorder()
        for round in 0..<5 {
            for index in 0..<1_500 {
                let company = "company-\(round)-\(index)"
                recorder.evaluated(self.flag, "on", self.context("ana", company: company))
            }
            let drained = self.drain(recorder)
            #expect(drained.counts.count == 1_500, "round \(round)")
            #expect(!drained.counts.contains { $0.key.company == UsageRow.others })
        }
    }

    @Test func aTextThatIsTooLongIsNotKept() {
        let recorder = UsageRecorder()
        let company = String(repeating: "x", count: UsageLimits.valueBytesMax + 1)
        for _ in 0..<2 {
            recorder.evaluated(self.flag, "on", self.context("ana", company: company))
        }
        let drained = self.drain(recorder)
        #expect(drained.counts.map(\.key.company) == [UsageRow.others])
        #expect(drained.counts.first?.counts.evaluations == 2)
    }

    /// Nothing is lost or counted twice while threads count and the driver drains.
    @Test func threadsCountAtTheSameTime() async {
        let recorder = UsageRecorder()
        let (threads, each) = (4, 50_000)
        let context = self.context("ana")
        let drained = await withTaskGroup(of: UInt64.self) { group in
            for thread in 0..<threads {
                group.addTask {
                    for index in 0..<each {
                        recorder.evaluated(FlagKey("flag-\((index + thread) % 7)"), "on", context)
                    }
                    return 0
                }
            }
            group.addTask {
                var sum: UInt64 = 0
                for _ in 0..<100 {
                    recorder.drain { part in
                        sum += part.counts.reduce(part.dropped) { $0 + $1.counts.evaluations }
                    }
                    await Task.yield()
                }
                return sum
            }
            return await group.reduce(0, +)
        }
        let rest = self.drain(recorder)
        let sum = rest.counts.reduce(rest.dropped) { $0 + $1.counts.evaluations }
        #expect(drained + sum == UInt64(threads * each))
    }
}
