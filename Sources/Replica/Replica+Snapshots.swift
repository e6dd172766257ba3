package import FlagStore
package import Flags
package import PeerProtocol
package import Raft

// MARK: - Sending

extension Replica {
    /// The copy that `Turn.snapshotWanted` asked for is there; `nil` when it could not be made.
    package mutating func snapshotCopied(_ copy: SnapshotCopy?, now: Tick) {}

    /// Bytes of the copy were read; `nil` when they could not be.
    package mutating func snapshotRead(_ read: SnapshotRead, bytes: [UInt8]?, now: Tick) {}
}

// MARK: - Receiving

extension Replica {
    /// A part is in the file; `false` when it could not be written.
    package mutating func snapshotWritten(
        _ name: SnapshotName,
        through offset: UInt64,
        succeeded: Bool = true,
        now: Tick
    ) {}

    /// The file is durable under the name `ledger.install`; `false` when its checksum was wrong or
    /// it could not be kept.
    package mutating func snapshotFinished(
        _ name: SnapshotName,
        succeeded: Bool,
        now: Tick
    ) {}

    /// Log and record store were replaced as `Turn.install` asked.
    ///
    /// - Parameter store: the state that the snapshot contains.
    package mutating func installed(
        _ snapshot: SnapshotPosition,
        store: FlagStore,
        now: Tick
    ) {}
}

// MARK: - Compaction

extension Replica {
    /// Everything through `revision` in the record store survives a power failure.
    package mutating func ledgerDurable(through revision: Revision) {}

    /// The log has forgotten everything through `base`, which storage reports.
    ///
    /// Also call it, with the old base, when the log could not be compacted.
    package mutating func compacted(to base: LogPosition) {}
}
