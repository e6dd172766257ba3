/// Snapshots and compaction (Raft paper §7).
extension RaftNode {
    /// Reports that the shell's log released everything through `base`.
    package mutating func compacted(to base: LogPosition) {
        precondition(base.index <= self.applied, "\(base) is not applied")
    }

    /// Reports that a snapshot did not reach the peer: it is asked for again later.
    package mutating func snapshotFailed(_ peer: NodeID, now: Tick) {
        self.advance(to: now)
    }

    /// Takes note of a complete and verified snapshot; returns whether `Ready.install` names it.
    package mutating func receivedSnapshot(
        _ snapshot: SnapshotPosition,
        from sender: NodeID,
        term: Term,
        now: Tick
    ) -> Bool {
        self.advance(to: now)
        return false
    }

    /// Reports that log and state machine were replaced by the snapshot, durably.
    package mutating func installed(_ snapshot: SnapshotPosition, now: Tick) {
        self.advance(to: now)
    }
}
