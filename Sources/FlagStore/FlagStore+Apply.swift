package import Flags

extension FlagStore {
    /// Judges `command` and does it: the one way that anything changes.
    ///
    /// `stamp.revision` MUST be greater than `applied`. A refused command changes nothing but its session.
    package mutating func apply(_ command: Command, stamp: CommandStamp) -> Applied {
        precondition(
            stamp.revision > self.applied,
            "revision \(stamp.revision) applied after \(self.applied)"
        )
        self.applied = stamp.revision
        return Applied(
            outcome: .done(stamp.revision),
            isDuplicate: false,
            effect: nil,
            session: nil,
            expiredSessions: [],
            time: self.time
        )
    }
}
