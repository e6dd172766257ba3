package import Flags

extension Release: Documented {
    private static let names = [
        "id", "environment", "flag", "plan", "state", "step", "step_started_at", "paused_at",
        "approvals", "evaluations_before", "started_by", "started_at", "finished_at", "revision",
    ]

    /// `id`, `environment`, `flag`, `plan`, `state`, `step` (from 0), `approvals`, who and when.
    package var document: Value {
        .document([
            "id": .whole(self.id.rawValue),
            "environment": .string(self.environment.description),
            "flag": .string(self.flag.rawValue),
            "plan": self.plan.document,
            "state": .string(self.state.rawValue),
            "step": .whole(self.step),
            "step_started_at": .moment(self.stepStartedAt),
            "paused_at": .moment(self.pausedAt),
            "approvals": .documents(self.approvals),
            "evaluations_before": .wholeIfAny(self.evaluationsBefore),
            "started_by": .text(self.startedBy),
            "started_at": .moment(self.startedAt),
            "finished_at": .moment(self.finishedAt),
            "revision": .revision(self.revision),
        ])
    }

    /// Reads `document`.
    package init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "a release", Self.names)
        self.init(
            id: Revision(try reader.whole("id")),
            environment: try reader.environment("environment"),
            flag: FlagKey(try reader.text("flag")),
            plan: try reader.item("plan"),
            state: try reader.choice("state"),
            step: try reader.whole("step"),
            stepStartedAt: try reader.moment("step_started_at"),
            pausedAt: try reader.momentIfAny("paused_at"),
            approvals: try reader.items("approvals"),
            evaluationsBefore: try reader.whole("evaluations_before", default: 0),
            startedBy: try reader.text("started_by", default: ""),
            startedAt: try reader.moment("started_at"),
            finishedAt: try reader.momentIfAny("finished_at"),
            revision: try reader.revision("revision")
        )
    }
}

extension Release.Approval: Documented {
    /// `step` (from 0), `actor` and `time`.
    package var document: Value {
        .document([
            "step": .whole(self.step),
            "actor": .string(self.actor),
            "time": .moment(self.time),
        ])
    }

    /// Reads `document`.
    package init(document: Value) throws(FlagsError) {
        let reader = try DocumentReader(document, "an approval", ["step", "actor", "time"])
        self.init(
            step: try reader.whole("step"),
            actor: try reader.text("actor"),
            time: try reader.moment("time")
        )
    }
}
