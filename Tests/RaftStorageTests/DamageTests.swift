import Raft
import RaftStorage
import Simulation
import Testing

/// Torn tails are cut, damage is refused.
@Suite struct DamageTests {
    /// A first batch, and a second of which every byte is examined.
    private func twoBatches(bytes: Int = 700) throws -> (SimulatedFileSystem, tail: Range<Int>) {
        let files = SimulatedFileSystem(seed: 1)
        let log = try openLog(files)
        try log.append(hardState: hardState(1, vote: 1), entries: entries(1...2))
        let start = self.used(files)
        try log.append(hardState: nil, entries: [entry(3, bytes: bytes)])
        files.restartProcess()
        return (files, start..<self.used(files))
    }

    /// The end of the content of the first segment.
    private func used(_ files: SimulatedFileSystem) -> Int {
        guard let bytes = files.contents(firstSegment) else { return 0 }
        return (bytes.lastIndex { $0 != 0 } ?? -1) + 1
    }

    @Test func aTailTornAtEveryByteIsCut() throws {
        let (files, tail) = try self.twoBatches()
        guard let whole = files.contents(firstSegment) else { throw Missing() }
        for length in tail {
            var zeroed = whole
            for position in length..<tail.upperBound { zeroed[position] = 0 }
            for bytes in [zeroed, Array(whole[..<length])] {
                files.replace(firstSegment, with: bytes)
                files.lose(folder + "/0000000000000002.log")
                let log = try openLog(files)
                #expect(log.last.index == LogIndex(2), "length \(length)")
                #expect(log.hardState == hardState(1, vote: 1))
                let content = bytes[tail.lowerBound...].lastIndex { $0 != 0 }
                #expect((log.recovered.tailCut > 0) == (content != nil), "length \(length)")
                try log.append(hardState: nil, entries: [entry(3, term: 2)])
                files.restartProcess()
                let again = try openLog(files)
                #expect(again.last == LogPosition(term: Term(2), index: LogIndex(3)))
                #expect(again.recovered.tailCut == 0)
                files.restartProcess()
            }
        }
    }

    @Test func aTailThatLostAnySectorsIsCut() throws {
        let (files, tail) = try self.twoBatches(bytes: 1_800)
        guard let whole = files.contents(firstSegment) else { throw Missing() }
        let sectors = tail.lowerBound / 512...(tail.upperBound - 1) / 512
        for lost in 1..<(1 << sectors.count) {
            var bytes = whole
            for (bit, sector) in sectors.enumerated() where lost & 1 << bit != 0 {
                let start = max(sector * 512, tail.lowerBound)
                for position in start..<min(sector * 512 + 512, tail.upperBound) {
                    bytes[position] = 0
                }
            }
            files.replace(firstSegment, with: bytes)
            #expect(try openLog(files).last.index == LogIndex(2), "lost \(lost)")
            files.restartProcess()
        }
    }

