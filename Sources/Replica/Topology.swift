package import PeerProtocol
package import Raft

/// Who belongs to the cluster, as far as this node knows: by the newest configuration in its log,
/// committed or not.
package struct Topology: Equatable, Sendable {
    /// Everybody whose address is known, ascending by id.
    ///
    /// A node that waits to be added knows itself and the peers it was given.
    package let members: [Member]
    /// Who elects and commits; during a change, both halves.
    package let voters: [NodeID]
    /// Who receives the log and does not count.
    package let learners: [NodeID]
    /// The entry that made it so; 0 = the configuration that the cluster began with.
    package let index: LogIndex

    package init(members: [Member], configuration: Configuration, index: LogIndex) {
        self.members = members
        self.voters = configuration.members.filter { configuration.isVoter($0) }
        self.learners = configuration.learners
        self.index = index
    }

    /// Whom a node keeps a link to.
    package func peers(of node: NodeID) -> [Member] { self.members.filter { $0.id != node } }
}

/// Why a node must stop: it will never be listened to again under its id.
package enum HaltReason: Hashable, Sendable, CustomStringConvertible {
    /// It was removed from the cluster.
    case removed
    /// The cluster knows the id with another disk, as the named node said.
    case otherDisk(saidBy: NodeID)

    package var description: String {
        switch self {
        case .removed:
            "this node was removed from the cluster, and its id is never used again; to let the "
                + "machine join, remove the data folder and add it under a new id"
        case .otherDisk(let peer):
            "node \(peer.rawValue) knows this node's id with another disk: the data folder was "
                + "lost or replaced, and with it what this node had promised; remove the old id "
                + "with `bandera cluster remove` and let the machine join under a new one"
        }
    }
}

/// What came of `Replica.prepareToStop`.
package enum StopOutcome: Hashable, Sendable {
    /// This node does not lead: the process may end without anybody noticing.
    case ready
    /// It still leads, for this reason; ending it costs the cluster an election.
    case impossible(String)
}
