import Raft
import RaftStorage
import Simulation
import Testing

/// What a crash may and may not do.
@Suite struct CrashTests {
    /// A step of the scripted workload.
    private enum Step {
        case append(HardState?, [Entry])
        case prepare
        case drop(UInt64)
    }

    /// Crosses segments, replaces suffixes across them, drops a prefix, needs a large segment.
    private static let script: [Step] = [
        .append(hardState(1, vote: 1), []),
        .append(nil, entries(1...10)),
        .append(hardState(1, vote: 1, commit: 8), entries(11...30)),
        .prepare,
        .append(nil, entries(31...50)),
        .append(hardState(2, vote: 2), entries(25...27, term: 2)),
        .append(nil, entries(28...60, term: 2)),
        .append(nil, entries(61...61, term: 2, bytes: 9_000)),
        .drop(30),
        .append(hardState(3), entries(62...80, term: 3)),
        .drop(80),
        .append(hardState(4, vote: 3), entries(81...90, term: 4)),
    ]

    private struct Progress {
        var acknowledged = LogModel()
        /// With the step that was interrupted, if one was.
        var possible = LogModel()
    }

    /// Runs the script until it ends or the machine stops.
    private func run(on files: SimulatedFileSystem) -> Progress {
        var progress = Progress()
        guard let log = try? openLog(files) else { return progress }
        for step in Self.script {
            progress.possible = progress.acknowledged
            do {
                switch step {
                case .append(let state, let some):
                    progress.possible.append(hardState: state, entries: some)
                    try log.append(hardState: state, entries: some)
                case .prepare: try log.prepareNextSegment()
                case .drop(let index): try log.compact(through: LogIndex(index))
                }
            } catch {
                return progress
            }
            progress.acknowledged = progress.possible
        }
        return progress
    }

    /// Compares what was recovered with what must be there, less a dropped prefix.
    private func isAcceptable(_ log: SimulatedLog, _ progress: Progress) throws -> Bool {
        let found = try model(of: log)
        for expected in [progress.acknowledged, progress.possible] {
            let kept = expected.entries.filter { $0.index >= log.first }
            let isEnd = expected.entries.last.map { $0.index } ?? .zero
            if found.hardState == expected.hardState, found.entries == kept,
                log.last.index == isEnd
            {
                return true
            }
        }
        return false
    }

    @Test func everyAcknowledgedBatchSurvivesACrashAtEveryOperation() throws {
        let complete = SimulatedFileSystem(seed: 0)
        let end = self.run(on: complete)
        #expect(end.acknowledged == end.possible)
        let operations = complete.operations
        #expect(operations > 60)
        for seed in UInt64(0)..<6 {
            for stop in 0...operations {
                let files = SimulatedFileSystem(seed: seed)
                files.stopAtOperation = stop
                let progress = self.run(on: files)
                files.crash()
                let error = storageError {
                    let log = try openLog(files)
                    #expect(try self.isAcceptable(log, progress), "seed \(seed), stop \(stop)")
                    let next = log.last.index.rawValue + 1
                    try log.append(hardState: hardState(9), entries: entries(next...next + 40))
                    files.crash()
                    let again = try openLog(files)
                    #expect(again.last.index == LogIndex(next + 40), "seed \(seed), stop \(stop)")
                }
                #expect(error == nil, "seed \(seed), stop \(stop): \(String(describing: error))")
            }
        }
    }

    @Test func recoveryItselfMayCrashAtEveryOperation() throws {
        for seed in UInt64(0)..<20 {
            for stop in 0..<30 {
                let files = SimulatedFileSystem(seed: seed)
                let log = try openLog(files)
                try log.append(hardState: hardState(1), entries: entries(1...20))
                let expected = try model(of: log)
                files.stopAtOperation = files.operations + 1
                _ = try? log.append(hardState: hardState(2), entries: entries(21...30))
                files.crash()
                files.stopAtOperation = files.operations + stop
                _ = try? openLog(files)
                files.crash()
                let found = try model(of: openLog(files))
                let isWhole = found.entries.count == 30 && found.hardState == hardState(2)
                #expect(found == expected || isWhole, "seed \(seed), stop \(stop)")
            }
        }
    }

    @Test func randomWorkloadsWithCrashesMatchTheModel() throws {
        let base = UInt64.random(in: 0...UInt64.max)
        print("randomWorkloadsWithCrashesMatchTheModel: base seed \(base)")
        for offset in UInt64(0)..<30 {
            let seed = base &+ offset
            let error = storageError { try self.randomWorkload(seed: seed) }
            #expect(error == nil, "seed \(seed): \(String(describing: error))")
        }
    }

    private func randomWorkload(seed: UInt64) throws {
        var choices = Choices(seed: seed)
        let files = SimulatedFileSystem(seed: seed)
        var log = try openLog(files)
        var expected = LogModel()
        for step in UInt64(1)...60 {
            let end = log.last.index.rawValue
            let low = max(log.first.rawValue, end > 12 ? end - 12 : 1)
            let start =
                Bool.random(using: &choices) ? end + 1 : .random(in: low...end + 1, using: &choices)
            let count = UInt64.random(in: 0...12, using: &choices)
            let bytes = Int.random(in: 0...300, using: &choices)
            let some =
                count == 0 ? [] : entries(start...start + count - 1, term: step, bytes: bytes)
            let state = Bool.random(using: &choices) ? hardState(step, vote: count + 1) : nil
            var possible = expected
            possible.append(hardState: state, entries: some)
            let fate = Int.random(in: 0..<8, using: &choices)
            if fate == 0 {
                files.stopAtOperation = files.operations + Int.random(in: 0..<8, using: &choices)
            }
            var isDone = false
            do {
                try log.append(hardState: state, entries: some)
                isDone = true
                expected = possible
                if fate == 1 { try log.prepareNextSegment() }
                if fate == 2, end > 60 { try log.compact(through: LogIndex(end - 50)) }
            } catch {
                #expect(fate == 0, "seed \(seed), step \(step): \(error)")
            }
            if fate == 0 {
                files.crash()
                log = try openLog(files)
            }
            let found = try model(of: log)
            expected.entries.removeAll { $0.index < log.first }
            possible.entries.removeAll { $0.index < log.first }
            #expect(
                found == expected || !isDone && found == possible,
                "seed \(seed), step \(step)"
            )
            expected = found
        }
    }
}
