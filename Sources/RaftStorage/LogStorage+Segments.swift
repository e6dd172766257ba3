internal import Raft

extension LogStorage {
    /// Creates the next segment ahead of need, so that no append waits for it.
    ///
    /// Call when the log thread is idle. Does nothing before half of the active segment is used.
    /// `.diskFull` is harmless: the append that needs the segment tries again.
    package func prepareNextSegment() throws(StorageError) {
        try self.checkUsable()
        let isHalfUsed = self.tail > self.segments[self.segments.count - 1].bytes / 2
        guard self.spare == nil, self.successor == nil, isHalfUsed else { return }
        try self.createSpare(bytes: self.limits.segmentBytes)
    }

    /// Makes a new segment active that holds at least `batchBytes`, and seals the one before it.
    ///
    /// The order is what recovery relies on: the successor is in place, durably, before the seal
    /// that promises it, and the seal is durable before the successor's first record. A full disk
    /// interrupts it without harm at any point; the next call continues.
    func advanceSegment(batchBytes: Int) throws(StorageError) {
        let needed =
            SegmentHeader.recordBytes + batchBytes + self.limits.reserveBytes + Self.sealBytes
        guard needed < RaftStorageLimits.segmentBytesMax else {
            throw StorageError(code: .limitExceeded, message: "a batch of \(batchBytes) bytes")
        }
        let current = self.segments[self.segments.count - 1].sequence
        // An active segment without a header is only replaced, by a larger one.
        let isReplacement = self.tail == 0
        let sequence = isReplacement ? current : current + 1
        let next = try self.placeSuccessor(sequence: sequence, needed: needed)
        if !isReplacement { try self.seal(successor: sequence) }
        self.folder.files.close(self.active)
        if isReplacement { self.segments.removeLast() }
        self.active = next.file
        self.successor = nil
        self.tail = 0
        self.dirtyEnd = 0
        self.segments.append(Segment(sequence: sequence, root: self.chain, bytes: next.bytes))
    }

    /// Puts a file of at least `needed` bytes in place under the next number, durably.
    private func placeSuccessor(
        sequence: UInt64,
        needed: Int
    ) throws(StorageError) -> (file: Files.File, bytes: Int) {
        if let successor = self.successor {
            if successor.bytes >= needed { return successor }
            // Stays in place, empty, until the larger one is renamed over it.
            self.folder.files.close(successor.file)
            self.successor = nil
        }
        if let spare = self.spare, spare.bytes < needed {
            self.folder.files.close(spare.file)
            self.spare = nil
        }
        if self.spare == nil {
            let page = 4_096
            let rounded = (needed + page - 1) / page * page
            try self.createSpare(bytes: max(self.limits.segmentBytes, rounded))
        }
        guard let spare = self.spare else { preconditionFailure("created above") }
        let path = self.folder.path(FileName.segment(sequence))
        try self.terminally(isFullDiskHarmless: true) { () throws(StorageError) in
            try self.folder.files.rename(self.folder.path(FileName.spare), to: path)
        }
        self.spare = nil
        self.successor = spare
        try self.terminally(isFullDiskHarmless: false) { () throws(StorageError) in
            try self.folder.files.synchronizeDirectory(self.folder.directory)
        }
        return spare
    }

    private func createSpare(bytes: Int) throws(StorageError) {
        let file = try self.terminally(isFullDiskHarmless: true) { () throws(StorageError) in
            try self.folder.createSpare(bytes: bytes)
        }
        self.spare = (file, bytes)
    }

    /// Ends the active segment with the promise of its successor.
    private func seal(successor sequence: UInt64) throws(StorageError) {
        self.buffer.start(
            root: self.segments[self.segments.count - 1].root,
            chain: self.chain,
            batch: self.nextBatch,
            bytes: Self.sealBytes
        )
        self.buffer.add(.seal, at: self.last, words: [sequence], endsBatch: true)
        try self.flushBuffer()
    }
}
