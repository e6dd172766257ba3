import Raft
import RaftStorage
import Simulation
import Testing

/// Silent faults: every one is noticed, or was a batch that nothing follows.
@Suite struct RotTests {
    private static let limits = RaftStorageLimits(
        segmentBytes: 2_048,
        entryBytesMax: 4_096,
        batchBytesMax: 8_192,
        readBytes: 512
    )

    private func open(_ files: SimulatedFileSystem) throws(StorageError) -> SimulatedLog {
        try openLog(files, limits: Self.limits)
    }

    /// A log of some segments whose prefix was dropped, that ends with `last`.
    private func log(ending last: LogStep) throws -> SimulatedFileSystem {
        let files = SimulatedFileSystem(seed: 1)
        let log = try self.open(files)
        let steps: [LogStep] = [
            .append(hardState(1, vote: 1), entries(1...4)),
            .install(position(2, 10)),
            .append(hardState(2, vote: 2), [configuration(11, term: 2)]),
            .append(nil, entries(12...14, term: 2, bytes: 200)),
            .append(nil, entries(15...18, term: 2, bytes: 200)),
            .append(nil, entries(16...19, term: 3, bytes: 200)),
            .compact(position(2, 11)),
            .append(hardState(3, vote: 1), entries(20...21, term: 3, bytes: 200)),
            last,
        ]
        for step in steps { try step.run(on: log) }
        log.close()
        return files
    }

    @Test("item 43: a flipped byte anywhere in middle and last records is refused, never cut")
    func everyFlipIsRefused() throws {
        for last in [LogStep.compact(position(2, 12)), .install(position(5, 90)), .prepare] {
            let files = try self.log(ending: last)
            let expected = try model(of: self.open(files))
            files.restartProcess()
            let segments = try files.list(folder).filter { $0.hasSuffix(".log") }
            #expect(segments.count > 1 || expected.entries.isEmpty)
            for path in segments.map({ folder + "/" + $0 }) {
                let bytes = files.contents(path) ?? []
                let end = (bytes.lastIndex { $0 != 0 } ?? -1) + 1
                for offset in 0..<end {
                    let mask = UInt8(1) << UInt8(offset % 8)
                    files.flip(path, at: offset, mask: mask)
                    let error = storageError { _ = try self.open(files) }
                    #expect(error?.code == .corrupt, "\(last), \(path), \(offset)")
                    #expect(error?.message.contains("bandera cluster replace") == true)
                    files.restartProcess()
                    files.flip(path, at: offset, mask: mask)
                    #expect(files.contents(path) == bytes, "nothing was cut")
                }
            }
            #expect(try model(of: self.open(files)) == expected)
        }
    }

    @Test("item 43: a record of the base that is torn at any byte is cut: the old base holds")
    func aTornBaseIsCut() throws {
        for step in [LogStep.compact(position(2, 14)), .install(position(5, 90))] {
            let before = try self.log(ending: .prepare)
            let old = try model(of: self.open(before))
            before.restartProcess()
            // Stopped before it removes anything.
            let log = try self.open(before)
            before.fail(.remove)
            try? step.run(on: log)
            before.cancelFaults()
            before.restartProcess()
            let names = try before.list(folder).filter { $0.hasSuffix(".log") }
            let path = folder + "/" + (names.last ?? "")
            guard let whole = before.contents(path), let end = whole.lastIndex(where: { $0 != 0 })
            else { return }
            // 48 + 16 + 20, padded, + 8 bytes, and the seal or header that may precede it.
            for length in end - 90...end {
                before.replace(path, with: whole[...(length - 1)] + zeros(whole.count - length))
                #expect(try model(of: self.open(before)) == old, "\(step), \(length)")
                before.restartProcess()
            }
            before.replace(path, with: whole)
            var new = old
            step.run(on: &new)
            #expect(try model(of: self.open(before)) == new)
        }
    }

    private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

    @Test("item 46: misdirected and lost writes are refused as soon as another batch follows")
    func aWriteThatWentElsewhereIsRefused() throws {
        for fault in [SimulatedFileSystem.Fault.misdirected, .lost, .flipped] {
            for skipping in 0..<12 {
                for seed in UInt64(0)..<10 {
                    let files = SimulatedFileSystem(seed: seed)
                    let log = try self.open(files)
                    files.fail(.write, with: fault, skipping: skipping)
                    for index in UInt64(1)...14 {
                        try log.append(hardState: nil, entries: [entry(index)])
                    }
                    #expect(files.damages.first?.fault == fault)
                    self.checkReads(log, seed)
                    files.restartProcess()
                    let error = storageError { _ = try self.open(files) }
                    #expect(error?.code == .corrupt, "\(fault), \(skipping), \(seed)")
                }
            }
        }
    }

    /// A read returns what was written, or an error.
    private func checkReads(_ log: SimulatedLog, _ seed: UInt64) {
        for index in UInt64(1)...14 {
            let place = LogIndex(index)
            let found = try? log.read(from: place, through: place, bytesMax: .max)
            #expect(found == nil || found == [entry(index)], "seed \(seed), entry \(index)")
        }
    }

    @Test("item 46: a misdirected last batch is refused, or gone as if it had never been written")
    func aMisdirectedLastBatch() throws {
        var refused = 0
        for seed in UInt64(0)..<300 {
            let files = SimulatedFileSystem(seed: seed)
            let log = try self.open(files)
            for index in UInt64(1)...8 { try log.append(hardState: nil, entries: [entry(index)]) }
            files.fail(.write, with: .misdirected)
            try log.append(hardState: nil, entries: entries(9...10))
            #expect(files.damages.count == 2)
            files.restartProcess()
            guard let found = try? self.open(files) else {
                refused += 1
                continue
            }
            #expect(try found.everything() == entries(1...8), "seed \(seed)")
            // Only where the log does not look: in another file.
            let landing = files.damages[1]
            #expect(landing.path != files.damages[0].path, "seed \(seed): \(landing)")
        }
        #expect(refused > 150)
    }

    @Test("item 43: rot of any file of the folder is refused when it is opened")
    func rotIsRefused() throws {
        for seed in UInt64(0)..<200 {
            let files = SimulatedFileSystem(seed: seed)
            let log = try self.open(files)
            for index in UInt64(1)...20 { try log.append(hardState: nil, entries: [entry(index)]) }
            log.close()
            let damage = files.rot(in: folder)
            #expect(damage != nil && files.damages == [damage])
            #expect(storageError { _ = try self.open(files) }?.code == .corrupt, "seed \(seed)")
        }
    }

    @Test("item 43: a read that returns a wrong bit is an error and not terminal")
    func aFlippedReadIsAnError() throws {
        for seed in UInt64(0)..<50 {
            let files = SimulatedFileSystem(seed: seed)
            let log = try self.open(files)
            try log.append(hardState: nil, entries: entries(1...3))
            files.fail(.read, with: .flipped)
            let all = { try log.read(from: LogIndex(1), through: LogIndex(3), bytesMax: .max) }
            if let found = try? all() { #expect(found == entries(1...3)) }
            #expect(try all() == entries(1...3))
        }
    }
}
