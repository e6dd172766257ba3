package import PeerProtocol
package import Raft
internal import Wire

extension Replica {
    /// Asks for a change of the cluster, at any node.
    ///
    /// Answered by `.administered` once it is committed and, if it went through a joint
    /// configuration, that has been left; otherwise by `.failed` with the reason and what to do.
    /// Asking for what is so already succeeds, so a change with an unknown outcome may be repeated.
    package mutating func administer(_ call: CallID, _ change: AdministrationChange, now: Tick) {
        self.fail(call, Status.noLeader)
    }
}
