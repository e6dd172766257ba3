import ClientProtocol
import FlagStore
import Flags
import Node
import Replica
import Testing
import Usage
import Wire

/// What a node counted gets into the log once, whatever happens on the way.
struct UsagePostingTests {
    @Test func nothingIsWrittenWhileNothingWasCounted() {
        var posting = UsagePosting()
        var aggregator = UsageAggregator(node: 1)
        #expect(posting.next(&aggregator) == nil)
    }

    @Test func batchesAreWrittenOneByOneWithinASession() throws {
        var posting = UsagePosting()
        var aggregator = UsageAggregator(node: 1)
        aggregator.drop(7)
        let opening = try Self.next(&posting, &aggregator)
        #expect(opening == WriteRequest(command: .openSession))
        #expect(posting.next(&aggregator) == nil)
        posting.answered(.judged(.done(Revision(5))), &aggregator)
        let first = try Self.next(&posting, &aggregator)
        #expect(first.session == Revision(5) && first.sequence == 1)
        #expect(Self.dropped(first) == 7)
        aggregator.drop(3)
        #expect(posting.next(&aggregator) == nil)
        posting.answered(.judged(.done(Revision(6))), &aggregator)
        let second = try Self.next(&posting, &aggregator)
        #expect(second.sequence == 2)
        #expect(Self.dropped(second) == 3)
    }

    @Test func aBatchWhoseOutcomeIsUnknownIsRepeatedUnderItsNumber() throws {
        var (posting, aggregator) = Self.opened()
        aggregator.drop(7)
        let first = try Self.next(&posting, &aggregator)
        for code in [StatusCode.unknown, .unavailable, .resourceExhausted] {
            posting.answered(.failed(Status(code: code)), &aggregator)
            aggregator.drop(1)
            #expect(posting.next(&aggregator) == first)
        }
        posting.answered(.judged(.done(Revision(9))), &aggregator)
        // What came meanwhile was not forgotten.
        #expect(posting.next(&aggregator).map { Self.dropped($0) } == 3)
    }

    @Test func aBatchIsCountedInTheNextSessionWhenItCannotHaveBeenWritten() throws {
        var (posting, aggregator) = Self.opened()
        Self.count(4, &aggregator)
        _ = posting.next(&aggregator)
        posting.answered(Self.expired, &aggregator)
        #expect(posting.next(&aggregator)?.command == .openSession)
        posting.answered(.judged(.done(Revision(20))), &aggregator)
        let again = try Self.next(&posting, &aggregator)
        #expect(again.session == Revision(20) && again.sequence == 1)
        #expect(Self.evaluations(again) == 4 && Self.dropped(again) == 0)
    }

    @Test func aBatchThatMayHaveBeenWrittenIsDroppedWithItsSessionAndNotCountedTwice() throws {
        var (posting, aggregator) = Self.opened()
        Self.count(4, &aggregator)
        _ = posting.next(&aggregator)
        posting.answered(.failed(Status(code: .unknown)), &aggregator)
        _ = posting.next(&aggregator)
        posting.answered(Self.expired, &aggregator)
        _ = posting.next(&aggregator)
        posting.answered(.judged(.done(Revision(20))), &aggregator)
        let again = try Self.next(&posting, &aggregator)
        #expect(Self.evaluations(again) == 0 && Self.dropped(again) == 4)
    }

    @Test func aBatchThatCanNeverBeWrittenIsDroppedAndDoesNotStopTheOthers() throws {
        var (posting, aggregator) = Self.opened()
        Self.count(4, &aggregator)
        let first = try Self.next(&posting, &aggregator)
        posting.answered(.failed(Status(code: .invalidArgument)), &aggregator)
        Self.count(5, &aggregator)
        let second = try Self.next(&posting, &aggregator)
        #expect(second.sequence > first.sequence)
        #expect(Self.evaluations(second) == 5 && Self.dropped(second) == 4)
    }

    @Test func whoHasMoreThanOneBatchSaysSo() throws {
        var (posting, aggregator) = Self.opened()
        let counts = UsageLimits.rowsPerBatchMax + 1
        for index in 0..<counts { Self.count(1, &aggregator, flag: "f\(index)") }
        _ = try Self.next(&posting, &aggregator)
        #expect(posting.isBehind)
        posting.answered(.judged(.done(Revision(9))), &aggregator)
        _ = try Self.next(&posting, &aggregator)
        #expect(!posting.isBehind)
    }

    // MARK: Helpers

    private static func next(
        _ posting: inout UsagePosting,
        _ aggregator: inout UsageAggregator
    ) throws -> WriteRequest {
        let request = posting.next(&aggregator)
        return try #require(request)
    }

    private static let expired = Reply.Result.judged(
        .refused(Refusal(code: .sessionExpired, message: "gone"))
    )

    private static func opened() -> (UsagePosting, UsageAggregator) {
        var posting = UsagePosting()
        var aggregator = UsageAggregator(node: 1)
        aggregator.drop(1)
        _ = posting.next(&aggregator)
        posting.answered(.judged(.done(Revision(5))), &aggregator)
        _ = posting.next(&aggregator)
        posting.answered(.judged(.done(Revision(6))), &aggregator)
        return (posting, aggregator)
    }

    private static func count(
        _ evaluations: UInt64,
        _ aggregator: inout UsageAggregator,
        flag: String = "f"
    ) {
        var counts = UsageCounts()
        counts.evaluations = evaluations
        let occasion = UsageAggregator.Occasion(
            environment: EnvironmentID(organization: "acme", environment: "production"),
            flag: FlagKey(flag),
            variation: "on"
        )
        aggregator.add(occasion, counts, at: Timestamp(milliseconds: 60_000))
    }

    private static func batch(_ request: WriteRequest) -> UsageBatch? {
        if case .recordUsage(let batch) = request.command { batch } else { nil }
    }

    private static func dropped(_ request: WriteRequest) -> UInt64 {
        Self.batch(request)?.dropped ?? 0
    }

    private static func evaluations(_ request: WriteRequest) -> UInt64 {
        Self.batch(request)?.rows.filter { $0.dimension == .total }
            .reduce(0) { $0 + $1.counts.evaluations } ?? 0
    }
}
