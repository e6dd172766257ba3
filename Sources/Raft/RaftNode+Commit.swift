/// Commitment (Raft paper §5.3, §5.4.2).
extension RaftNode {
    /// Commits what a quorum has durably, if it is of this term.
    ///
    /// Entries of earlier terms are committed only by one of the own term after them: counting
    /// copies of an old entry is not enough (Raft paper Figure 8).
    mutating func advanceCommit() {
        precondition(self.role == .leader, "\(self.role) does not commit")
        let reached = self.members.quorum.reached { node in
            // This node counts itself only for what its own disk has.
            node == self.id ? self.stable : self.progress(of: node)?.match ?? .zero
        }
        guard let reached, reached > self.commit, self.log.term(at: reached) == self.term else {
            return
        }
        precondition(reached <= self.last.index, "\(reached) is beyond \(self.last)")
        let before = self.commit
        self.commit = reached
        self.needsFlush = true
        self.committed(after: before)
    }

    /// Committed entries that were not handed out, as many as one `Ready` takes.
    mutating func takeCommitted() -> [Entry] {
        let limit = min(self.commit, self.stable)
        // A snapshot is about to replace what these would be applied to.
        guard self.handed < limit, self.installing.isEmpty else { return [] }
        let first = self.handed.next
        precondition(first >= self.log.firstCached, "\(first) was released before its application")
        let last = self.log.lastFitting(
            from: first,
            through: limit,
            bytesMax: RaftLimits.committedBytesMax
        )
        precondition(last <= limit, "hands out \(last) beyond \(limit)")
        self.handed = last
        return self.log.entries(from: first, through: last)
    }
}
