internal import Raft

/// Rebuilds the state of a log from its segments, read in order.
///
/// Performs no I/O.
struct LogReplay {
    /// Where a segment's whole batches end.
    struct Extent: Hashable {
        var root: UInt64
        /// The last whole batch, which ends at `tail`; empty if there is none.
        var lastBatch: Range<Int>
        /// The end of the last whole batch.
        var tail: Int { self.lastBatch.upperBound }
        /// The end of what is not zero: past `tail` if a batch was half written.
        var contentEnd: Int
    }

    private let fingerprint: UInt64
    /// The checksum of the last record of the last whole batch.
    private(set) var chain: UInt64
    private(set) var nextBatch: UInt64 = 1
    private(set) var hardState = HardState()
    private(set) var last = LogPosition.zero
    private(set) var index = EntryIndex(first: LogIndex(1))
    private(set) var history = MembershipHistory()
    /// What moved the base last.
    ///
    /// While entries before the first segment left are unknown, it may be one that a later record
    /// supersedes; `finish` tells.
    private(set) var base: BaseRecord?
    /// Whether the last segment read says that it has a successor.
    private(set) var isSealed = false
    /// True until a segment was read: nothing is known about what came before it.
    private var isAtStart = true
    /// True while entries before `index.first` may be live: their segments were removed.
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
        var lastBatch = 0..<0
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
                lastBatch = lastBatch.upperBound..<offset
            }
        }
        self.isAtStart = false
        if self.isSealed {
            return Extent(root: root, lastBatch: lastBatch, contentEnd: lastBatch.upperBound)
        }
        guard mayBeTorn else {
            throw .corrupt(
                file: file,
                offset: offset,
                "no valid record, although more segments follow"
            )
        }
        let verdict = TornTail.verdict(
            bytes,
            at: offset,
            root: root,
            chain: chain,
            batch: self.nextBatch
        )
        switch verdict {
        case .clean:
            return Extent(root: root, lastBatch: lastBatch, contentEnd: offset)
        case .torn(let end):
            return Extent(root: root, lastBatch: lastBatch, contentEnd: end)
        case .damaged(let offset, let reason):
            throw .corrupt(file: file, offset: offset, reason)
        }
    }

    /// Checks, once all segments were read, that nothing between the base and the end is missing.
    func finish(lowestSequence: UInt64, file: String) throws(StorageError) {
        let needed = self.base?.firstSequence ?? 1
        if lowestSequence > needed {
            throw .corrupt(
                file: file,
                offset: 0,
                "segment \(FileName.segment(lowestSequence - 1)) is missing"
            )
        }
        let base = self.base?.position ?? .zero
        let isWhole =
            self.index.first == base.index.next
            && (self.index.isEmpty || self.index[self.index.first].sequence >= needed)
        guard isWhole else {
            throw .corrupt(file: file, offset: 0, "entries after \(base) are missing")
        }
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
        guard header.batch <= RaftStorageLimits.indexMax,
            header.position.index.rawValue < RaftStorageLimits.indexMax
        else { throw .corrupt(file: file, offset: 0, "a segment header that nothing wrote") }
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
        if header.position.index.rawValue >= RaftStorageLimits.indexMax {
            problem = "an index that nothing wrote"
        } else if (header.type == .segmentHeader) != (record.offset == 0) {
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
                problem = self.apply(entry: header, payload: payload, location: location)
            case .hardState:
                problem = self.apply(hardState: header, payload: payload)
            case .compacted, .installed:
                problem = self.apply(base: header, payload: payload, sequence: sequence)
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
        payload: UnsafeRawPointer,
        location: EntryIndex.Location
    ) -> String? {
        guard let kind = Entry.Kind(rawValue: header.kind) else {
            return "an unknown kind of entry"
        }
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
        self.history.truncate(from: position.index)
        if kind == .configuration {
            let bytes = UnsafeRawBufferPointer(start: payload, count: header.payloadBytes)
            self.history.append(position.index, Array(bytes))
        }
        return nil
    }

    private mutating func apply(
        hardState header: RecordHeader,
        payload: UnsafeRawPointer
    ) -> String? {
        guard header.payloadBytes == 8 else { return "a malformed record" }
        let vote = payload.word(at: 0)
        self.hardState = HardState(
            term: header.position.term,
            vote: vote == 0 ? nil : NodeID(vote),
            commit: header.position.index
        )
        return nil
    }

    private mutating func apply(
        base header: RecordHeader,
        payload: UnsafeRawPointer,
        sequence: UInt64
    ) -> String? {
        let read = BaseRecord(
            position: header.position,
            payload: payload,
            bytes: header.payloadBytes
        )
        guard let record = read, (1...sequence).contains(record.firstSequence) else {
            return "a malformed record"
        }
        let position = record.position
        guard position.index > (self.base?.position.index ?? .zero) else {
            return "a base that goes back to \(position)"
        }
        self.base = record
        if header.type == .installed {
            self.index.restart(at: position.index.next)
            self.last = position
            self.history.restart(record.membership)
            self.isPrefixMissing = false
            return nil
        }
        guard position.index <= self.last.index else { return "a base after the end of the log" }
        let first = position.index.next
        // Superseded by a later one: what it kept was dropped since, with its segments.
        if first < self.index.first { return self.isPrefixMissing ? nil : "a base before the log" }
        if first == self.index.end, position != self.last { return "a base of another term" }
        self.index.dropPrefix(before: first)
        self.history.rebase(position.index, record.membership)
        self.isPrefixMissing = false
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
