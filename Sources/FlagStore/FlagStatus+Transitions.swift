internal import Flags

extension FlagStatus {
    /// The statuses that may follow this one.
    ///
    /// A flag that was rolled back begins again as a draft, deliberately; a completed one stays so.
    var successors: [FlagStatus] {
        switch self {
        case .draft: [.active, .rolledBack]
        case .active: [.paused, .completed, .rolledBack]
        case .paused: [.active, .completed, .rolledBack]
        case .completed: []
        case .rolledBack: [.draft]
        }
    }

    func checkTransition(to next: FlagStatus) throws(Refusal) {
        guard next != self, !self.successors.contains(next) else { return }
        let names = self.successors.map(\.rawValue).joined(separator: " or ")
        throw Refusal(
            code: .illegalTransition,
            message: "a flag that is \(self.rawValue) cannot become \(next.rawValue), "
                + (names.isEmpty ? "nor anything else" : "only \(names)")
        )
    }
}

extension HistoryAction {
    /// The most telling name for what happened between two states of a flag.
    init(from before: Flag, to after: Flag) {
        if before.status != after.status {
            switch after.status {
            case .rolledBack: self = .rollback
            case .completed: self = .complete
            case .paused: self = .pause
            case .active: self = before.status == .paused ? .resume : .enable
            case .draft: self = .reopen
            }
        } else if before.enabled != after.enabled {
            self = after.enabled ? .enable : .disable
        } else if before.rollout != after.rollout {
            self = .rolloutUpdate
        } else {
            self = .update
        }
    }
}
