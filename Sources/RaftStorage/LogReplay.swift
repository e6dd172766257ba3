internal import Raft

/// Rebuilds the state of a log from its segments, read in order.
///
/// Performs no I/O.
struct LogReplay {
    /// Where a segment's whole batches end.
    struct Extent: Hashable {
        var root: UInt64
        /// The end of the last whole batch.
        var tail: Int
        /// The end of what is not zero: past `tail` if a batch was half written.
        var contentEnd: Int
    }

    /// The record of a dropped prefix.
    struct Drop: Hashable {
        var through: LogPosition
        var firstSequence: UInt64
    }

    private let fingerprint: UInt64
    /// The checksum of the last record of the last whole batch.
    private(set) var chain: UInt64
    private(set) var nextBatch: UInt64 = 1
    private(set) var hardState = HardState()
    private(set) var last = LogPosition.zero
    private(set) var index = EntryIndex(first: LogIndex(1))
    private(set) var drop: Drop?
    /// Whether the last segment read says that it has a successor.
    private(set) var isSealed = false
    /// True until a segment was read: nothing is known about what came before it.
    private var isAtStart = true
    private var isPrefixMissing = false

    private struct Staged {
        var header: RecordHeader
        var offset: Int
    }

    init(fingerprint: UInt64) {
        self.fingerprint = fingerprint
        self.chain = fingerprint
    }

    /// Reads a segment that is not all zero.
    ///
    /// `mayBeTorn` is true for the last one that has content: only there a crash may have left a
    /// half-written batch.
    mutating func read(
        _ bytes: UnsafeRawBufferPointer,
        file: String,
        sequence: UInt64,
        mayBeTorn: Bool
    ) throws(StorageError) -> Extent {
        let root = try self.root(bytes, file: file, sequence: sequence)
        if self.isSealed == self.isAtStart {
            throw .corrupt(file: file, offset: 0, "the segment before it was never sealed")
        }
        self.isSealed = false
        var staged: [Staged] = []
        var batchStart = 0
        var offset = 0
        var chain = self.chain
        while !self.isSealed {
            let check = RecordHeader.check(bytes, at: offset, root: root)
            if case .unknown = check { throw Self.unsupported(file: file, offset: offset) }
            guard case .valid(let header, let checksum) = check,
                header.previous == chain, header.batch == self.nextBatch
            else { break }
            staged.append(Staged(header: header, offset: offset))
            offset += header.recordBytes
            chain = checksum
            if header.endsBatch {
                for record in staged {
                    try self.apply(record, in: bytes, file: file, sequence: sequence)
                }
                staged.removeAll(keepingCapacity: true)
                self.chain = chain
                self.nextBatch += 1
                batchStart = offset
            }
        }
        self.isAtStart = false
        if self.isSealed { return Extent(root: root, tail: batchStart, contentEnd: batchStart) }
        guard mayBeTorn else {
            throw .corrupt(
                file: file,
                offset: offset,
                "no valid record, although more segments follow"
            )
        }
        switch TornTail.verdict(bytes, at: offset, root: root, batch: self.nextBatch) {
        case .clean:
            return Extent(root: root, tail: batchStart, contentEnd: offset)
        case .torn(let end):
            return Extent(root: root, tail: batchStart, contentEnd: end)
        case .damaged(let offset, let reason):
            throw .corrupt(file: file, offset: offset, reason)
        }
    }

    /// Applies what a dropped prefix means once all segments were read.
    mutating func finish(lowestSequence: UInt64, file: String) throws(StorageError) {
        let lowestNeeded = self.drop?.firstSequence ?? 1
        if lowestSequence > lowestNeeded {
            throw .corrupt(
                file: file,
                offset: 0,
                "segment \(FileName.segment(lowestSequence - 1)) is missing"
            )
        }
        guard let drop = self.drop else { return }
        let first = drop.through.index.next
        guard first >= self.index.first, first <= self.index.end else {
            throw .corrupt(file: file, offset: 0, "entries after \(drop.through) are missing")
        }
        self.index.dropPrefix(before: first)
        if self.index.isEmpty { self.last = drop.through }
    }

