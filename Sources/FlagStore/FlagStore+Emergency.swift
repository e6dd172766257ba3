internal import Flags
internal import HashTreeCollections
internal import Releases

extension FlagStore {
    /// Takes a flag away from everybody, whatever state it is in, and raises an alert.
    ///
    /// Done even when the flag is off already: whoever asks wants to know that it is off
    /// everywhere.
    mutating func rollBack(
        _ key: FlagKey,
        in environment: EnvironmentID,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        // Nothing that changed meanwhile is a reason to wait.
        let row = try self.change(key, in: environment, stamp.withoutBase, reason: stamp.reason) {
            (previous) in
            var flag = previous
            flag.enabled = false
            flag.rollout = .none
            flag.status = .rolledBack
            flag.release = nil
            return (flag, .emergencyRollback)
        }
        guard let row else { return [] }
        // The whole reason is in the history.
        let because = stamp.reason.unicodeScalars.prefix(100)
        return [.flag(row)] + self.followRelease(of: row, ending: .rolledBack, alerts: false, stamp)
            + self.raise(
                .emergencyRollback,
                of: row,
                "\(stamp.actor) rolled back flag \(key) in \(environment)"
                    + (because.isEmpty ? "" : ": \(String(because))"),
                stamp
            )
    }
}
