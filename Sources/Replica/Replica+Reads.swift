package import Flags
package import Raft
internal import Wire

extension Replica {
    /// Asks for a linearizable read: one that sees every write acknowledged before this call.
    ///
    /// Answered by `.readable` once this node has applied what it takes, or by `.failed` with
    /// `StatusCode.unavailable` when no leader could be confirmed in time. Evaluate on what is
    /// published with the reply.
    package mutating func read(_ call: CallID, now: Tick) {
        self.fail(call, Status.noLeader)
    }

    /// Asks for a read that sees at least a revision.
    ///
    /// A client that names the last revision it has seen never goes back in time, whichever node
    /// it asks.
    package mutating func readAtLeast(_ call: CallID, revision: Revision, now: Tick) {
        self.fail(call, Status.noLeader)
    }
}
