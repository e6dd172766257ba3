internal import Raft

/// Configurations, as they stand in the log.
enum MembershipFuzz {
    static func run(_ input: [UInt8]) {
        guard let index = input.first,
            let membership = Membership(
                decoding: Array(input.dropFirst()),
                index: LogIndex(UInt64(index))
            )
        else { return }
        let again = Membership(decoding: membership.encode(), index: membership.index)
        precondition(again == membership, "reads \(String(describing: again))")
        let members = membership.configuration.members
        precondition(members == members.sorted(), "\(members)")
        let changes: [MembershipChange] = [
            MembershipChange([.addVoter(NodeID(7))]), MembershipChange([.addLearner(NodeID(1))]),
            MembershipChange([.remove(NodeID(2)), .addVoter(NodeID(9))]),
            MembershipChange([], transition: .leave),
        ]
        for change in changes {
            guard let next = try? membership.configuration.applying(change) else { continue }
            precondition(!next.quorum.incoming.voters.isEmpty, "\(next) has no voters")
        }
    }
}
