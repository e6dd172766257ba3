package import Raft

/// Names one copy of a record store: what it contains, and the checksum of the file.
package struct SnapshotName: Hashable, Sendable {
    /// The last entry whose effects it contains.
    package var position: LogPosition
    /// XXH64 of the whole file.
    package var checksum: UInt64

    package init(position: LogPosition, checksum: UInt64) {
        self.position = position
        self.checksum = checksum
    }
}

/// A complete description of a copy.
package struct SnapshotDescriptor: Hashable, Sendable {
    package var name: SnapshotName
    /// Bytes of the file.
    package var size: UInt64
    /// The cluster configuration at the position.
    package var membership: Membership

    package init(name: SnapshotName, size: UInt64, membership: Membership) {
        self.name = name
        self.size = size
        self.membership = membership
    }
}

/// A leader has a copy for a node whose next entry is gone from the log.
package struct SnapshotOffer: Hashable, Sendable {
    package var descriptor: SnapshotDescriptor
    /// The leader's.
    package var term: Term

    package init(descriptor: SnapshotDescriptor, term: Term) {
        self.descriptor = descriptor
        self.term = term
    }
}

/// A part of a copy.
package struct SnapshotChunk: Hashable, Sendable {
    package var name: SnapshotName
    package var offset: UInt64
    /// XXH64 of the bytes, with the offset as its seed: a chunk in the wrong place is noticed.
    package var checksum: UInt64
    package var bytes: [UInt8]

    package init(name: SnapshotName, offset: UInt64, checksum: UInt64, bytes: [UInt8]) {
        self.name = name
        self.offset = offset
        self.checksum = checksum
        self.bytes = bytes
    }
}

/// How much of a copy the sender of this has.
package struct SnapshotStatus: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        /// Everything before the offset is written; what follows is wanted.
        case receiving
        /// It is complete, checked and durable, or no longer needed.
        case complete
        /// It could not be kept, or another one is wanted: start again.
        case refused
    }

    package var name: SnapshotName
    package var offset: UInt64
    package var state: State

    package init(name: SnapshotName, offset: UInt64, state: State) {
        self.name = name
        self.offset = offset
        self.state = state
    }
}
