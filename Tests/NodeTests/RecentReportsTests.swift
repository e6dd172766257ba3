import Flags
import Node
import Testing

/// A report that comes again is recognised, and what is remembered is bounded.
struct RecentReportsTests {
    private static func client(_ number: UInt64) -> RecentReports.Client {
        RecentReports.Client(
            environment: EnvironmentID(organization: "acme", environment: "production"),
            number: number
        )
    }

    @Test func theSameReportIsAnsweredAsBefore() {
        var reports = RecentReports()
        let now = Timestamp(milliseconds: 1_000)
        #expect(reports.answer(to: Self.client(1), 1) == nil)
        reports.counted(Self.client(1), 1, dropped: 7, now: now)
        #expect(reports.answer(to: Self.client(1), 1) == 7)
        #expect(reports.answer(to: Self.client(1), 2) == nil)
        #expect(reports.answer(to: Self.client(2), 1) == nil)
        reports.counted(Self.client(1), 2, dropped: 0, now: now)
        #expect(reports.answer(to: Self.client(1), 1) == 0, "it was counted before the second")
    }

    @Test func whoIsQuietIsForgottenAndWhoReportsIsNot() {
        var reports = RecentReports()
        let minute: Int64 = 60_000
        for number in 0..<60 {
            let now = Timestamp(milliseconds: Int64(number) * minute)
            reports.counted(Self.client(1), UInt64(number + 1), dropped: 0, now: now)
            if number == 0 { reports.counted(Self.client(2), 1, dropped: 0, now: now) }
            if number == 4 { #expect(reports.answer(to: Self.client(2), 1) == 0) }
        }
        #expect(reports.answer(to: Self.client(1), 60) == 0)
        #expect(reports.answer(to: Self.client(2), 1) == nil)
    }
}
