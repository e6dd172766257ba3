/// Linearizable reads without a log entry (dissertation §6.4).
extension RaftNode {
    /// Asks for the index that a linearizable read has to wait for; `Ready.reads` answers.
    package mutating func readIndex(_ id: ReadID, now: Tick) {
        self.advance(to: now)
        self.readResults.append(
            ReadResult(id: id, outcome: self.leader == nil ? .noLeader : .dropped)
        )
    }
}
