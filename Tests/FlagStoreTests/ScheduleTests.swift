import FlagStore
import Flags
import Testing

@Suite struct ScheduleTests {
    private static let key = FlagKey("checkout")

    private func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    @Test func aDateIsRecordedOnceWhenItHasCome() throws {
        var log = Log.prepared()
        let (start, end) = (self.at(log.time + 1_000), self.at(log.time + 2_000))
        log.create("checkout") {
            $0.start = start
            $0.end = end
        }
        #expect(log.store.nextDue == start)
        #expect(log.store.due(now: self.at(log.time), limit: 9).isEmpty)
        let commands = log.store.due(now: end, limit: 9)
        #expect(
            commands == [
                .recordSchedule(Log.production, Self.key, .start, date: start),
                .recordSchedule(Log.production, Self.key, .end, date: end),
            ]
        )
        #expect(log.store.due(now: end, limit: 1).count == 1)
        #expect(log.apply(commands[0]).refusal == .illegalTransition)
        let applied = log.apply(commands[0], after: 1_000)
        #expect(
            applied.row?.action == .scheduleStart && log.flag("checkout")?.recordedStart == start
        )
        #expect(log.store.nextDue == end)
        let again = log.apply(commands[0])
        #expect(again.refusal == .stale && again.effects.isEmpty)
        #expect(log.apply(commands[1], after: 1_000).row?.action == .scheduleEnd)
        #expect(log.store.nextDue == nil)
    }

    @Test func aDateThatChangedIsNotRecorded() {
        var log = Log.prepared()
        let (first, second) = (self.at(log.time + 1_000), self.at(log.time + 5_000))
        log.create("checkout") { $0.start = first }
        let command = Command.recordSchedule(Log.production, Self.key, .start, date: first)
        log.update("checkout") { $0.start = .at(second) }
        #expect(log.store.nextDue == second)
        #expect(log.apply(command, after: 2_000).refusal == .stale)
        log.update("checkout") { $0.start = FlagPatch.Bound.none }
        #expect(log.store.nextDue == nil)
        #expect(log.apply(command).refusal == .stale)
    }

    @Test func aDateThatIsMovedAfterItsComingIsRecordedAgain() {
        var log = Log.prepared()
        let first = self.at(log.time + 1_000)
        log.create("checkout") { $0.end = first }
        log.apply(.recordSchedule(Log.production, Self.key, .end, date: first), after: 1_000)
        let second = self.at(log.time + 9_000)
        log.update("checkout") { $0.end = .at(second) }
        #expect(log.flag("checkout")?.recordedEnd == nil && log.store.nextDue == second)
        let command = Command.recordSchedule(Log.production, Self.key, .end, date: second)
        #expect(log.apply(command, after: 9_000).row?.action == .scheduleEnd)
    }

    @Test func aDateInThePastNeedsNoRecordOfItsOwn() {
        var log = Log.prepared()
        let past = self.at(log.time - 1_000)
        log.create("checkout") { $0.start = past }
        #expect(log.flag("checkout")?.recordedStart == past && log.store.nextDue == nil)
    }

    @Test func anArchivedFlagHasNoDates() {
        var log = Log.prepared()
        let start = self.at(log.time + 1_000)
        log.create("checkout") { $0.start = start }
        log.apply(.archiveFlag(Log.production, Self.key))
        #expect(log.store.nextDue == nil)
    }

    @Test func whatIsDueIsFoundInOrderAmongManyFlags() {
        var log = Log.prepared()
        var generator = SeededGenerator(seed: 7)
        var dates: [FlagKey: Timestamp] = [:]
        let base = log.time + 100_000
        for index in 0..<3_000 {
            let date = self.at(base + Int64(generator.next() % 50_000))
            dates[FlagKey("flag-\(index)")] = date
            log.create("flag-\(index)") { $0.start = date }
        }
        for index in stride(from: 0, to: 3_000, by: 3) {
            let date = self.at(base + Int64(generator.next() % 50_000))
            dates[FlagKey("flag-\(index)")] = date
            log.update("flag-\(index)") { $0.start = .at(date) }
        }
        let now = self.at(base + 25_000)
        let expected = dates.filter { $0.value <= now }
            .sorted { ($0.value, $0.key) < ($1.value, $1.key) }
            .map { Command.recordSchedule(Log.production, $0.key, .start, date: $0.value) }
        #expect(expected.count > 1_000)
        #expect(log.store.due(now: now, limit: 10_000) == expected)
        #expect(log.store.due(now: now, limit: 16) == Array(expected.prefix(16)))
        let restored = FlagStore(restoring: log.store.contents())
        #expect(restored.due(now: now, limit: 10_000) == expected)
    }
}
