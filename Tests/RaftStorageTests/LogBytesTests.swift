import Raft
import RaftStorage
import Simulation
import Testing

/// Whatever a disk holds, opening it throws or works: it never traps and never hangs.
@Suite struct LogBytesTests {
    /// Segments of a log that was truncated and compacted, whole or with its prefix dropped.
    private func valid(steps: Int) throws -> (first: UInt64, segments: [[UInt8]]) {
        try LogBytes.segments { log throws(StorageError) in
            for step in LogStep.script.prefix(steps) { try step.run(on: log) }
        }
    }

    @Test func validBytesOpenWithAndWithoutRepair() throws {
        var (_, segments) = try LogBytes.segments { log throws(StorageError) in
            try log.append(hardState: hardState(1, vote: 2), entries: entries(1...15))
            try log.append(hardState: nil, entries: entries(16...30))
        }
        #expect(segments.count == 2)
        #expect(LogBytes.outcome(segments: segments) == .opened(entries: 30))
        let before = segments
        LogBytes.reseal(&segments)
        #expect(segments == before, "repair changes nothing in what is whole")
        segments[0][200] ^= 1
        #expect(LogBytes.outcome(segments: segments) == .refused(.corrupt))
        LogBytes.reseal(&segments)
        #expect(LogBytes.outcome(segments: segments) == .opened(entries: 30))
    }

    @Test("item 43: random bytes as segments never trap")
    func randomBytes() {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("randomBytes: seed \(seed)")
        var choices = Choices(seed: seed)
        for _ in 0..<500 {
            let count = Int.random(in: 0..<3_000, using: &choices)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &choices) }
            LogBytes.check(bytes)
        }
    }

    @Test("item 43: mutated segments never trap, also where checksums hold again")
    func mutatedBytes() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("mutatedBytes: seed \(seed)")
        var choices = Choices(seed: seed)
        let originals = try [2, 8, 11, 15, 22].map { try self.valid(steps: $0) }
        #expect(originals.contains { $0.first > 1 })
        var outcomes: [LogBytes.Outcome: Int] = [:]
        for round in 0..<3_000 {
            var (first, segments) = originals[round % originals.count]
            for _ in 0..<Int.random(in: 1...4, using: &choices) {
                self.mutate(&segments, &choices)
            }
            if round % 7 == 0 { first += 1 }
            if round % 4 != 0 { LogBytes.reseal(&segments, first: first) }
            outcomes[LogBytes.outcome(segments: segments, first: first), default: 0] += 1
        }
        // The mutations reach behind the checksums.
        let opened = outcomes.filter { if case .opened = $0.key { true } else { false } }
        #expect(opened.count > 5, "\(outcomes)")
        #expect(outcomes[.refused(.corrupt), default: 0] > 100)
    }

    @Test("item 37: a base that leaves a gap to the first entry is refused")
    func aGapIsRefused() throws {
        let (first, segments) = try LogBytes.segments { log throws(StorageError) in
            for start in stride(from: UInt64(1), to: 81, by: 5) {
                try log.append(hardState: nil, entries: entries(start...start + 4))
            }
            try log.compact(to: position(1, 50), membership: membership(50))
        }
        #expect(first > 1 && segments.count > 1)
        #expect(LogBytes.outcome(segments: segments, first: first) == .opened(entries: 30))
        let last = segments.count - 1
        guard let base = self.records(segments[last]).last(where: { segments[last][$0 + 4] == 4 })
        else { throw StorageError(code: .outOfRange, message: "no record of the base") }
        // An earlier base, whose entries are gone; a segment too late, which lacks the first ones.
        for (field, value) in [(24, UInt8(3)), (48, UInt8(first) + UInt8(last))] {
            var bytes = segments
            bytes[last][base + field] = value
            bytes[last][base + 56] = 3
            LogBytes.reseal(&bytes, first: first)
            #expect(
                LogBytes.outcome(segments: bytes, first: first) == .refused(.corrupt),
                "field \(field)"
            )
        }
    }

    /// Where the records of a segment start.
    private func records(_ bytes: [UInt8]) -> [Int] {
        var found: [Int] = []
        var offset = 0
        while offset + 56 <= bytes.count, bytes[offset + 7] == 0xBA {
            found.append(offset)
            let length = Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
            offset += 56 + (length + 7) / 8 * 8
        }
        return found
    }

    private func mutate(_ segments: inout [[UInt8]], _ choices: inout Choices) {
        let number = Int.random(in: segments.indices, using: &choices)
        let records = self.records(segments[number])
        let isFirst = Int.random(in: 0..<4, using: &choices) == 0
        guard let record = isFirst ? records.first : records.randomElement(using: &choices) else {
            return
        }
        switch Int.random(in: 0..<8, using: &choices) {
        case 0: segments[number].removeSubrange(record...)
        case 1: segments.swapAt(number, Int.random(in: segments.indices, using: &choices))
        case 2:
            // A type or a kind, valid or not.
            let place = record + 4 + Int.random(in: 0...2, using: &choices)
            segments[number][place] = UInt8.random(in: 0...8, using: &choices)
        case 3:
            let other = records.randomElement(using: &choices) ?? 0
            let bytes = segments[number][other..<min(other + 160, segments[number].count)]
            segments[number].insert(contentsOf: bytes, at: record)
        case 4:
            // A term, an index, a length or the payload's first words, at their extremes.
            let field = [0, 16, 24, 48, 56, 64].randomElement(using: &choices) ?? 0
            let value: UInt8 = [0, 1, 0x7F, 0xFF].randomElement(using: &choices) ?? 0
            let count = field == 0 ? 4 : 8
            for place in record + field..<min(record + field + count, segments[number].count) {
                segments[number][place] = value
            }
        case 5:
            let field = [16, 24, 48, 56].randomElement(using: &choices) ?? 24
            if record + field < segments[number].count {
                segments[number][record + field] &-= UInt8.random(in: 1...4, using: &choices)
            }
        case 6: segments[number] += [UInt8](repeating: 0, count: 600)
        default:
            let place = Int.random(in: segments[number].indices, using: &choices)
            segments[number][place] = UInt8.random(in: 0...255, using: &choices)
        }
    }
}
