internal import FlagStore
internal import Flags
internal import Releases

/// What leaders did on their own: each date of a flag and each step of a release is recorded once
/// and in order, whoever led when.
struct DutyBook {
    private struct Edge: Hashable {
        let flag: FlagKey
        let edge: ScheduleEdge
    }

    /// The date that was recorded last, of those that the flag still has.
    private var recorded: [Edge: Timestamp] = [:]
    private var steps: [Revision: UInt32] = [:]
    private var ended: Set<Revision> = []
    /// How many dates were recorded.
    private(set) var edgeCount = 0
    /// How many steps were begun by leaders.
    private(set) var stepCount = 0

    /// Takes note of what a command did when it was applied first; returns what is wrong.
    mutating func applied(_ applied: Applied) -> String? {
        for effect in applied.effects {
            switch effect {
            case .flag(let row):
                if let mistake = self.applied(row) { return mistake }
            case .release(let release):
                let action = Self.action(on: release, in: applied.effects)
                if let mistake = self.applied(release, action) { return mistake }
            default:
                continue
            }
        }
        return nil
    }

    private mutating func applied(_ row: HistoryRow) -> String? {
        let flag = row.after
        for (edge, before, after) in [
            (ScheduleEdge.start, row.before?.start, flag.start),
            (.end, row.before?.end, flag.end),
        ] where before != after {
            self.recorded[Edge(flag: flag.key, edge: edge)] = nil
        }
        let edge: ScheduleEdge
        let date: Timestamp?
        switch row.action {
        case .scheduleStart: (edge, date) = (.start, flag.start)
        case .scheduleEnd: (edge, date) = (.end, flag.end)
        default: return nil
        }
        guard let date else { return "\(flag.key) has no date that was recorded" }
        let key = Edge(flag: flag.key, edge: edge)
        guard self.recorded[key] == nil else {
            return "the \(edge) of \(flag.key) was recorded again at \(row.revision)"
        }
        guard date <= row.time else {
            return "the \(edge) of \(flag.key) was recorded at \(row.revision), too early"
        }
        self.recorded[key] = date
        self.edgeCount += 1
        return nil
    }

    private mutating func applied(_ release: Release, _ action: HistoryAction?) -> String? {
        guard !self.ended.contains(release.id) else {
            return "release \(release.id) went on after its end"
        }
        if release.finishedAt != nil { self.ended.insert(release.id) }
        let before = self.steps.updateValue(release.step, forKey: release.id)
        guard let before else { return nil }
        guard release.step >= before else { return "release \(release.id) went back" }
        guard action == .releaseStep else { return nil }
        self.stepCount += 1
        return release.step > before
            ? nil : "step \(release.step) of release \(release.id) was begun again"
    }

    /// What the history says of a release among some effects.
    private static func action(on release: Release, in effects: [Effect]) -> HistoryAction? {
        for case .history(let row) in effects
        where row.kind == .release && row.subject == release.id.description {
            return row.action
        }
        return nil
    }
}
