internal import ClientProtocol

extension ClusterAction {
    /// Whether it would change anything, by what a node says of the cluster.
    ///
    /// The leader judges more: whether an id was ever used, and whether a learner has caught up.
    ///
    /// - Throws: when it would be refused.
    func isNew(to status: StatusResponse, doing what: String) throws(CommandFailure) -> Bool {
        func refusal(_ reason: String) -> CommandFailure {
            CommandFailure(.failed, "\(what): \(reason)", next: Texts.nextClusterNotFound)
        }
        func member(_ id: UInt64) throws(CommandFailure) -> NodeStatus {
            guard let node = status.nodes.first(where: { $0.id == id }) else {
                throw refusal(Texts.noMember(id))
            }
            return node
        }
        switch self {
        case .add(let new):
            guard let known = status.nodes.first(where: { $0.id == new.id }) else { return true }
            guard known.clientAddress == new.clientAddress, known.peerAddress == new.peerAddress
            else { throw refusal(Texts.memberElsewhere(new.id, known.peerAddress)) }
            return false
        case .promote(let id):
            return try member(id).role == .learner
        case .remove(let id):
            let isLast = try member(id).role != .learner && status.voters.count <= 1
            guard !isLast else { throw refusal(Texts.lastVoter(id)) }
            return true
        case .replace(let old, let new):
            _ = try member(old)
            guard try member(new).role == .learner else { throw refusal(Texts.noLearner(new)) }
            return true
        case .transfer(let target?):
            guard try member(target).role != .learner else { throw refusal(Texts.noVoter(target)) }
            return status.leader != target
        case .transfer(nil):
            return true
        }
    }
}

extension StatusResponse {
    fileprivate var voters: [NodeStatus] { self.nodes.filter { $0.role != .learner } }
}
