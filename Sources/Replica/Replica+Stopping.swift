package import Raft

extension Replica {
    /// The process is about to end: hands leadership over if this node has it.
    ///
    /// Go on taking turns until `Turn.stop` answers, at most `stopMillisecondsMax` later.
    package mutating func prepareToStop(now: Tick) {}
}
