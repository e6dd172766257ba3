import Raft
import RaftStorage
import Simulation
import Testing

/// What a crash may and may not do.
@Suite struct CrashTests {
    private struct Progress {
        var acknowledged = LogModel()
        /// With the step that was interrupted, if one was.
        var possible = LogModel()
        var step: LogStep?
        /// The segments that existed before that step.
        var segments: [String] = []
    }

    /// Runs the script until it ends or the machine stops.
    private func run(on files: SimulatedFileSystem) -> Progress {
        var progress = Progress()
        guard let log = try? openLog(files) else { return progress }
        for step in LogStep.script {
            progress.step = step
            progress.possible = progress.acknowledged
            step.run(on: &progress.possible)
            progress.segments = Self.names(files)
            do {
                try step.run(on: log)
            } catch {
                return progress
            }
            progress.acknowledged = progress.possible
        }
        progress.step = nil
        return progress
    }

    /// The segments, without making a call that counts.
    private static func names(_ files: SimulatedFileSystem) -> [String] {
        (1...64).map {
            "data/" + String(repeating: "0", count: $0 < 16 ? 15 : 14)
                + String($0, radix: 16) + ".log"
        }.filter { files.contents($0) != nil }
    }

    @Test("items 36, 37, 42, 44: a crash at every operation loses nothing and leaves no gap")
    func everythingAcknowledgedSurvivesACrashAtEveryOperation() throws {
        let complete = SimulatedFileSystem(seed: 0)
        let end = self.run(on: complete)
        #expect(end.acknowledged == end.possible && end.step == nil)
        let operations = complete.operations
        #expect(operations > 120)
        for seed in UInt64(0)..<6 {
            for stop in 0...operations {
                let files = SimulatedFileSystem(seed: seed)
                files.stopAtOperation = stop
                let progress = self.run(on: files)
                files.crash()
                let left = Self.names(files)
                let error = storageError { try self.check(files, progress, left, seed, stop) }
                #expect(error == nil, "seed \(seed), stop \(stop): \(String(describing: error))")
            }
        }
    }

