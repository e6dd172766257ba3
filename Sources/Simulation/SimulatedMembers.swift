internal import Raft
internal import RaftStorage

extension Membership {
    /// A membership as the log keeps it.
    init(stored: StoredMembership) {
        guard let membership = Membership(decoding: stored.payload, index: stored.index) else {
            preconditionFailure("the log returned a membership that nobody wrote")
        }
        self = membership
    }
}
