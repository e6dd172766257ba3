/// A configuration with the log entry that made it, and what belongs to it.
///
/// The payload of an entry of the kind `configuration`; what a snapshot and the marker of a
/// compacted log carry.
package struct Membership: Hashable, Sendable {
    /// The entry that holds it; 0 for the one that the node was started with.
    package var index: LogIndex
    /// Who belongs to the cluster.
    package var configuration: Configuration
    /// Opaque to the core: who the members are and where they listen.
    package var context: [UInt8]

    package init(index: LogIndex, configuration: Configuration, context: [UInt8] = []) {
        self.index = index
        self.configuration = configuration
        self.context = context
    }

    /// The membership of a node that waits to be added.
    package static let none = Membership(index: .zero, configuration: .none)
}

/// The last entry that a snapshot contains, and the membership at that entry.
package struct SnapshotPosition: Hashable, Sendable {
    package var position: LogPosition
    package var membership: Membership

    package init(position: LogPosition, membership: Membership) {
        self.position = position
        self.membership = membership
    }
}

/// The bytes of a membership, little-endian: version, flags, four counts, the identities in the
/// order of the counts, the length of the context, the context.
extension Membership {
    private static let version: UInt8 = 1
    private static let autoLeaveFlag: UInt8 = 1

    /// Packs everything but the index, which the entry carries.
    package func encode() -> [UInt8] {
        let configuration = self.configuration
        let lists = [
            configuration.quorum.incoming.voters, configuration.quorum.outgoing.voters,
            configuration.learners, configuration.learnersNext,
        ]
        var bytes: [UInt8] = [Self.version, configuration.autoLeave ? Self.autoLeaveFlag : 0]
        for list in lists { Self.append(UInt64(list.count), byteCount: 2, to: &bytes) }
        for node in lists.joined() { Self.append(node.rawValue, byteCount: 8, to: &bytes) }
        Self.append(UInt64(self.context.count), byteCount: 4, to: &bytes)
        return bytes + self.context
    }

    /// Unpacks what `encode` packed; `nil` for anything else.
    package init?(decoding bytes: [UInt8], index: LogIndex) {
        var rest = bytes[...]
        guard Self.take(1, from: &rest) == UInt64(Self.version),
            let flags = Self.take(1, from: &rest), flags <= UInt64(Self.autoLeaveFlag)
        else { return nil }
        var counts: [Int] = []
        for _ in 0..<4 {
            guard let count = Self.take(2, from: &rest), count <= RaftLimits.membersMax else {
                return nil
            }
            counts.append(Int(count))
        }
        var lists: [[NodeID]] = []
        for count in counts {
            guard let list = Self.takeNodes(count, from: &rest) else { return nil }
            lists.append(list)
        }
        guard let length = Self.take(4, from: &rest), length == UInt64(rest.count),
            length <= RaftLimits.membershipContextBytesMax,
            Self.isSound(lists, autoLeave: flags != 0)
        else { return nil }
        self.index = index
        self.configuration = Configuration(
            quorum: JointQuorum(
                incoming: MajorityQuorum(lists[0]),
                outgoing: MajorityQuorum(lists[1])
            ),
            learners: lists[2],
            learnersNext: lists[3],
            autoLeave: flags != 0
        )
        self.context = Array(rest)
    }

    /// Whether the lists, each ascending, are those of a configuration.
    private static func isSound(_ lists: [[NodeID]], autoLeave: Bool) -> Bool {
        let (incoming, outgoing) = (lists[0], lists[1])
        let voters = incoming + outgoing.filter { !incoming.contains($0) }
        guard voters.count + lists[2].count <= RaftLimits.membersMax,
            !incoming.isEmpty || (outgoing.isEmpty && lists[2].isEmpty),
            !autoLeave || !outgoing.isEmpty
        else { return false }
        return lists[2].allSatisfy { !voters.contains($0) }
            && lists[3].allSatisfy { outgoing.contains($0) && !incoming.contains($0) }
    }

    private static func append(_ value: UInt64, byteCount: Int, to bytes: inout [UInt8]) {
        for offset in 0..<byteCount {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * offset)))
        }
    }

    private static func take(_ byteCount: Int, from rest: inout ArraySlice<UInt8>) -> UInt64? {
        guard rest.count >= byteCount else { return nil }
        var value: UInt64 = 0
        for (offset, byte) in rest.prefix(byteCount).enumerated() {
            value |= UInt64(byte) << UInt64(8 * offset)
        }
        rest = rest.dropFirst(byteCount)
        return value
    }

    private static func takeNodes(_ count: Int, from rest: inout ArraySlice<UInt8>) -> [NodeID]? {
        var nodes: [NodeID] = []
        for _ in 0..<count {
            guard let raw = Self.take(8, from: &rest) else { return nil }
            let node = NodeID(raw)
            guard raw > 0, nodes.last.map({ $0 < node }) ?? true else { return nil }
            nodes.append(node)
        }
        return nodes
    }
}
