import RaftStorage
import Simulation
import Testing

/// The simulated disk is as bad as it says, or the tests on it prove nothing.
@Suite struct SimulatedFileSystemTests {
    private static let path = "data/file"

    private func disk(_ seed: UInt64, capacityBytes: Int = .max) throws -> SimulatedFileSystem {
        let files = SimulatedFileSystem(seed: seed, capacityBytes: capacityBytes)
        try files.createDirectory("data")
        try files.synchronizeDirectory(".")
        return files
    }

    /// What a run with each of some seeds ends with.
    private func outcomes<Outcome: Hashable>(
        _ seeds: Range<UInt64>,
        _ body: (UInt64) throws -> Outcome
    ) rethrows -> Set<Outcome> {
        try Set(seeds.map(body))
    }

    private func write(_ byte: UInt8, _ count: Int, _ files: SimulatedFileSystem) throws {
        let file = try files.open(Self.path) ?? files.create(Self.path)
        defer { files.close(file) }
        try files.write([UInt8](repeating: byte, count: count).span, to: file, at: 0)
    }

    private func synchronize(_ files: SimulatedFileSystem) throws {
        guard let file = try files.open(Self.path) else { return }
        defer { files.close(file) }
        try files.synchronize(file)
    }

    @Test("item 44: a name that no directory sync followed may be gone after a crash")
    func namesNeedADirectorySync() throws {
        let unsynced = try self.outcomes(0..<20) { seed in
            let files = try self.disk(seed)
            try self.write(1, 10, files)
            try self.synchronize(files)
            files.crash()
            return files.contents(Self.path) != nil
        }
        #expect(unsynced == [true, false])
        let renamed = try self.outcomes(0..<40) { seed in
            let files = try self.disk(seed)
            try self.write(1, 10, files)
            try self.synchronize(files)
            try files.synchronizeDirectory("data")
            try files.rename(Self.path, to: "data/other")
            // Another directory's sync does not help.
            try files.createDirectory("elsewhere")
            try files.synchronizeDirectory("elsewhere")
            files.crash()
            return [files.contents(Self.path) != nil, files.contents("data/other") != nil]
        }
        #expect(renamed == [[true, false], [false, true]])
    }

    @Test("item 44: changes of names survive in any combination, unless one builds on another")
    func namesSurviveInAnyOrder() throws {
        let left = try self.outcomes(0..<200) { seed in
            let files = try self.disk(seed)
            for name in ["a", "b"] {
                files.close(try files.create("data/" + name))
                try files.synchronizeDirectory("data")
            }
            try files.remove("data/a")
            try files.remove("data/b")
            files.crash()
            return try files.list("data")
        }
        #expect(left == [[], ["a"], ["b"], ["a", "b"]])
        let chained = try self.outcomes(0..<200) { seed in
            let files = try self.disk(seed)
            files.close(try files.create("data/a"))
            try files.rename("data/a", to: "data/b")
            files.crash()
            return try files.list("data")
        }
        #expect(chained == [[], ["a"], ["b"]])
    }

    @Test func aDirectoryIsGoneWithWhatItHoldsIfItsParentWasNeverSynced() throws {
        let left = try self.outcomes(0..<20) { seed in
            let files = SimulatedFileSystem(seed: seed)
            try files.createDirectory("data")
            try self.write(1, 10, files)
            try self.synchronize(files)
            try files.synchronizeDirectory("data")
            files.crash()
            return files.contents(Self.path) != nil
        }
        #expect(left == [true, false])
        let files = SimulatedFileSystem(seed: 0)
        #expect(storageError { _ = try files.create("none/file") }?.code == .inputOutput)
    }

    @Test func unsyncedSectorsAreLostOneByOne() throws {
        let left = try self.outcomes(0..<200) { seed in
            let files = try self.disk(seed)
            try self.write(1, 3 * 512, files)
            try self.synchronize(files)
            try files.synchronizeDirectory("data")
            try self.write(2, 3 * 512, files)
            files.crash()
            let bytes = files.contents(Self.path) ?? []
            #expect(bytes.count == 3 * 512)
            for sector in 0..<3 {
                // Never torn within a sector.
                #expect(Set(bytes[sector * 512..<(sector + 1) * 512]).count == 1)
            }
            return [bytes[0], bytes[512], bytes[1_024]]
        }
        #expect(left.count == 8)
    }

    @Test("item 42: what a failed sync dropped, no later sync makes durable")
    func aFailedSyncLosesForGood() throws {
        let files = try self.disk(1)
        try self.write(1, 512, files)
        try self.synchronize(files)
        try files.synchronizeDirectory("data")
        try self.write(2, 512, files)
        files.fail(.synchronize)
        #expect(storageError { try self.synchronize(files) }?.code == .inputOutput)
        try self.synchronize(files)
        #expect(files.contents(Self.path)?.first == 2)
        files.crash()
        #expect(files.contents(Self.path)?.first == 1)
    }

    @Test func theQuotaIsChargedBySizeAndCanBeLifted() throws {
        let files = try self.disk(1, capacityBytes: 1_000)
        try self.write(1, 900, files)
        #expect(storageError { try self.write(2, 1_200, files) }?.code == .diskFull)
        files.capacityBytes = 1_200
        try self.write(2, 1_200, files)
        try files.remove(Self.path)
        try self.write(3, 1_200, files)
    }

    @Test func silentFaultsAreListed() throws {
        let files = try self.disk(3)
        try self.write(1, 4_096, files)
        files.fail(.write, with: .lost)
        try self.write(2, 512, files)
        #expect(files.contents(Self.path)?.first == 1)
        files.fail(.write, with: .misdirected)
        try self.write(3, 512, files)
        let bytes = files.contents(Self.path) ?? []
        #expect(bytes.first == 1)
        #expect(bytes.filter { $0 == 3 }.count == 512)
        files.fail(.write, with: .flipped)
        try self.write(1, 4_096, files)
        #expect(files.contents(Self.path)?.filter { $0 != 1 }.count == 1)
        let rotten = files.rot(in: "data")
        #expect(
            files.damages.map(\.fault) == [.lost, .misdirected, .misdirected, .flipped, .flipped]
        )
        #expect(files.damages.last == rotten)
        #expect(files.damages.allSatisfy { $0.path == Self.path })
        #expect(files.isWithoutPlannedFaults)
    }

    @Test("item 34: a wiped disk holds nothing, and is a new node's")
    func aWipedDiskIsEmpty() throws {
        let files = SimulatedFileSystem(seed: 1)
        try openLog(files).append(hardState: hardState(3, vote: 1), entries: entries(1...9))
        files.wipe()
        #expect(files.contents(firstSegment) == nil)
        let log = try openLog(files)
        #expect(try model(of: log) == LogModel())
    }

    @Test("item 50: the same seed and the same calls give the same disk")
    func theSameSeedGivesTheSameDisk() throws {
        func run(_ seed: UInt64) throws -> [[UInt8]?] {
            let files = SimulatedFileSystem(seed: seed)
            let log = try openLog(files)
            for step in LogStep.script.prefix(12) { try step.run(on: log) }
            files.fail(.write, with: .misdirected)
            files.stopAtOperation = files.operations + 1
            try? log.append(hardState: nil, entries: entries(81...95))
            files.rot(in: folder)
            files.crash()
            return try files.list(folder).map { files.contents(folder + "/" + $0) }
        }
        for seed in UInt64(0)..<10 { #expect(try run(seed) == run(seed)) }
        #expect(try self.outcomes(0..<10) { try run($0) }.count > 1)
    }
}
