package import Raft

/// Moving the log's base: after a snapshot of one's own, or with one that came from a peer.
extension LogStorage {
    /// The last entry before `first`; `.zero` in a log that begins at its beginning.
    ///
    /// Its term is known although the entry is not there.
    package var base: LogPosition { self.baseRecord?.position ?? .zero }

    /// The base's membership and every configuration entry after it, ascending.
    ///
    /// Empty in a log that was never compacted and has no configuration entry. The index of the
    /// first one may be lower than the base's.
    package var memberships: [StoredMembership] { self.history.all }

    /// Drops the entries up to `base`, which the caller's durable state covers.
    ///
    /// `first` becomes `base.index + 1`; space is released by whole segments. `membership` is the
    /// one in force at `base` (item 31), `membershipIndex` where it was appended. The record that
    /// says so is durable before any segment is removed (item 36). A base that is not later than
    /// the present one changes nothing. `.diskFull` is harmless; any other error is terminal,
    /// unless it is about reading the entry at `base`. Costs one sync: call it rarely.
    package func compact(
        to base: LogPosition,
        membership: [UInt8],
        membershipIndex: LogIndex? = nil
    ) throws(StorageError) {
        try self.checkUsable()
        guard base.index > self.base.index else { return }
        let held = try self.heldPosition(base.index)
        precondition(held == base, "the log holds \(held?.description ?? "nothing"), not \(base)")
        // What follows the base begins in this segment; if nothing does, in the active one.
        let kept = base.index == self.last.index ? nil : self.index[base.index.next].sequence
        try self.move(
            .compacted,
            to: base,
            membership: (membershipIndex ?? base.index, membership),
            kept: kept
        )
        self.index.dropPrefix(before: base.index.next)
        self.history.rebase(base.index, (membershipIndex ?? base.index, membership))
        try self.release()
    }

    /// Replaces the log by "everything through `base`", which a snapshot that is durable holds.
    ///
    /// Entries after `base` stay if the log holds `base` itself, same term, and are discarded
    /// otherwise; term and vote stay. One record does it, so a crash leaves the old log or the new
    /// one. The next entry is `base.index + 1`. An older or a repeated snapshot changes nothing
    /// (item 38). Errors are those of `compact`.
    package func install(
        base: LogPosition,
        membership: [UInt8],
        membershipIndex: LogIndex? = nil
    ) throws(StorageError) {
        try self.checkUsable()
        guard base.index > self.base.index else { return }
        if try self.heldPosition(base.index) == base {
            return try self.compact(
                to: base,
                membership: membership,
                membershipIndex: membershipIndex
            )
        }
        try self.move(
            .installed,
            to: base,
            membership: (membershipIndex ?? base.index, membership),
            kept: nil
        )
        self.index.restart(at: base.index.next)
        self.last = base
        self.history.restart((membershipIndex ?? base.index, membership))
        try self.release()
    }

    /// Makes the record durable that moves the base.
    private func move(
        _ type: RecordType,
        to base: LogPosition,
        membership: StoredMembership,
        kept: UInt64?
    ) throws(StorageError) {
        precondition(!membership.payload.isEmpty, "a base is stored with its membership")
        precondition(membership.index <= base.index, "the membership is in force at the base")
        let payloadBytes = BaseRecord.payloadBytes(membershipBytes: membership.payload.count)
        guard payloadBytes <= self.limits.entryBytesMax else {
            throw StorageError(
                code: .limitExceeded,
                message: "a membership of \(payloadBytes) bytes: the limit is "
                    + "\(self.limits.entryBytesMax)"
            )
        }
        var written: BaseRecord?
        _ = try self.write(
            bytes: RecordHeader.recordBytes(payloadBytes: payloadBytes),
            reserve: 0
        ) { buffer in
            let record = BaseRecord(
                position: base,
                firstSequence: kept ?? self.segments[self.segments.count - 1].sequence,
                membership: membership
            )
            buffer.add(type, at: base, payload: record.payload, endsBatch: true)
            written = record
        }
        self.baseRecord = written
    }

    /// Removes the segments before the base's first one.
    ///
    /// A full disk only postpones it, to the next call or the next open: nothing depends on it.
    private func release() throws(StorageError) {
        guard let needed = self.baseRecord?.firstSequence else { return }
        if let reading = self.reading, reading.sequence < needed {
            self.folder.files.close(reading.file)
            self.reading = nil
        }
        self.released += self.segments.filter { $0.sequence < needed }.map(\.sequence)
        self.segments.removeAll { $0.sequence < needed }
        guard !self.released.isEmpty else { return }
        do {
            try self.terminally(isFullDiskHarmless: true) { () throws(StorageError) in
                while let sequence = self.released.first {
                    try self.folder.files.remove(self.folder.path(FileName.segment(sequence)))
                    self.released.removeFirst()
                }
                try self.folder.files.synchronizeDirectory(self.folder.directory)
            }
        } catch {
            if error.code != .diskFull { throw error }
        }
    }

    /// The entry's term and index; `nil` if it is not in the log.
    private func heldPosition(_ index: LogIndex) throws(StorageError) -> LogPosition? {
        if index == self.last.index { return self.last }
        guard index >= self.index.first, index < self.index.end else { return nil }
        return try self.position(of: index)
    }
}
