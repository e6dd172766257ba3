import Raft
import RaftStorage
import Simulation
import Testing

@Suite struct LogStorageTests {
    @Test func aNewLogIsEmpty() throws {
        let log = try openLog(SimulatedFileSystem(seed: 1))
        #expect(
            log.recovered
                == Recovered(
                    hardState: HardState(),
                    first: LogIndex(1),
                    last: .zero,
                    tailCut: 0
                )
        )
        #expect(log.bytesOnDisk == 4_096)
        #expect(
            storageError { _ = try log.read(from: LogIndex(1), through: LogIndex(1), bytesMax: 1) }?
                .code == .outOfRange
        )
    }

    @Test func whatWasAppendedIsReadBack() throws {
        let log = try openLog(SimulatedFileSystem(seed: 1))
        var expected = LogModel()
        for batch in 0..<UInt64(30) {
            let state = batch % 3 == 0 ? hardState(batch + 1, vote: 2, commit: batch) : nil
            let some = entries(batch * 4 + 1...batch * 4 + 4, term: batch + 1, bytes: Int(batch))
            try log.append(hardState: state, entries: some)
            expected.append(hardState: state, entries: some)
        }
        #expect(try model(of: log) == expected)
        #expect(log.last == LogPosition(term: Term(30), index: LogIndex(120)))
        #expect(log.bytesOnDisk == 3 * 4_096)
    }

    @Test func everythingSurvivesARestartAndACrash() throws {
        let files = SimulatedFileSystem(seed: 2)
        var log = try openLog(files)
        try log.append(hardState: hardState(3, vote: 1, commit: 2), entries: entries(1...100))
        let expected = try model(of: log)
        log.close()
        log = try openLog(files)
        #expect(try model(of: log) == expected)
        files.crash()
        log = try openLog(files)
        #expect(try model(of: log) == expected)
        #expect(log.recovered.last == LogPosition(term: Term(1), index: LogIndex(100)))
        #expect(log.recovered.hardState == hardState(3, vote: 1, commit: 2))
        try log.append(hardState: nil, entries: entries(101...101, term: 3))
        #expect(try openAgain(files).last.index == LogIndex(101))
    }

    @Test func aConflictingSuffixIsReplacedAlsoAfterARestart() throws {
        let files = SimulatedFileSystem(seed: 3)
        let log = try openLog(files)
        var expected = LogModel()
        for (range, term) in [(UInt64(1)...90, UInt64(1)), (20...25, 2), (24...80, 3), (5...5, 4)] {
            let some = entries(range, term: term)
            try log.append(hardState: hardState(term), entries: some)
            expected.append(hardState: hardState(term), entries: some)
            #expect(try model(of: log) == expected)
        }
        #expect(try model(of: openAgain(files)) == expected)
        #expect(try openAgain(files).last == LogPosition(term: Term(4), index: LogIndex(5)))
    }

    @Test func readsStopAtTheByteLimitButReturnOneEntry() throws {
        let log = try openLog(SimulatedFileSystem(seed: 4))
        try log.append(hardState: nil, entries: entries(1...50, bytes: 100))
        func count(_ bytesMax: Int) throws -> Int {
            try log.read(from: LogIndex(3), through: LogIndex(50), bytesMax: bytesMax).count
        }
        #expect(try count(0) == 1)
        #expect(try count(199) == 1)
        #expect(try count(200) == 2)
        #expect(try count(.max) == 48)
    }

    @Test func aBatchLargerThanASegmentGetsALargerSegment() throws {
        let files = SimulatedFileSystem(seed: 5)
        let log = try openLog(files)
        // As the first batch of all, then with a segment in use before it.
        try log.append(hardState: nil, entries: entries(1...3, bytes: 20_000))
        try log.append(hardState: nil, entries: entries(4...4, bytes: 10))
        try log.append(hardState: nil, entries: entries(5...5, bytes: 60_000))
        let expected = try model(of: log)
        #expect(expected.entries.map(\.payload.count) == [20_000, 20_000, 20_000, 10, 60_000])
        #expect(try model(of: openAgain(files)) == expected)
    }

    @Test func limitsAreCheckedBeforeAnythingIsWritten() throws {
        let log = try openLog(SimulatedFileSystem(seed: 6))
        #expect(
            storageError { try log.append(hardState: nil, entries: [entry(1, bytes: 70_000)]) }?
                .code
                == .limitExceeded
        )
        #expect(
            storageError {
                try log.append(hardState: nil, entries: entries(1...5, bytes: 60_000))
            }?.code == .limitExceeded
        )
        #expect(log.last == .zero)
        try log.append(hardState: nil, entries: entries(1...1))
    }

    @Test func aPreparedSegmentIsUsed() throws {
        let files = SimulatedFileSystem(seed: 7)
        let log = try openLog(files)
        try log.prepareNextSegment()
        #expect(log.bytesOnDisk == 4_096)
        try log.append(hardState: nil, entries: entries(1...15, bytes: 100))
        try log.prepareNextSegment()
        try log.prepareNextSegment()
        #expect(log.bytesOnDisk == 2 * 4_096)
        try log.append(hardState: nil, entries: entries(16...30, bytes: 100))
        #expect(log.bytesOnDisk == 2 * 4_096)
        #expect(try openAgain(files).last.index == LogIndex(30))
    }

    @Test func aCompactedPrefixFreesWholeSegments() throws {
        let files = SimulatedFileSystem(seed: 8)
        let log = try openLog(files)
        for index in UInt64(1)...100 {
            try log.append(hardState: hardState(index), entries: [entry(index, term: index)])
        }
        let before = log.bytesOnDisk
        try log.compact(through: LogIndex(60))
        #expect(log.bytesOnDisk < before)
        #expect(log.first <= LogIndex(61) && log.first > LogIndex(1))
        #expect(log.hardState == hardState(100))
        let expected = try model(of: log)
        let again = try openAgain(files)
        #expect(try model(of: again) == expected)
        #expect(again.first == log.first)
        // All of it: the log is empty, but remembers where it ended.
        try again.compact(through: LogIndex(100))
        let empty = try openAgain(files)
        #expect(empty.last == LogPosition(term: Term(100), index: LogIndex(100)))
        try empty.append(hardState: nil, entries: entries(101...150, term: 101))
        #expect(try openAgain(files).last.index == LogIndex(150))
    }

    private func openAgain(_ files: SimulatedFileSystem) throws -> SimulatedLog {
        files.restartProcess()
        return try openLog(files)
    }
}