    @Test func aFlipInAnyByteIsRefusedWithFileOffsetAndTheWayOut() throws {
        let (files, tail) = try self.twoBatches(bytes: 300)
        for offset in 0..<tail.upperBound {
            for mask in [UInt8(0x01), 0x80, 0xFF] {
                files.flip(firstSegment, at: offset, mask: mask)
                let error = storageError { _ = try openLog(files) }
                #expect(
                    error?.code == .corrupt,
                    "offset \(offset), mask \(mask): \(String(describing: error))"
                )
                #expect(error?.message.contains(firstSegment + ", offset ") == true)
                #expect(error?.message.contains("bandera cluster replace OLD NEW") == true)
                files.restartProcess()
                files.flip(firstSegment, at: offset, mask: mask)
            }
        }
        #expect(try openLog(files).last.index == LogIndex(3))
    }

    @Test func aSectorLostInTheMiddleIsRefused() throws {
        let files = SimulatedFileSystem(seed: 2)
        let log = try openLog(files)
        for index in UInt64(1)...20 { try log.append(hardState: nil, entries: [entry(index)]) }
        files.restartProcess()
        guard let whole = files.contents(firstSegment) else { throw Missing() }
        for sector in 0..<self.used(files) / 512 - 1 {
            var bytes = whole
            for position in sector * 512..<(sector + 1) * 512 { bytes[position] = 0 }
            files.replace(firstSegment, with: bytes)
            #expect(storageError { _ = try openLog(files) }?.code == .corrupt, "sector \(sector)")
            files.restartProcess()
        }
    }

    @Test func damageInAnEarlierSegmentIsRefusedEvenIfItLooksTorn() throws {
        let files = SimulatedFileSystem(seed: 3)
        let log = try openLog(files)
        try log.append(hardState: nil, entries: entries(1...15))
        let end = self.used(files)
        try log.append(hardState: nil, entries: entries(16...30))
        files.restartProcess()
        guard var bytes = files.contents(firstSegment) else { throw Missing() }
        for position in end - 100..<bytes.count { bytes[position] = 0 }
        files.replace(firstSegment, with: bytes)
        #expect(storageError { _ = try openLog(files) }?.code == .corrupt)
    }

    @Test func aMissingSegmentIsRefusedWhereverItIs() throws {
        for missing in 1...4 {
            let files = SimulatedFileSystem(seed: 4)
            let log = try openLog(files)
            for start in stride(from: UInt64(1), to: 61, by: 15) {
                try log.append(hardState: nil, entries: entries(start...start + 14, bytes: 150))
            }
            #expect(log.bytesOnDisk == 4 * 4_096)
            files.restartProcess()
            files.lose("data/000000000000000\(missing).log")
            let error = storageError { _ = try openLog(files) }
            #expect(error?.code == .corrupt, "segment \(missing)")
            #expect(error?.message.contains("000000000000000\(missing).log") == true)
        }
    }

    @Test("item 46: a last batch that landed behind its place is refused, not cut as torn")
    func aLastBatchBehindItsPlaceIsRefused() throws {
        let (files, tail) = try self.twoBatches()
        guard let whole = files.contents(firstSegment) else { throw Missing() }
        for distance in stride(from: 512, through: 2_048, by: 512) {
            var bytes = whole
            for position in tail {
                bytes[position] = 0
                bytes[position + distance] = 0
            }
            bytes.replaceSubrange(
                tail.lowerBound + distance..<tail.upperBound + distance,
                with: whole[tail]
            )
            files.replace(firstSegment, with: bytes)
            let error = storageError { _ = try openLog(files) }
            #expect(error?.code == .corrupt, "distance \(distance)")
            files.restartProcess()
        }
    }

    @Test func aStaleOrMisdirectedRecordIsRefused() throws {
        let files = SimulatedFileSystem(seed: 5)
        let log = try openLog(files)
        for index in UInt64(1)...10 { try log.append(hardState: nil, entries: [entry(index)]) }
        files.restartProcess()
        guard let whole = files.contents(firstSegment) else { throw Missing() }
        // Header record 104 bytes, then records of 48 + 104 + 8 = 160.
        func record(_ number: Int) -> Range<Int> { 104 + 160 * number..<264 + 160 * number }
        for target in [3, 9, 10] {
            var bytes = whole
            bytes.replaceSubrange(record(target), with: whole[record(1)])
            files.replace(firstSegment, with: bytes)
            #expect(storageError { _ = try openLog(files) }?.code == .corrupt, "record \(target)")
            files.restartProcess()
        }
    }

    @Test func aReadNeverReturnsWhatTheDiskDamagedAfterTheOpen() throws {
        let files = SimulatedFileSystem(seed: 6)
        let log = try openLog(files)
        try log.append(hardState: nil, entries: entries(1...3))
        for offset in 264..<424 {
            files.flip(firstSegment, at: offset)
            let error = storageError {
                _ = try log.read(from: LogIndex(1), through: LogIndex(3), bytesMax: .max)
            }
            #expect(error?.code == .corrupt, "offset \(offset)")
            files.flip(firstSegment, at: offset)
        }
        #expect(try log.everything() == entries(1...3))
    }

    private struct Missing: Error {}
}
