internal import Raft

/// The files of one data folder: names, creation, and the rules that make both crash-safe.
struct LogFolder<Files: FileSystem> {
    let directory: String
    let files: Files

    func path(_ name: String) -> String { self.directory + "/" + name }

    /// Creates the folder if need be, and the first segment and the identity if they are missing.
    ///
    /// The identity file is written last: without it the folder was never used.
    func prepare(_ identity: LogIdentity, segmentBytes: Int) throws(StorageError) {
        if let file = try self.files.open(self.path(FileName.identity)) {
            defer { self.files.close(file) }
            let bytes = try self.contents(file)
            return try identity.check(file: self.path(FileName.identity), bytes: bytes)
        }
        for sequence in try self.sequences() {
            guard try self.isBlank(sequence) else {
                throw .corrupt(
                    file: self.path(FileName.identity),
                    offset: 0,
                    "the identity file is missing, although the folder holds a log"
                )
            }
            try self.files.remove(self.path(FileName.segment(sequence)))
        }
        try self.files.close(self.createSpare(bytes: segmentBytes))
        try self.activateSpare(sequence: 1)
        try self.write(identity)
    }

    /// Removes what an interrupted creation left behind.
    func removeDrafts() throws(StorageError) {
        for name in try self.files.list(self.directory)
        where name == FileName.spare || name == FileName.identityDraft {
            try self.files.remove(self.path(name))
        }
    }

    /// The sequences of the segment files, ascending.
    func sequences() throws(StorageError) -> [UInt64] {
        let found = try self.files.list(self.directory).compactMap { FileName.sequence($0) }
        guard found.count <= RaftStorageLimits.segmentsMax else {
            throw StorageError(
                code: .limitExceeded,
                message:
                    "\(self.directory) holds more than \(RaftStorageLimits.segmentsMax) segments"
            )
        }
        return found.sorted()
    }

    /// Creates a preallocated, durable file of zeros under the spare's name.
    func createSpare(bytes: Int) throws(StorageError) -> Files.File {
        let path = self.path(FileName.spare)
        let file = try self.files.create(path)
        do {
            try self.files.preallocate(file, bytes: bytes)
            try self.files.synchronize(file)
        } catch {
            self.files.close(file)
            // Gives the space back; a second failure changes nothing about the first.
            try? self.files.remove(path)
            throw error
        }
        return file
    }

    /// Gives the spare its number, durably.
    func activateSpare(sequence: UInt64) throws(StorageError) {
        try self.files.rename(
            self.path(FileName.spare),
            to: self.path(FileName.segment(sequence))
        )
        try self.files.synchronizeDirectory(self.directory)
    }

    func openSegment(_ sequence: UInt64) throws(StorageError) -> Files.File {
        let path = self.path(FileName.segment(sequence))
        guard let file = try self.files.open(path) else {
            throw .corrupt(file: path, offset: 0, "the segment is missing")
        }
        return file
    }

    /// The whole segment.
    func contents(_ sequence: UInt64) throws(StorageError) -> [UInt8] {
        let file = try self.openSegment(sequence)
        defer { self.files.close(file) }
        return try self.contents(file)
    }

    func size(_ sequence: UInt64) throws(StorageError) -> Int {
        let file = try self.openSegment(sequence)
        defer { self.files.close(file) }
        return try self.files.size(file)
    }

    /// Whether a segment holds nothing but zeros.
    func isBlank(_ sequence: UInt64) throws(StorageError) -> Bool {
        try self.contents(sequence).withUnsafeBytes {
            TornTail.endOfContent($0, from: 0) == 0
        }
    }

    /// Makes the last batch durable that was found, and the name of its segment.
    ///
    /// Being found proves nothing: it may be in the page cache only, because the process that
    /// wrote it was killed before its sync, or because the sync failed and left the pages clean.
    /// What is written anew is dirty again, so this sync reaches the disk. All batches before were
    /// synchronised before this one was written.
    func rewrite(
        _ sequence: UInt64,
        _ batch: ArraySlice<UInt8>,
        at range: Range<Int>
    ) throws(StorageError) {
        guard !range.isEmpty else { return }
        let file = try self.openSegment(sequence)
        defer { self.files.close(file) }
        try self.files.write(Array(batch).span, to: file, at: range.lowerBound)
        try self.files.synchronize(file)
        try self.files.synchronizeDirectory(self.directory)
    }

    /// Overwrites a part of a segment with zeros, durably.
    func zero(_ sequence: UInt64, _ range: Range<Int>) throws(StorageError) {
        let file = try self.openSegment(sequence)
        defer { self.files.close(file) }
        try self.zero(file, range)
    }

    func zero(_ file: Files.File, _ range: Range<Int>) throws(StorageError) {
        let zeros = [UInt8](repeating: 0, count: range.count)
        try self.files.write(zeros.span, to: file, at: range.lowerBound)
        try self.files.synchronize(file)
    }

    /// Removes segments, durably.
    func removeSegments(_ sequences: [UInt64]) throws(StorageError) {
        for sequence in sequences {
            try self.files.remove(self.path(FileName.segment(sequence)))
        }
        try self.files.synchronizeDirectory(self.directory)
    }

    /// The whole file.
    func contents(_ file: Files.File) throws(StorageError) -> [UInt8] {
        let size = try self.files.size(file)
        guard size < RaftStorageLimits.segmentBytesMax else {
            throw StorageError(
                code: .limitExceeded,
                message: "a file in \(self.directory) has \(size) bytes, more than any segment"
            )
        }
        var bytes = [UInt8](repeating: 0, count: size)
        var span = bytes.mutableSpan
        let count = try self.files.read(into: &span, from: file, at: 0)
        bytes.removeSubrange(count...)
        return bytes
    }

    private func write(_ identity: LogIdentity) throws(StorageError) {
        let draft = self.path(FileName.identityDraft)
        let file = try self.files.create(draft)
        defer { self.files.close(file) }
        try self.files.write(identity.fileBytes.span, to: file, at: 0)
        try self.files.synchronize(file)
        try self.files.rename(draft, to: self.path(FileName.identity))
        try self.files.synchronizeDirectory(self.directory)
    }
}
