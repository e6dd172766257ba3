internal import PeerProtocol
internal import Raft
internal import Wire

/// The memberships that a node goes by, with their directories unpacked.
struct ClusterView: Sendable {
    /// The newest in the log, in effect whether it is committed or not.
    private(set) var membership: Membership
    private(set) var directory: Directory
    /// The newest that can not be undone.
    private(set) var committed: Membership
    private(set) var committedDirectory: Directory
    /// What counts while the log says nothing.
    private let bootstrap: Directory

    init(_ raft: RaftNode, bootstrap: Directory) {
        self.bootstrap = bootstrap
        self.membership = raft.membership
        self.directory = Self.directory(of: raft.membership, bootstrap)
        self.committed = raft.committedMembership
        self.committedDirectory = Self.directory(of: raft.committedMembership, bootstrap)
    }

    /// Looks again; returns whether anything is different.
    mutating func follow(_ raft: RaftNode) -> Bool {
        var isNews = false
        if raft.membership != self.membership {
            self.membership = raft.membership
            self.directory = Self.directory(of: raft.membership, self.bootstrap)
            isNews = true
        }
        if raft.committedMembership != self.committed {
            self.committed = raft.committedMembership
            self.committedDirectory = Self.directory(of: raft.committedMembership, self.bootstrap)
            isNews = true
        }
        return isNews
    }

    /// Whether nobody belongs to the cluster as far as this node knows: it waits to be added.
    var isWaiting: Bool { self.membership.configuration.isEmpty }

    /// Whether the node was removed for good: no configuration that may still count has it.
    func isRetired(_ node: NodeID) -> Bool {
        self.committedDirectory.isRetired(node)
            && !self.committed.configuration.contains(node)
            && !self.membership.configuration.contains(node)
    }

    var topology: Topology {
        let configuration = self.membership.configuration
        let members =
            self.isWaiting
            ? self.directory.members
            : self.directory.members.filter { configuration.contains($0.id) }
        return Topology(
            members: members,
            configuration: configuration,
            index: self.membership.index
        )
    }

    private static func directory(of membership: Membership, _ bootstrap: Directory) -> Directory {
        guard !membership.context.isEmpty else { return bootstrap }
        // A cluster's own log can hold nothing else; a later version may have more to say.
        return (try? Directory.decode(membership.context)) ?? bootstrap
    }
}

extension Replica {
    /// Follows the log's newest configuration, and its truncation.
    mutating func followMembership() {
        guard self.cluster.follow(self.raft) else { return }
        let topology = self.cluster.topology
        guard topology != self.topology else { return }
        // A node says where it is until the directory has it, so nothing is lost; kept, it would
        // be written down once more when this node leads, after the node has moved again.
        for member in topology.members where !self.topology.members.contains(member) {
            self.acquaintances.forgetIntroduction(of: member.id)
        }
        self.topology = topology
        self.isTopologyNews = true
        self.followTopology()
    }

    /// Keeps links to the others and an outbox for each.
    mutating func followTopology() {
        let peers = self.topology.peers(of: self.configuration.local.id)
        self.links.follow(peers)
        self.outboxes.follow(peers.map(\.id))
    }
}
