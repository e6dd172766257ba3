internal import Raft
internal import Replica

/// Why a node could not start or had to stop.
package struct NodeError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of failure, for code that has to tell one from another.
    package struct Code: Hashable, Sendable {
        private enum Kind {
            case configuration
            case storage
            case ledger
            case listener
            case identity
            case removed
            case refused
        }

        private let kind: Kind

        /// The configuration file is missing, malformed or contradicts itself.
        package static let configuration = Code(kind: .configuration)
        /// The log cannot be opened, or can no longer be written.
        package static let storage = Code(kind: .storage)
        /// The record store cannot be opened, or can no longer be written.
        package static let ledger = Code(kind: .ledger)
        /// A port cannot be listened on.
        package static let listener = Code(kind: .listener)
        /// The certificate does not belong to this node.
        package static let identity = Code(kind: .identity)
        /// The node was removed from the cluster: it ended as it should.
        package static let removed = Code(kind: .removed)
        /// The cluster does not listen to this node.
        package static let refused = Code(kind: .refused)
    }

    package let code: Code
    /// What happened, to what, and what to do next.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Errors are equal when their codes are: messages are for people.
    package static func == (lhs: NodeError, rhs: NodeError) -> Bool { lhs.code == rhs.code }

    package var description: String { self.message }
}

extension NodeError {
    /// What to do with a node whose disk can not be used any more.
    static func replacing(_ node: NodeID) -> String {
        "what node \(node.rawValue) promised is lost with its disk, so it must come back under a "
            + "new id: `bandera help cluster replace` says how (`bandera cluster replace "
            + "\(node.rawValue) NEW-ID`)"
    }

    /// The replica says that this node is of no more use.
    init(halted reason: HaltReason, node: NodeID) {
        switch reason {
        case .removed:
            self.init(.removed, "\(reason)")
        case .otherDisk(let peer):
            self.init(
                .refused,
                "node \(peer.rawValue) knows node \(node.rawValue) with another disk: this data "
                    + "folder is new, and the old one was lost or replaced; "
                    + Self.replacing(node)
            )
        }
    }
}
