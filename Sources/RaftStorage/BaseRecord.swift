package import Raft

/// A configuration entry's index and payload, as the log keeps them beside the entries.
package typealias StoredMembership = (index: LogIndex, payload: [UInt8])

/// Where the log begins: the payload of a record that moves its base.
struct BaseRecord {
    static let fixedBytes = 16

    /// The last entry before the log.
    var position: LogPosition
    /// Segments before this one are no longer needed.
    var firstSequence: UInt64
    /// The membership in force at the base.
    var membership: StoredMembership

    static func payloadBytes(membershipBytes: Int) -> Int { Self.fixedBytes + membershipBytes }

    var payload: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.payloadBytes(membershipBytes: self.membership.payload.count))
        for word in [self.firstSequence, self.membership.index.rawValue] {
            withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes + self.membership.payload
    }

    init(position: LogPosition, firstSequence: UInt64, membership: StoredMembership) {
        self.position = position
        self.firstSequence = firstSequence
        self.membership = membership
    }

    /// Reads the payload; `nil` if it cannot be one.
    init?(position: LogPosition, payload: UnsafeRawPointer, bytes: Int) {
        guard bytes > Self.fixedBytes else { return nil }
        let index = LogIndex(payload.word(at: 8))
        guard index <= position.index else { return nil }
        let membership = UnsafeRawBufferPointer(
            start: payload + Self.fixedBytes,
            count: bytes - Self.fixedBytes
        )
        self.position = position
        self.firstSequence = payload.word(at: 0)
        self.membership = (index, Array(membership))
    }
}

/// The memberships that a log knows: the one at its base, then every configuration entry.
///
/// Follows truncations, so that a membership whose entry was replaced is forgotten with it.
struct MembershipHistory {
    /// Ascending by index.
    ///
    /// At most the first one is not after the base.
    private(set) var all: [StoredMembership] = []

    /// Records an appended configuration entry.
    mutating func append(_ index: LogIndex, _ payload: [UInt8]) {
        self.truncate(from: index)
        self.all.append((index, payload))
    }

    /// Forgets the configurations at and after an index that is being replaced.
    mutating func truncate(from index: LogIndex) {
        while let last = self.all.last, last.index >= index { self.all.removeLast() }
    }

    /// Moves the base: its membership stands for all before it.
    mutating func rebase(_ base: LogIndex, _ membership: StoredMembership) {
        self.all.removeAll { $0.index <= base }
        self.all.insert(membership, at: 0)
    }

    /// Forgets everything but the base's membership.
    mutating func restart(_ membership: StoredMembership) { self.all = [membership] }
}
