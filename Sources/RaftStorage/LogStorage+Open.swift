internal import Raft

/// What opening a folder found, from which a `LogStorage` is made.
struct OpenedLog<Files: FileSystem> {
    var recovered: Recovered
    var replay: LogReplay
    var fingerprint: UInt64
    var lockFile: Files.File
    var segments: [LogStorage<Files>.Segment]
    var active: Files.File
    var tail: Int
}

extension LogStorage {
    /// Opens the log in `directory`, creating it if it does not exist; its parent must exist.
    ///
    /// Reads and verifies all of it. Cuts, durably, a batch that a crash left half written. Throws
    /// `.locked`, `.foreignFolder`, `.unsupportedFormat`, `.corrupt`, `.diskFull` or
    /// `.inputOutput`, each with a message for an operator.
    package static func open(
        directory: String,
        identity: LogIdentity,
        files: Files,
        limits: RaftStorageLimits = RaftStorageLimits()
    ) throws(StorageError) -> LogStorage {
        let folder = LogFolder(directory: directory, files: files)
        try files.createDirectory(directory)
        try files.synchronizeDirectory(Self.parent(of: directory))
        let lockFile = try files.lock(folder.path(FileName.lock))
        do {
            try folder.removeDrafts()
            try folder.prepare(identity, segmentBytes: limits.segmentBytes)
            let opened = try Self.replay(folder, identity: identity, lockFile: lockFile)
            return LogStorage(opened, folder: folder, limits: limits)
        } catch {
            files.close(lockFile)
            throw error
        }
    }

    private static func replay(
        _ folder: LogFolder<Files>,
        identity: LogIdentity,
        lockFile: Files.File
    ) throws(StorageError) -> OpenedLog<Files> {
        let all = try folder.sequences()
        let live = Self.lastRun(all)
        guard let lowest = live.first, let newest = live.last else {
            throw .corrupt(file: folder.directory, offset: 0, "every segment is missing")
        }
        var replay = LogReplay(fingerprint: identity.fingerprint)
        var segments: [Segment] = []
        var tail = 0
        var cut = 0
        let newestIsBlank = try folder.isBlank(newest)
        let lastWritten = newestIsBlank ? newest - 1 : newest
        for sequence in live where sequence <= lastWritten {
            let name = folder.path(FileName.segment(sequence))
            let bytes = try folder.contents(sequence)
            let extent = try bytes.withUnsafeBufferPointer { bytes throws(StorageError) in
                try replay.read(
                    UnsafeRawBufferPointer(bytes),
                    file: name,
                    sequence: sequence,
                    mayBeTorn: sequence == lastWritten
                )
            }
            segments.append(Segment(sequence: sequence, root: extent.root, bytes: bytes.count))
            tail = extent.tail
            if extent.contentEnd > extent.tail {
                cut = extent.contentEnd - extent.tail
                try folder.zero(sequence, extent.tail..<min(extent.contentEnd, bytes.count))
            }
            if sequence == lastWritten {
                try folder.rewrite(sequence, bytes[extent.lastBatch], at: extent.lastBatch)
            }
        }
        if newestIsBlank, replay.isSealed || segments.isEmpty {
            let bytes = try folder.size(newest)
            segments.append(Segment(sequence: newest, root: replay.chain, bytes: bytes))
            tail = 0
        } else if newestIsBlank {
            // Created, but its predecessor was not sealed any more: as if it never was.
            try folder.removeSegments([newest])
        } else if replay.isSealed {
            throw .corrupt(
                file: folder.path(FileName.segment(newest + 1)),
                offset: 0,
                "the segment is missing, although its predecessor says that it was written"
            )
        }
        try replay.finish(lowestSequence: lowest, file: folder.path(FileName.segment(lowest)))
        try Self.removeDropped(&segments, all: all, replay: replay, folder: folder)
        guard let last = segments.last else { preconditionFailure("one segment is active") }
        return OpenedLog(
            recovered: Recovered(
                hardState: replay.hardState,
                first: replay.index.first,
                last: replay.last,
                tailCut: cut
            ),
            replay: replay,
            fingerprint: identity.fingerprint,
            lockFile: lockFile,
            segments: segments,
            active: try folder.openSegment(last.sequence),
            tail: tail
        )
    }

    /// Finishes a removal of dropped segments that a crash interrupted.
    ///
    /// Nothing else may be missing.
    private static func removeDropped(
        _ segments: inout [Segment],
        all: [UInt64],
        replay: LogReplay,
        folder: LogFolder<Files>
    ) throws(StorageError) {
        let needed = replay.base?.firstSequence ?? 1
        let stale = all.filter { $0 < needed }
        let lowest = segments[0].sequence
        if let stranded = all.last(where: { $0 < lowest && $0 >= needed }) {
            throw .corrupt(
                file: folder.path(FileName.segment(stranded + 1)),
                offset: 0,
                "the segment is missing"
            )
        }
        segments.removeAll { $0.sequence < needed }
        if !stale.isEmpty { try folder.removeSegments(stale) }
    }

    /// The longest run without a gap that ends with the last sequence.
    private static func lastRun(_ sequences: [UInt64]) -> ArraySlice<UInt64> {
        var start = max(sequences.count - 1, 0)
        while start > 0, sequences[start - 1] + 1 == sequences[start] { start -= 1 }
        return sequences[start...]
    }

    private static func parent(of directory: String) -> String {
        guard let slash = directory.lastIndex(of: "/") else { return "." }
        return slash == directory.startIndex ? "/" : String(directory[..<slash])
    }
}
