package import Flags
internal import HashTreeCollections
internal import Releases

extension FlagStore {
    /// What a leader should propose at `now`, earliest first, at most so many: dates of flags that
    /// have come, and steps of releases that waited for time only.
    ///
    /// Costs as much as there is due. A command that is proposed twice changes something once.
    package func due(now: Timestamp, limit: Int) -> [Command] {
        self.agenda.due(at: now, limit: limit).compactMap { item in
            guard let flag = self.flag(item.environment, item.flag)?.flag else { return nil }
            switch item.matter {
            case .start:
                return .recordSchedule(item.environment, item.flag, .start, date: item.time)
            case .end:
                return .recordSchedule(item.environment, item.flag, .end, date: item.time)
            case .release:
                let organization = item.environment.organization
                guard let id = flag.release, let release = self.release(id, of: organization) else {
                    return nil
                }
                return .advanceRelease(
                    item.environment,
                    item.flag,
                    release: id,
                    step: release.step
                )
            }
        }
    }

    /// When the first thing that only waits for time is due; `nil` when nothing does.
    package var nextDue: Timestamp? { self.agenda.first }

    /// By the leader: records that a date of a flag has come, once.
    mutating func recordSchedule(
        _ edge: ScheduleEdge,
        _ date: Timestamp,
        of key: FlagKey,
        in environment: EnvironmentID,
        _ stamp: CommandStamp
    ) throws(Refusal) -> [Effect] {
        let time = self.time
        let row = try self.change(key, in: environment, stamp, reason: stamp.reason) {
            (previous) throws(Refusal) in
            let expected = edge == .start ? previous.startToRecord : previous.endToRecord
            guard expected == date else {
                throw Refusal(
                    code: .stale,
                    message: "the \(edge.rawValue) \(date.rfc3339) of flag \(key) has been "
                        + "recorded or changed"
                )
            }
            guard date <= time else {
                throw Refusal(
                    code: .illegalTransition,
                    message: "the \(edge.rawValue) \(date.rfc3339) of flag \(key) has not come"
                )
            }
            var flag = previous
            switch edge {
            case .start: flag.recordedStart = date
            case .end: flag.recordedEnd = date
            }
            return (flag, edge == .start ? .scheduleStart : .scheduleEnd)
        }
        return row.map { [.flag($0)] } ?? []
    }
}
