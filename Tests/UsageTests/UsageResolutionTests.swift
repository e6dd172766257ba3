import Flags
import Testing
import Usage

@Suite struct UsageResolutionTests {
    @Test func periodsBeginAtWholeMinutesHoursAndDays() throws {
        let time = try Timestamp(parsing: "2026-02-03T14:25:36.789Z")
        func start(_ resolution: UsageResolution) -> String { resolution.start(of: time).rfc3339 }
        #expect(start(.minute) == "2026-02-03T14:25:00Z")
        #expect(start(.hour) == "2026-02-03T14:00:00Z")
        #expect(start(.day) == "2026-02-03T00:00:00Z")
    }

    @Test func timesBeforeTheEpochAndAtTheEdgeDoNotTrap() {
        let before = Timestamp(milliseconds: -1)
        #expect(UsageResolution.day.start(of: before).milliseconds == -86_400_000)
        #expect(
            UsageResolution.hour.start(of: Timestamp(milliseconds: -3_600_000)).milliseconds
                == -3_600_000
        )
        for resolution in UsageResolution.allCases {
            for edge in [Int64.min, .max] {
                let time = Timestamp(milliseconds: edge)
                #expect(resolution.start(of: time) <= time)
                #expect(resolution.oldestKept(at: time) <= time)
            }
        }
    }

    @Test func coarserPeriodsAreKeptLonger() {
        let kept = UsageResolution.allCases.map(\.retentionMilliseconds)
        #expect(kept == kept.sorted() && Set(kept).count == 3)
    }
}
