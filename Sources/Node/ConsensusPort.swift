internal import ClientProtocol
internal import Flags
internal import NIOCore
internal import Raft
internal import Replica

/// What a client loop asks of the consensus loop.
enum ConsensusRequest: Sendable {
    case submit(Submission)
    case route(RoutedCall)
    case abandon(CallID)
    case nodes(CallID)
    case read(CallID)
    case administer(CallID, ClusterAction)
}

/// What a client loop is told, in this order: the new state, then the answers that rely on it.
struct ClientDelivery: Sendable {
    var publication: Publication?
    var replies: [Reply] = []
    var views: [ClusterView] = []
    /// Who leads, as told with the replies.
    var leader: NodeID?

    var isEmpty: Bool {
        self.publication == nil && self.replies.isEmpty && self.views.isEmpty
    }
}

/// How the cluster is, as one node sees it, for a call that asked.
struct ClusterView: Sendable {
    let call: CallID
    let nodes: [NodeView]
    /// What this node has written to its log.
    let log: LogWork
}

extension CallID {
    private static let loopShift: UInt64 = 56

    /// The loop that a call belongs to stands in its upper byte.
    init(loop: Int, number: UInt64) {
        precondition(loop >= 0 && loop < 256, "loop \(loop) is out of range")
        self.init(UInt64(loop) << Self.loopShift | number)
    }

    var loop: Int { Int(self.rawValue >> Self.loopShift) }
}