    /// Finds the value that seals the segment, and where the first segment left begins.
    private mutating func root(
        _ bytes: UnsafeRawBufferPointer,
        file: String,
        sequence: UInt64
    ) throws(StorageError) -> UInt64 {
        guard self.isAtStart, sequence > 1 else { return self.chain }
        // Its predecessors were dropped, which only happens when it holds whole batches.
        guard case .valid(let header, _) = RecordHeader.check(bytes, at: 0, root: nil),
            header.type == .segmentHeader, let base = bytes.baseAddress
        else { throw .corrupt(file: file, offset: 0, "the first segment left has no valid header") }
        guard
            let before = SegmentHeader(
                payload: base + RecordHeader.bytes,
                bytes: header.payloadBytes
            )
        else { throw Self.unsupported(file: file, offset: 0) }
        self.chain = header.previous
        self.nextBatch = header.batch
        self.hardState = before.hardState
        self.last = header.position
        self.index.restart(at: header.position.index.next)
        self.isPrefixMissing = true
        return header.previous
    }

    private mutating func apply(
        _ record: Staged,
        in bytes: UnsafeRawBufferPointer,
        file: String,
        sequence: UInt64
    ) throws(StorageError) {
        guard let base = bytes.baseAddress else { preconditionFailure("a record was read") }
        let header = record.header
        let payload = base + record.offset + RecordHeader.bytes
        let problem: String?
        if (header.type == .segmentHeader) != (record.offset == 0) {
            problem = "a segment header where none belongs, or none where one does"
        } else {
            switch header.type {
            case .segmentHeader:
                problem = try self.apply(
                    segmentHeader: header,
                    payload: payload,
                    file: file,
                    sequence: sequence
                )
            case .entry:
                let location = EntryIndex.Location(sequence: sequence, offset: record.offset)
                problem = self.apply(entry: header, location: location)
            case .hardState, .prefixDropped:
                problem = self.apply(state: header, payload: payload)
            case .seal:
                let isWhole = header.payloadBytes == 8 && header.endsBatch
                problem = isWhole && payload.word(at: 0) == sequence + 1 ? nil : "a malformed seal"
                self.isSealed = true
            }
        }
        if let problem { throw .corrupt(file: file, offset: record.offset, problem) }
    }

    private func apply(
        segmentHeader header: RecordHeader,
        payload: UnsafeRawPointer,
        file: String,
        sequence: UInt64
    ) throws(StorageError) -> String? {
        guard let said = SegmentHeader(payload: payload, bytes: header.payloadBytes) else {
            throw Self.unsupported(file: file, offset: 0)
        }
        if said.fingerprint != self.fingerprint { return "the segment of another node" }
        if said.sequence != sequence { return "the header of segment \(said.sequence)" }
        let isContinued = said.hardState == self.hardState && header.position == self.last
        return isContinued ? nil : "a header that contradicts the segments before it"
    }

    private mutating func apply(
        entry header: RecordHeader,
        location: EntryIndex.Location
    ) -> String? {
        guard Entry.Kind(rawValue: header.kind) != nil else { return "an unknown kind of entry" }
        let position = header.position
        guard position.index > .zero, position.index <= self.index.end else {
            return "entry \(position) leaves a gap after \(self.last)"
        }
        if position.index < self.index.first {
            // Replaces a suffix that began in a segment which was dropped since.
            guard self.isPrefixMissing else { return "entry \(position) is before the log" }
            self.index.restart(at: position.index)
        }
        self.index.set(position.index, location)
        self.last = position
        return nil
    }

    private mutating func apply(state header: RecordHeader, payload: UnsafeRawPointer) -> String? {
        guard header.payloadBytes == 8 else { return "a malformed record" }
        let word = payload.word(at: 0)
        if header.type == .hardState {
            self.hardState = HardState(
                term: header.position.term,
                vote: word == 0 ? nil : NodeID(word),
                commit: header.position.index
            )
        } else {
            self.drop = Drop(through: header.position, firstSequence: word)
        }
        return nil
    }

    private static func unsupported(file: String, offset: Int) -> StorageError {
        StorageError(
            code: .unsupportedFormat,
            message: "\(file), offset \(offset): written by a later version of bandera; start "
                + "that version on this folder again"
        )
    }
}