    private func check(
        _ files: SimulatedFileSystem,
        _ progress: Progress,
        _ left: [String],
        _ seed: UInt64,
        _ stop: Int
    ) throws {
        let log = try openLog(files)
        let found = try model(of: log)
        #expect(
            found == progress.acknowledged || found == progress.possible,
            "seed \(seed), stop \(stop)"
        )
        if let step = progress.step, step.isRebase, found.base == progress.acknowledged.base {
            // Item 36: nothing is removed before the record of it is durable.
            #expect(progress.segments.allSatisfy { left.contains($0) }, "seed \(seed), \(stop)")
        }
        let sizes = try files.list(folder).filter { $0.hasSuffix(".log") || $0 == "spare.tmp" }
            .map { files.contents(folder + "/" + $0)?.count ?? 0 }
        #expect(sizes.reduce(0, +) == log.bytesOnDisk, "leftovers: seed \(seed), stop \(stop)")
        let next = log.last.index.rawValue + 1
        try log.append(hardState: hardState(9), entries: entries(next...next + 40))
        try log.compact(through: LogIndex(next + 20))
        files.crash()
        let again = try openLog(files)
        #expect(again.last.index == LogIndex(next + 40), "seed \(seed), stop \(stop)")
        #expect(again.base.index == LogIndex(next + 20), "seed \(seed), stop \(stop)")
        #expect(try model(of: again).hardState == hardState(9))
    }

    @Test("item 44: a crash at every operation of a recovery that finishes a removal")
    func recoveryItselfMayCrashAtEveryOperation() throws {
        for seed in UInt64(0)..<20 {
            for stop in 0..<40 {
                let files = SimulatedFileSystem(seed: seed)
                let log = try openLog(files)
                for start in stride(from: UInt64(1), to: 81, by: 20) {
                    try log.append(hardState: hardState(1), entries: entries(start...start + 19))
                }
                let expected = try model(of: log)
                var possible = [expected, expected]
                // The removal of segments, or the write of a batch, is interrupted.
                if seed % 2 == 0 {
                    files.stopAtOperation = files.operations + 4 + Int(seed % 3)
                    try? log.compact(through: LogIndex(75))
                    possible[1].rebase(position(1, 75))
                } else {
                    files.stopAtOperation = files.operations + 1
                    try? log.append(hardState: hardState(2), entries: entries(81...90))
                    possible[1].append(hardState: hardState(2), entries: entries(81...90))
                }
                files.crash()
                files.stopAtOperation = files.operations + stop
                _ = try? openLog(files)
                files.crash()
                let found = try model(of: openLog(files))
                #expect(possible.contains(found), "seed \(seed), stop \(stop)")
            }
        }
    }

    @Test("item 1: term and vote are one record: a crash leaves both old or both new")
    func termAndVoteNeverPart() throws {
        for filler in stride(from: 0, to: 512, by: 8) {
            for seed in UInt64(0)..<12 {
                let files = SimulatedFileSystem(seed: seed)
                let log = try openLog(files)
                try log.append(hardState: hardState(4, vote: 3), entries: [entry(1, bytes: filler)])
                let isInWrite = seed % 2 == 0
                files.stopAtOperation = files.operations + (isInWrite ? 0 : 1)
                let new = hardState(5, vote: 1)
                #expect(storageError { try log.append(hardState: new, entries: []) } != nil)
                files.crash()
                let found = try openLog(files).hardState
                #expect([hardState(4, vote: 3), new].contains(found), "\(filler), seed \(seed)")
                // Asked again, with what it remembers, and now acknowledged.
                files.restartProcess()
                try openLog(files).append(hardState: new, entries: [])
                files.crash()
                #expect(try openLog(files).hardState == new, "\(filler), seed \(seed)")
            }
        }
    }

    @Test func randomWorkloadsWithCrashesMatchTheModel() throws {
        let base = UInt64.random(in: 0...UInt64.max)
        print("randomWorkloadsWithCrashesMatchTheModel: base seed \(base)")
        for offset in UInt64(0)..<40 {
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
        for number in UInt64(1)...60 {
            let step = self.randomStep(number, expected, &choices)
            var possible = expected
            step.run(on: &possible)
            let isCrash = Int.random(in: 0..<8, using: &choices) == 0
            if isCrash {
                files.stopAtOperation = files.operations + Int.random(in: 0..<8, using: &choices)
            }
            var isDone = false
            do {
                try step.run(on: log)
                isDone = true
                expected = possible
            } catch {
                #expect(isCrash, "seed \(seed), step \(number): \(error)")
            }
            if isCrash {
                files.crash()
                log = try openLog(files)
            }
            let found = try model(of: log)
            #expect(
                found == expected || !isDone && found == possible,
                "seed \(seed), step \(number): \(step)"
            )
            expected = found
        }
    }

    private func randomStep(
        _ number: UInt64,
        _ model: LogModel,
        _ choices: inout Choices
    ) -> LogStep {
        let end = model.last.index.rawValue
        let base = model.base.index.rawValue
        switch Int.random(in: 0..<12, using: &choices) {
        case 0: return .prepare
        case 1:
            let index = UInt64.random(in: base...end, using: &choices)
            let held = model.entries.first { $0.index.rawValue == index }
            return .compact(held.map { position($0.term.rawValue, index) } ?? model.base)
        case 2:
            let index = UInt64.random(in: base...end + 20, using: &choices)
            return .install(position(number, index))
        default:
            let low = max(base + 1, end > 12 ? end - 12 : 1)
            let isNext = Bool.random(using: &choices)
            let start = isNext ? end + 1 : .random(in: low...end + 1, using: &choices)
            let count = UInt64.random(in: 0...12, using: &choices)
            let bytes = Int.random(in: 0...300, using: &choices)
            var some =
                count == 0 ? [] : entries(start...start + count - 1, term: number, bytes: bytes)
            if count % 5 == 1 { some[0] = configuration(start, term: number) }
            let isState = Bool.random(using: &choices)
            return .append(isState ? hardState(number, vote: count + 1) : nil, some)
        }
    }
}
