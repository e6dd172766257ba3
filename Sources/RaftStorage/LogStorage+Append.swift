package import Raft

extension LogStorage {
    /// The room that every segment keeps for its last record.
    static var sealBytes: Int { RecordHeader.recordBytes(payloadBytes: 8) }

    /// Makes a batch durable: one write, one `fdatasync`.
    ///
    /// `entries` are contiguous, start inside the log or right after it, and replace everything
    /// from the first one's index on. Throws `.diskFull` without any effect: nothing was
    /// acknowledged, and the same call may be made again. Throws `.limitExceeded` without any
    /// effect. Any other error is terminal: every later call throws `.poisoned`.
    package func append(hardState: HardState?, entries: [Entry]) throws(StorageError) {
        try self.checkUsable()
        if hardState == nil, entries.isEmpty { return }
        precondition(hardState?.vote?.rawValue != 0, "a node's identity is never 0")
        let bytes = try self.batchBytes(hardState: hardState, entries: entries)
        var offset = try self.write(bytes: bytes, reserve: self.limits.reserveBytes) { buffer in
            if let hardState {
                buffer.add(
                    .hardState,
                    at: LogPosition(term: hardState.term, index: hardState.commit),
                    words: [hardState.vote?.rawValue ?? 0],
                    endsBatch: entries.isEmpty
                )
            }
            for position in entries.indices {
                buffer.add(entries[position], endsBatch: position == entries.count - 1)
            }
        }
        if let hardState {
            self.hardState = hardState
            offset += RecordHeader.recordBytes(payloadBytes: 8)
        }
        let sequence = self.segments[self.segments.count - 1].sequence
        if let first = entries.first { self.history.truncate(from: first.index) }
        for entry in entries {
            if entry.kind == .configuration { self.history.append(entry.index, entry.payload) }
            self.index.set(entry.index, EntryIndex.Location(sequence: sequence, offset: offset))
            offset += RecordHeader.recordBytes(payloadBytes: entry.payload.count)
        }
        if let entry = entries.last {
            self.last = LogPosition(term: entry.term, index: entry.index)
        }
        precondition(entries.isEmpty || offset == self.tail, "the batch ends where it was sized to")
    }

    /// Writes and syncs one batch that `fill` encodes.
    ///
    /// Leaves `reserve` bytes of the segment free. Returns where its first record starts.
    func write(
        bytes: Int,
        reserve: Int,
        _ fill: (inout BatchBuffer) -> Void
    ) throws(StorageError) -> Int {
        try self.zeroDirtyTail()
        var headerBytes = self.tail == 0 ? SegmentHeader.recordBytes : 0
        let needed = self.tail + headerBytes + bytes + reserve + Self.sealBytes
        if needed > self.segments[self.segments.count - 1].bytes {
            try self.advanceSegment(batchBytes: bytes)
            headerBytes = SegmentHeader.recordBytes
        }
        let segment = self.segments[self.segments.count - 1]
        self.buffer.start(
            root: segment.root,
            chain: self.chain,
            batch: self.nextBatch,
            bytes: headerBytes + bytes
        )
        if headerBytes > 0 {
            let header = SegmentHeader(
                sequence: segment.sequence,
                fingerprint: self.fingerprint,
                hardState: self.hardState
            )
            self.buffer.add(.segmentHeader, at: self.last, words: header.words, endsBatch: false)
        }
        fill(&self.buffer)
        precondition(self.buffer.count == headerBytes + bytes, "the batch has the size computed")
        try self.flushBuffer()
        return self.tail - bytes
    }

    /// Writes the buffer at the tail and syncs it; advances the tail and the chain.
    func flushBuffer() throws(StorageError) {
        let end = self.tail + self.buffer.count
        self.dirtyEnd = end
        try self.terminally(isFullDiskHarmless: true) { () throws(StorageError) in
            try self.buffer.withBytes { bytes throws(StorageError) in
                try self.folder.files.write(bytes, to: self.active, at: self.tail)
            }
        }
        try self.terminally(isFullDiskHarmless: false) { () throws(StorageError) in
            try self.folder.files.synchronize(self.active)
        }
        self.tail = end
        self.chain = self.buffer.chain
        self.nextBatch += 1
    }

    /// Clears what a write that met a full disk left behind, before anything is written over it:
    /// recovery relies on unwritten space being zero.
    private func zeroDirtyTail() throws(StorageError) {
        guard self.dirtyEnd > self.tail else { return }
        let range = self.tail..<self.dirtyEnd
        try self.terminally(isFullDiskHarmless: true) { () throws(StorageError) in
            try self.folder.zero(self.active, range)
        }
        self.dirtyEnd = self.tail
    }

    private func batchBytes(hardState: HardState?, entries: [Entry]) throws(StorageError) -> Int {
        guard entries.count <= self.limits.batchEntriesMax else {
            throw Self.limitExceeded("\(entries.count) entries", self.limits.batchEntriesMax)
        }
        var bytes = hardState == nil ? 0 : RecordHeader.recordBytes(payloadBytes: 8)
        if let first = entries.first {
            precondition(
                first.index >= self.index.first && first.index <= self.index.end,
                "entry \(first.index) does not continue the log \(self.index.first)-\(self.last)"
            )
        }
        for position in entries.indices {
            let entry = entries[position]
            precondition(
                position == 0 || entry.index == entries[position - 1].index.next,
                "entry \(entry.index) leaves a gap in its batch"
            )
            guard entry.payload.count <= self.limits.entryBytesMax else {
                throw Self.limitExceeded(
                    "an entry of \(entry.payload.count) bytes",
                    self.limits.entryBytesMax
                )
            }
            bytes += RecordHeader.recordBytes(payloadBytes: entry.payload.count)
        }
        guard bytes <= self.limits.batchBytesMax else {
            throw Self.limitExceeded("a batch of \(bytes) bytes", self.limits.batchBytesMax)
        }
        return bytes
    }

    private static func limitExceeded(_ what: String, _ limit: Int) -> StorageError {
        StorageError(code: .limitExceeded, message: "\(what): the limit is \(limit)")
    }
}
