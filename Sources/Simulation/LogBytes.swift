internal import Checksum
internal import Raft
package import RaftStorage

/// Opens a log over arbitrary bytes: the entry point of fuzzers.
///
/// Nothing that a disk holds may trap, hang or be returned unverified: the log opens and works, or
/// throws. Everything runs in memory.
package enum LogBytes {
    /// What became of the bytes.
    package enum Outcome: Hashable, Sendable {
        case refused(StorageError.Code)
        /// Opened; it holds so many entries.
        case opened(entries: Int)
    }

    private static let folder = "log"
    private static let identity = LogIdentity(cluster: "fuzz", node: NodeID(1))
    private static let limits = RaftStorageLimits(
        segmentBytes: 4_096,
        entryBytesMax: 64 << 10,
        batchBytesMax: 256 << 10,
        readBytes: 512
    )
    /// The segments that the bytes may be cut into.
    private static let segmentsMax = 4

    /// Tries `bytes` as they are and with their checksums repaired.
    ///
    /// For a libFuzzer target: the first byte chooses, the rest are segments. Call it with
    /// anything; it returns or, if the log broke a promise, traps.
    package static func check(_ bytes: [UInt8]) {
        guard let choice = bytes.first else { return }
        let rest = Array(bytes.dropFirst())
        let count = Int(choice >> 1) % Self.segmentsMax + 1
        let size = rest.count / count
        var segments: [[UInt8]] = []
        for number in 0..<count {
            let end = number == count - 1 ? rest.count : (number + 1) * size
            segments.append(Array(rest[number * size..<end]))
        }
        // A sequence that begins later stands for a dropped prefix.
        let first = choice & 0x80 == 0 ? UInt64(1) : 3
        if choice & 1 == 1 { Self.reseal(&segments, first: first) }
        _ = Self.outcome(segments: segments, first: first)
    }

    /// Opens a folder whose segments hold these bytes, from sequence `first` on, and uses the log.
    package static func outcome(segments: [[UInt8]], first: UInt64 = 1) -> Outcome {
        let files = SimulatedFileSystem(seed: 0)
        do throws(StorageError) {
            // Makes the identity that the bytes are to belong to.
            try Self.open(files).close()
            files.lose(Self.path(1))
            for (number, bytes) in segments.enumerated() {
                files.replace(Self.path(first + UInt64(number)), with: bytes)
            }
            files.restartProcess()
            let log = try Self.open(files)
            let entries = try Self.use(log)
            files.crash()
            let again = try Self.open(files)
            precondition(again.last == log.last, "recovery settles: \(again.last) \(log.last)")
            return .opened(entries: entries)
        } catch {
            return .refused(error.code)
        }
    }

    /// The segments of a log that `build` makes, and the sequence of the first one left.
    package static func segments(
        _ build: (LogStorage<SimulatedFileSystem>) throws(StorageError) -> Void
    ) throws(StorageError) -> (first: UInt64, segments: [[UInt8]]) {
        let files = SimulatedFileSystem(seed: 0)
        let log = try Self.open(files)
        try build(log)
        let sequences = (UInt64(1)...64).filter { files.contents(Self.path($0)) != nil }
        return (sequences.first ?? 1, sequences.compactMap { files.contents(Self.path($0)) })
    }

    /// Repairs marks, checksums, the chain and batch numbers, as far as lengths lead from record to
    /// record: so that what is behind the checksums meets arbitrary records, too.
    ///
    /// Layout: `StorageFormat.md`. Words past the end stop it.
    package static func reseal(_ segments: inout [[UInt8]], first: UInt64 = 1) {
        var chain: UInt64? = first == 1 ? Self.fingerprint : nil
        var batch: UInt64 = 1
        for number in segments.indices {
            let root = chain ?? Self.word(segments[number], 32)
            var previous = root
            var offset = 0
            while let end = Self.end(of: offset, in: segments[number]) {
                segments[number][offset + 7] = 0xBA
                segments[number][offset + 6] &= 1
                Self.set(&segments[number], offset + 8, batch)
                Self.set(&segments[number], offset + 32, previous)
                if offset == 0, segments[number][4] == 1, end >= 104 {
                    Self.set(&segments[number], 48, 1)
                    Self.set(&segments[number], 56, first + UInt64(number))
                    Self.set(&segments[number], 64, Self.fingerprint)
                }
                Self.seal(&segments[number], offset, offset + 40, root)
                Self.seal(&segments[number], offset, end - 8, root)
                previous = Self.word(segments[number], end - 8)
                if segments[number][offset + 6] == 1 { batch += 1 }
                let isSeal = segments[number][offset + 4] == 5
                offset = end
                if isSeal { break }
            }
            chain = previous
        }
    }

    /// Where the record at `offset` ends; `nil` if it does not fit.
    private static func end(of offset: Int, in bytes: [UInt8]) -> Int? {
        guard offset + 56 <= bytes.count else { return nil }
        let length = Int(Self.word(bytes, offset) & 0xFFFF_FFFF)
        let end = offset + 56 + (length + 7) / 8 * 8
        // Zeros are free space, not a record.
        return end <= bytes.count && Self.word(bytes, offset) != 0 ? end : nil
    }

    private static func seal(_ bytes: inout [UInt8], _ start: Int, _ end: Int, _ root: UInt64) {
        let hash = XXH64.hash(bytes.span.extracting(start..<end), seed: root)
        Self.set(&bytes, end, Self.marked(hash))
    }

    private static func marked(_ hash: UInt64) -> UInt64 {
        hash & 0x00FF_FFFF_FFFF_FFFF | 0xBD << 56
    }

    private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
        guard offset + 8 <= bytes.count else { return 0 }
        return (0..<8).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    }

    private static func set(_ bytes: inout [UInt8], _ offset: Int, _ word: UInt64) {
        for byte in 0..<8 { bytes[offset + byte] = UInt8(truncatingIfNeeded: word >> (8 * byte)) }
    }

    /// The hash of the identity file, which roots every chain.
    private static let fingerprint: UInt64 = {
        let files = SimulatedFileSystem(seed: 0)
        guard let log = try? Self.open(files) else { preconditionFailure("an empty disk opens") }
        log.close()
        let bytes = files.contents(Self.folder + "/identity") ?? []
        return Self.marked(XXH64.hash(bytes.span, seed: 0))
    }()

    private static func open(
        _ files: SimulatedFileSystem
    ) throws(StorageError) -> LogStorage<SimulatedFileSystem> {
        try LogStorage.open(
            directory: Self.folder,
            identity: Self.identity,
            files: files,
            limits: Self.limits
        )
    }

    private static func path(_ sequence: UInt64) -> String {
        let number = String(sequence, radix: 16)
        let zeros = String(repeating: "0", count: 16 - number.count)
        return Self.folder + "/" + zeros + number + ".log"
    }

    /// Reads all entries, appends one, moves the base; returns how many entries there were.
    private static func use(_ log: LogStorage<SimulatedFileSystem>) throws(StorageError) -> Int {
        var next = log.first
        while next <= log.last.index {
            let found = try log.read(from: next, through: log.last.index, bytesMax: 1 << 16)
            precondition(found.first?.index == next, "entries come in order")
            next = next.advanced(by: found.count)
        }
        precondition(log.first == log.base.index.next, "no gap after the base")
        precondition(next == log.last.index.next, "every entry was read")
        let indexes = log.memberships.map { $0.index }
        precondition(indexes.allSatisfy { $0 <= log.last.index }, "memberships are in the log")
        let count = Int(next.rawValue - log.first.rawValue)
        // Where nothing can follow, as the largest index says, nothing is appended.
        guard next.rawValue < UInt64(Int.max) - 1 else { return count }
        let entry = Entry(term: log.last.term, index: next, kind: .command, payload: [1])
        try log.append(hardState: HardState(term: Term(1)), entries: [entry])
        let base = LogPosition(term: entry.term, index: next)
        try log.compact(to: base, membership: [1])
        return count
    }
}
