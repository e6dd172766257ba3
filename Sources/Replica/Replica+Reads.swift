internal import FlagStore
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
        guard self.haltReason == nil else {
            self.fail(call, Status.unreadable)
            return
        }
        guard self.reads.add(call, now: now) else {
            self.fail(call, Status.overloaded("this node has too many reads waiting"))
            return
        }
    }

    /// Asks for a read that sees at least a revision.
    ///
    /// A client that names the last revision it has seen never goes back in time, whichever node
    /// it asks.
    package mutating func readAtLeast(_ call: CallID, revision: Revision, now: Tick) {
        guard self.haltReason == nil else {
            self.fail(call, Status.unreadable)
            return
        }
        guard self.reads.add(call, index: revision.rawValue, now: now) else {
            self.fail(call, Status.overloaded("this node has too many reads waiting"))
            return
        }
    }

    /// Asks the core for a read index, once for all reads that came since the last time.
    mutating func askForReads(_ now: Tick) {
        guard !self.reads.isEmpty else { return }
        while let id = self.reads.nextRound(now: now) { self.raft.readIndex(id, now: now) }
    }

    /// Answers the reads whose index is applied.
    ///
    /// Called once a turn, before its publication is made, so that what the reader evaluates on
    /// is at least that.
    mutating func answerReads() {
        guard !self.reads.isEmpty else { return }
        let revision = self.store.applied
        for call in self.reads.takeReadable(applied: revision.rawValue) {
            self.replies.append(Reply(call: call, result: .readable(at: revision)))
        }
    }

    mutating func expireReads(_ now: Tick) {
        guard !self.reads.isEmpty else { return }
        for call in self.reads.takeExpired(now: now) {
            self.replies.append(Reply(call: call, result: .failed(Status.unreadable)))
        }
    }
}

extension Status {
    static let unreadable = Status(
        code: .unavailable,
        message: "this node could not confirm in time how far the cluster has got: it hears no "
            + "leader, or is far behind; try another node, or read without a guarantee",
        detail: ErrorDetail(reason: "NO_LEADER")
    )
}
