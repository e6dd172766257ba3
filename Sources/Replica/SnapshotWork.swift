package import Flags
package import PeerProtocol
package import Raft

/// A copy of the record store that the shell made, complete and closed.
package struct SnapshotCopy: Hashable, Sendable {
    /// What it contains.
    package var revision: Revision
    /// Bytes of the file.
    package var size: UInt64
    /// XXH64 of the file, seed 0.
    package var checksum: UInt64

    package init(revision: Revision, size: UInt64, checksum: UInt64) {
        self.revision = revision
        self.size = size
        self.checksum = checksum
    }
}

/// Bytes of the copy that are to be read for a peer: answer with `Replica.snapshotRead`.
package struct SnapshotRead: Hashable, Sendable {
    package let name: SnapshotName
    package let peer: NodeID
    package let offset: UInt64
    package let count: Int
}

/// What is to be done with the file of an incoming snapshot, in order.
package enum SnapshotStep: Hashable, Sendable {
    /// Begin an empty file for this snapshot; whatever was received of another is removed.
    ///
    /// The descriptor is kept beside the file, so that the next life of the process can go on.
    case begin(SnapshotDescriptor)
    /// Write at this offset, then call `Replica.snapshotWritten`.
    ///
    /// It need not be durable.
    case write(SnapshotName, offset: UInt64, bytes: [UInt8])
    /// Every byte was written: compare the checksum of the file as it is read back with the one in
    /// the name, make it durable, give it the name `ledger.install`, make the directory durable,
    /// then call `Replica.snapshotFinished`.
    case finish(SnapshotDescriptor)
    /// Remove what there is of it, under either name.
    case discard(SnapshotName)
}

/// What a process found of a snapshot that an earlier life began to receive.
package struct PartialSnapshot: Hashable, Sendable {
    package var descriptor: SnapshotDescriptor
    /// Everything before this offset is in the file.
    package var received: UInt64

    package init(descriptor: SnapshotDescriptor, received: UInt64) {
        self.descriptor = descriptor
        self.received = received
    }
}

/// What the log may forget: perform it on the log thread with `LogStorage.compact`, then call
/// `Replica.compacted`.
package struct Compaction: Hashable, Sendable {
    /// The last entry that may go.
    package let base: LogPosition
    /// The membership in effect there.
    package let membership: Membership
}
