package import Raft

extension LogStorage {
    /// Reads entries, verifying every record's checksums, its place and the chain between them.
    ///
    /// Both ends are inclusive. Returns at least one entry, then as many as fit `bytesMax` bytes of
    /// payload. Throws `.outOfRange` if either end is not in the log, `.corrupt` if the disk no
    /// longer holds what was written (nothing unverified is ever returned), `.inputOutput` if it
    /// cannot be read. Neither is terminal for the log; what follows is the node's decision.
    package func read(
        from: LogIndex,
        through: LogIndex,
        bytesMax: Int
    ) throws(StorageError) -> [Entry] {
        try self.checkUsable()
        guard from >= self.index.first, through < self.index.end, from <= through else {
            throw StorageError(
                code: .outOfRange,
                message: "entries \(from)-\(through) were asked for; the log holds "
                    + "\(self.index.first)-\(self.last.index)"
            )
        }
        var entries: [Entry] = []
        var payloadBytes = 0
        var window = Window(sequence: 0, start: 0, end: 0)
        var previous: (end: Int, checksum: UInt64)?
        var next = from
        while next <= through {
            let location = self.index[next]
            if !window.holdsHeader(location) {
                window = try self.load(location, bytes: self.limits.readBytes)
                previous = nil
            }
            var check = self.check(location, in: window)
            if case .badBody(let header) = check,
                location.offset + header.recordBytes > window.end,
                header.payloadBytes <= self.limits.batchBytesMax
            {
                window = try self.load(
                    location,
                    bytes: max(header.recordBytes, self.limits.readBytes)
                )
                previous = nil
                check = self.check(location, in: window)
            }
            guard case .valid(let header, let checksum) = check else {
                throw self.corrupt(location, "the record of entry \(next) is damaged")
            }
            if let previous, previous.end == location.offset, previous.checksum != header.previous {
                throw self.corrupt(location, "the record of entry \(next) breaks the chain")
            }
            guard header.type == .entry, header.position.index == next,
                let kind = Entry.Kind(rawValue: header.kind)
            else { throw self.corrupt(location, "not the record of entry \(next)") }
            if !entries.isEmpty, payloadBytes + header.payloadBytes > bytesMax { break }
            payloadBytes += header.payloadBytes
            let start = location.offset - window.start + RecordHeader.bytes
            entries.append(
                Entry(
                    term: header.position.term,
                    index: next,
                    kind: kind,
                    payload: Array(self.readBuffer[start..<start + header.payloadBytes])
                )
            )
            previous = (location.offset + header.recordBytes, checksum)
            next = next.next
        }
        return entries
    }

    /// The term and index of one entry, from its record.
    func position(of index: LogIndex) throws(StorageError) -> LogPosition {
        let entries = try self.read(from: index, through: index, bytesMax: 0)
        guard let entry = entries.first else { preconditionFailure("one entry was read") }
        return LogPosition(term: entry.term, index: entry.index)
    }

    /// The part of a segment that the read buffer holds.
    private struct Window {
        var sequence: UInt64
        var start: Int
        var end: Int

        func holdsHeader(_ location: EntryIndex.Location) -> Bool {
            location.sequence == self.sequence && location.offset >= self.start
                && location.offset + RecordHeader.bytes <= self.end
        }
    }

    private func check(_ location: EntryIndex.Location, in window: Window) -> RecordCheck {
        let position = Int(location.sequence - self.segments[0].sequence)
        let segment = self.segments[position]
        precondition(segment.sequence == location.sequence, "segments have no gaps")
        return self.readBuffer.withUnsafeBytes { bytes in
            RecordHeader.check(
                UnsafeRawBufferPointer(rebasing: bytes[0..<window.end - window.start]),
                at: location.offset - window.start,
                root: segment.root
            )
        }
    }

    private func load(_ location: EntryIndex.Location, bytes: Int) throws(StorageError) -> Window {
        let file = try self.file(of: location.sequence)
        // Taken out while it is lent, because a span cannot borrow from a class.
        var buffer = self.readBuffer
        self.readBuffer = []
        defer { self.readBuffer = buffer }
        if buffer.count < bytes { buffer = [UInt8](repeating: 0, count: bytes) }
        var span = buffer.mutableSpan
        let count = try self.folder.files.read(into: &span, from: file, at: location.offset)
        return Window(
            sequence: location.sequence,
            start: location.offset,
            end: location.offset + count
        )
    }

    private func file(of sequence: UInt64) throws(StorageError) -> Files.File {
        if sequence == self.segments[self.segments.count - 1].sequence { return self.active }
        if let reading = self.reading, reading.sequence == sequence { return reading.file }
        let file = try self.folder.openSegment(sequence)
        if let reading = self.reading { self.folder.files.close(reading.file) }
        self.reading = (sequence, file)
        return file
    }

    private func corrupt(_ location: EntryIndex.Location, _ reason: String) -> StorageError {
        .corrupt(
            file: self.folder.path(FileName.segment(location.sequence)),
            offset: location.offset,
            reason
        )
    }
}
