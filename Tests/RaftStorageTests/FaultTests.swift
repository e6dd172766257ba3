import Checksum
import Raft
import RaftStorage
import Simulation
import Testing

/// Errors of the operating system, and folders that are not ours.
@Suite struct FaultTests {
    @Test(arguments: [SimulatedFileSystem.Operation.write, .synchronize])
    func oneFailedWriteOrSyncPoisonsTheLogForGood(
        operation: SimulatedFileSystem.Operation
    ) throws {
        let files = SimulatedFileSystem(seed: 1)
        let log = try openLog(files)
        try log.append(hardState: hardState(1), entries: entries(1...2))
        files.fail(operation)
        let first = storageError { try log.append(hardState: nil, entries: entries(3...3)) }
        #expect(first?.code == .inputOutput)
        #expect(log.isPoisoned)
        // The disk works again; nobody may believe it.
        let calls: [() throws -> Void] = [
            { try log.append(hardState: nil, entries: entries(3...3)) },
            { try log.append(hardState: hardState(2), entries: []) },
            { _ = try log.read(from: LogIndex(1), through: LogIndex(1), bytesMax: 1) },
            { try log.prepareNextSegment() },
            { try log.compact(through: LogIndex(1)) },
        ]
        for call in calls { #expect(storageError(call)?.code == .poisoned) }
        files.crash()
        let again = try openLog(files)
        #expect(again.last.index == LogIndex(2))
        #expect(again.hardState == hardState(1))
    }

    @Test("item 43: a torn batch whose erasure failed halfway is still a torn batch")
    func anErasureThatFailsIsRepeated() throws {
        for bytes in 0...120 {
            let files = SimulatedFileSystem(seed: UInt64(bytes))
            let log = try openLog(files)
            try log.append(hardState: hardState(1), entries: entries(1...2))
            files.fail(.write)
            let batch = [entry(3, bytes: bytes), entry(4, bytes: 2 * bytes)]
            #expect(storageError { try log.append(hardState: nil, entries: batch) } != nil)
            files.restartProcess()
            files.fail(.write)
            #expect(storageError { _ = try openLog(files) }?.code == .inputOutput)
            files.restartProcess()
            #expect(try openLog(files).last.index == LogIndex(2), "\(bytes) bytes")
        }
    }

    /// A batch that is found may be in the page cache only: a node that acknowledged it would lose
    /// it with the next power failure.
    @Test("items 21, 42: what an open finds is durable, although its sync failed or never began")
    func whatAnOpenFindsSurvivesThePowerFailure() throws {
        var found = 0
        for seed in UInt64(1)...60 {
            let files = SimulatedFileSystem(seed: seed)
            let log = try openLog(files)
            try log.append(hardState: hardState(1), entries: entries(1...2))
            if seed % 2 == 0 {
                files.fail(.synchronize)
            } else {
                files.stopAtOperation = files.operations + 1
            }
            let error = storageError {
                try log.append(hardState: hardState(2), entries: entries(3...9))
            }
            #expect(error?.code == .inputOutput)
            files.restartProcess()
            let second = try openLog(files)
            let last = second.last
            if last.index == LogIndex(9) { found += 1 }
            second.close()
            files.crash()
            #expect(try openLog(files).last == last, "seed \(seed)")
        }
        #expect(found == 60)
    }

    @Test func aFullDiskHarmsNothingAndTheAppendSucceedsOnceThereIsSpace() throws {
        let files = SimulatedFileSystem(seed: 2, capacityBytes: 3 * 4_096)
        let log = try openLog(files)
        var written = UInt64(0)
        var error: StorageError?
        while error == nil {
            error = storageError {
                try log.append(hardState: hardState(written + 1), entries: [entry(written + 1)])
                written += 1
            }
        }
        #expect(error?.code == .diskFull)
        #expect(written > 20)
        #expect(!log.isPoisoned)
        let before = try model(of: log)
        #expect(before.hardState == hardState(written))
        #expect(before.entries.count == Int(written))
        files.capacityBytes = .max
        try log.append(hardState: nil, entries: entries(written + 1...written + 40))
        files.crash()
        let again = try openLog(files)
        #expect(again.last.index == LogIndex(written + 40))
    }

    @Test(arguments: [UInt64(0), 1, 2, 3, 4, 5, 6, 7])
    func aDiskThatIsFullInTheMiddleOfAWriteHarmsNothing(seed: UInt64) throws {
        let files = SimulatedFileSystem(seed: seed)
        var log = try openLog(files)
        try log.append(hardState: nil, entries: entries(1...2))
        files.fail(.write, with: .diskFull)
        let large = entries(3...10, bytes: 200)
        #expect(storageError { try log.append(hardState: nil, entries: large) }?.code == .diskFull)
        #expect(log.last.index == LogIndex(2))
        if seed % 2 == 0 {
            try log.append(hardState: nil, entries: entries(3...3))
        } else {
            files.crash()
            log = try openLog(files)
            try log.append(hardState: nil, entries: entries(3...3))
        }
        files.crash()
        #expect(try openLog(files).everything() == entries(1...3))
    }

    @Test func aFullDiskWhileSegmentsChangeHarmsNothing() throws {
        for operation in [SimulatedFileSystem.Operation.preallocate, .write, .rename, .create] {
            let files = SimulatedFileSystem(seed: 3)
            let log = try openLog(files)
            try log.append(hardState: nil, entries: entries(1...15))
            files.fail(operation, with: .diskFull)
            let next = entries(16...35)
            let error = storageError { try log.append(hardState: nil, entries: next) }
            #expect(error?.code == .diskFull, "\(operation)")
            #expect(try log.everything() == entries(1...15))
            // Also with another, larger batch than the one that was refused.
            try log.append(hardState: nil, entries: entries(16...80))
            files.crash()
            #expect(try openLog(files).everything() == entries(1...80), "\(operation)")
        }
    }

    @Test func anyFailureWhileSegmentsChangeIsTerminalAndLosesNothing() throws {
        for operation in [
            SimulatedFileSystem.Operation.create, .preallocate, .rename, .synchronizeDirectory,
        ] {
            let files = SimulatedFileSystem(seed: 8)
            let log = try openLog(files)
            try log.append(hardState: nil, entries: entries(1...15))
            files.fail(operation)
            let call = { try log.append(hardState: nil, entries: entries(16...35)) }
            #expect(storageError(call)?.code == .inputOutput, "\(operation)")
            #expect(storageError(call)?.code == .poisoned, "\(operation)")
            files.crash()
            #expect(try openLog(files).everything() == entries(1...15), "\(operation)")
        }
    }

    @Test func aFailedReadIsReportedAndHarmsNothing() throws {
        let files = SimulatedFileSystem(seed: 9)
        let log = try openLog(files)
        try log.append(hardState: nil, entries: entries(1...5))
        files.fail(.read)
        #expect(storageError { _ = try log.everything() }?.code == .inputOutput)
        #expect(try log.everything() == entries(1...5))
        try log.append(hardState: nil, entries: entries(6...6))
    }

    @Test func aFolderThatCouldNotBeCreatedForLackOfSpaceIsCreatedLater() throws {
        for operation in [SimulatedFileSystem.Operation.create, .preallocate, .rename, .write] {
            for skipping in 0..<2 {
                let files = SimulatedFileSystem(seed: 10)
                files.fail(operation, with: .diskFull, skipping: skipping)
                let error = storageError { _ = try openLog(files) }
                #expect(error == nil || error?.code == .diskFull)
                files.crash()
                try openLog(files).append(hardState: hardState(1), entries: [])
                files.crash()
                #expect(try openLog(files).hardState == hardState(1))
            }
        }
    }

    @Test func anotherNodesFolderIsRefused() throws {
        let files = SimulatedFileSystem(seed: 4)
        try openLog(files).append(hardState: hardState(1), entries: [])
        for other in [
            LogIdentity(cluster: "acme", node: NodeID(2)),
            LogIdentity(cluster: "umbrella", node: NodeID(1)),
        ] {
            files.restartProcess()
            let error = storageError { _ = try openLog(files, identity: other) }
            #expect(error?.code == .foreignFolder)
            #expect(error?.message.contains("belongs to node 1 of cluster acme") == true)
        }
        files.restartProcess()
        #expect(try openLog(files).hardState == hardState(1))
    }

    @Test func aSegmentOfAnotherNodeIsRefused() throws {
        let files = SimulatedFileSystem(seed: 5)
        let other = SimulatedFileSystem(seed: 5)
        try openLog(files).append(hardState: hardState(1), entries: entries(1...2))
        let identity = LogIdentity(cluster: "acme", node: NodeID(2))
        try openLog(other, identity: identity)
            .append(hardState: hardState(1), entries: entries(1...2))
        files.restartProcess()
        files.replace(firstSegment, with: other.contents(firstSegment) ?? [])
        #expect(storageError { _ = try openLog(files) }?.code == .corrupt)
    }

    @Test func aDamagedMissingOrNewerIdentityIsRefused() throws {
        let path = folder + "/identity"
        let files = SimulatedFileSystem(seed: 6)
        try openLog(files).append(hardState: hardState(1), entries: [])
        files.restartProcess()
        let size = files.contents(path)?.count ?? 0
        #expect(size > 40)
        for offset in 0..<size {
            files.flip(path, at: offset)
            #expect(storageError { _ = try openLog(files) }?.code == .corrupt, "offset \(offset)")
            files.restartProcess()
            files.flip(path, at: offset)
        }
        let text = Array("bandera log\nformat 2\nnode 1\ncluster acme\n".utf8)
        files.replace(path, with: text + Array("checksum \(self.checksum(text))\n".utf8))
        let newer = storageError { _ = try openLog(files) }
        #expect(newer?.code == .unsupportedFormat)
        #expect(newer?.message.contains("\"format 2\"") == true)
        files.restartProcess()
        files.lose(path)
        let missing = storageError { _ = try openLog(files) }
        #expect(missing?.code == .corrupt)
        #expect(missing?.message.contains("identity file is missing") == true)
    }

    private func checksum(_ bytes: [UInt8]) -> String {
        let hash = unsafe bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return UInt64(0) }
            return unsafe XXH64.hash(start, count: bytes.count, seed: 0)
        }
        return String(hash & 0x00FF_FFFF_FFFF_FFFF | 0xBD << 56, radix: 16)
    }

    @Test func aSecondOpenerIsRefusedUntilTheFirstCloses() throws {
        let files = SimulatedFileSystem(seed: 7)
        let log = try openLog(files)
        #expect(storageError { _ = try openLog(files) }?.code == .locked)
        log.close()
        #expect(
            storageError { try log.append(hardState: hardState(1), entries: []) }?.code == .poisoned
        )
        _ = try openLog(files)
    }
}
